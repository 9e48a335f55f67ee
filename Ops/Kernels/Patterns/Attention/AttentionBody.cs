using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Ops.Modifiers;
using Ops.Simd;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Attention over blocks of query rows that share a key/value head.</summary>
/// <remarks>
/// <para>
/// Keys are cut on one grid of positions into cells. A cell's scores, their maximum, the exponentials below it, their sum and the
/// unnormalised output depend on nothing but the row and the cell, and cells are combined in ascending order; so a row's bits depend
/// neither on the rows computed beside it nor on the threads. What a row may not see adds exact zeros, or is skipped.
/// </para>
/// <para>
/// Rows are numbered by position first and by head of the group then: one panel has all heads of a position, so a decode step
/// reads keys and values once for the whole group, and causal ranges within a panel differ little.
/// </para>
/// </remarks>
internal readonly unsafe partial struct AttentionBody<V, T, S, C, L, M, K> : IParallelBody
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where S : unmanaged
    where C : unmanaged
    where L : struct, IKeyValueLayout
    where M : struct, IScoreModifier
    where K : struct, IScoreMask
{
    /// <summary>The positions of a cell. Changing it changes bits.</summary>
    public const int Cell = 256;

    private readonly AttentionProblem _problem;
    private readonly L _layout;
    private readonly M _modifier;
    private readonly K _mask;
    private readonly ElementType _valueType;
    private readonly RowBlocks _blocks;

    public AttentionBody(AttentionProblem problem, in L layout, in M modifier, in K mask, ElementType valueType, in RowBlocks blocks)
    {
        _problem = problem;
        _layout = layout;
        _modifier = modifier;
        _mask = mask;
        _valueType = valueType;
        _blocks = blocks;
    }

    private static int Width => MicroKernel.PanelVectors * V.Count;

    private int ColumnPanels => (_problem.ValueDepth + Width - 1) / Width;

    /// <summary>Whether values can be used where they lie.</summary>
    private bool ValuesArePlain =>
        _valueType == CellPacking<V, S, C>.ElementOf() && _problem.ValueDepth % Width == 0
            && _problem.ValueRounding == ElementType.Undefined;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int part)
    {
        (int batch, int head, int block) = Locate(part);
        int first = _blocks.PanelOf(block), count = _blocks.PanelOf(block + 1) - first;

        bool isShared = count > 1 || M.MayChangeProbabilities && _modifier.ChangesProbabilities;
        using Scratch scratch = Scratch.Rent(
            count * (RowPanel<C>.Aligned(sizeof(RowPanel<C>)) + RowPanel<C>.Size(_blocks.MaxRows, _problem.Depth, ColumnPanels * Width))
                + CellMemory.Size(in this, isShared));
        byte* memory = scratch.Data;
        var panels = (RowPanel<C>*)RowPanel<C>.Take(ref memory, count * sizeof(RowPanel<C>));
        for (int i = 0; i < count; i++) panels[i] = RowPanel<C>.Place(ref memory, _blocks.MaxRows, _problem.Depth, ColumnPanels * Width);
        var cells = new CellMemory(in this, memory, isShared);

        int from = int.MaxValue, to = 0;
        for (int i = 0; i < count; i++)
        {
            Begin(ref panels[i], batch, head, first + i, cells.Staging);
            if (panels[i].From == panels[i].To) continue;
            from = int.Min(from, panels[i].From);
            to = int.Max(to, panels[i].To);
        }

        if (M.MayChangeProbabilities && _modifier.ChangesProbabilities)
        {
            AttendTwice(panels, count, batch, head, to, in cells);
            return;
        }

        bool isFinished = false;
        for (int start = from / Cell * Cell; start < to; start += Cell)
        {
            if (!See(panels, count, batch, start, out int low, out int high)) continue;

            if (count == 1)
            {
                AttendAlone(ref panels[0], batch, head, start, in cells, panels[0].Output, isFused: true);
                continue;
            }

            // Outputs are written while they are near, unless scores too are asked for, whose keys would take the place of the packed ones.
            bool isLast = start + Cell >= to && _problem.Scores.IsAbsent;
            Pack(batch, head, start, low, high, in cells);
            ClearUnseen(from - low, cells.Values + (nint)(low - start) * Width);
            KeySpan next = After(part, batch, head, start, to);
            for (int i = 0; i < count; i++)
            {
                Fetch(next, i, count);
                if (isLast) PrefetchResults(ref panels[i], batch);
                Attend(ref panels[i], batch, head, start, in cells);
                if (isLast) Finish(ref panels[i], batch, head);
            }
            isFinished = isLast;
        }

        if (isFinished) return;
        for (int i = 0; i < count; i++)
        {
            Finish(ref panels[i], batch, head);
            if (!_problem.Scores.IsAbsent) WriteScores(ref panels[i], batch, head, in cells);
        }
    }

    /// <summary>What any of several panels sees of the cell at <paramref name="start"/>; whether that is anything.</summary>
    private bool See(RowPanel<C>* panels, int count, int batch, int start, out int low, out int high)
    {
        low = int.MaxValue;
        high = 0;
        for (int i = 0; i < count; i++)
        {
            See(ref panels[i], batch, start);
            if (panels[i].Low >= panels[i].High) continue;
            low = int.Min(low, panels[i].Low);
            high = int.Max(high, panels[i].High);
        }
        return low < high;
    }

    /// <summary>What a panel sees of the cell at <paramref name="start"/>.</summary>
    private void See(ref RowPanel<C> panel, int batch, int start)
    {
        panel.Low = int.Max(start, panel.From / Width * Width);
        panel.High = int.Min(start + Cell, panel.To);
        panel.Program = 0;
        if (M.IsSelective && panel.Low < panel.High) _modifier.Select<V, C>(ref panel, batch);
    }

    /// <summary>Sets a panel up.</summary>
    private void Begin(ref RowPanel<C> panel, int batch, int head, int number, C* staging)
    {
        SetRows(ref panel, batch, head, number, staging);
        Clear(ref panel);
    }

    /// <summary>The state before any cell.</summary>
    private void Clear(ref RowPanel<C> panel)
    {
        new Span<C>(panel.Output, panel.Rows * ColumnPanels * Width).Clear();
        for (int slot = 0; slot < RowPanel<C>.Slots; slot += V.Count)
        {
            V.Store(V.Constant(double.NegativeInfinity), panel.Max + slot);
            V.Store(V.Zero, panel.Sum + slot);
        }
    }

    /// <summary>What a panel's rows see, and their queries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetRows(ref RowPanel<C> panel, int batch, int head, int number, C* staging)
    {
        panel.First = _blocks.RowOf(number);
        panel.Rows = _blocks.RowOf(number + 1) - panel.First;
        panel.From = panel.AllTo = int.MaxValue;
        panel.AllFrom = 0;
        int depth = _problem.Depth, group = _problem.Group;
        KeyRanges ranges = _problem.Ranges;
        HeadRows queries = _problem.Q;
        V scale = V.Constant(_problem.Scale * _problem.KeyScales.Of(head) * _problem.Unit);
        ElementType rounding = _problem.RoundsFactors ? CellPacking<V, S, C>.ElementOf() : ElementType.Undefined;
        (int query, int member) = int.DivRem(panel.First, group);
        int from = 0, to = 0, lead = (panel.Rows + group - 1) / group;
        for (int row = 0; row < panel.Rows; row++, member++)
        {
            if (member == group)
            {
                member = 0;
                query++;
            }
            int queryHead = head * group + member;
            if (row == 0 || member == 0 || ranges.IsByHead) (from, to) = ranges.Of(batch, queryHead, query);
            panel.RowHead[row] = queryHead;
            panel.RowQuery[row] = query;
            panel.RowFrom[row] = from;
            panel.RowTo[row] = to;
            panel.Masks[row] = _mask.Row(batch, queryHead, query);
            panel.AllFrom = int.Max(panel.AllFrom, from);
            panel.AllTo = int.Min(panel.AllTo, to);
            if (from < to)
            {
                panel.From = int.Min(panel.From, from);
                panel.To = int.Max(panel.To, to);
            }

            T* source = (T*)queries.At(batch, queryHead, query);
            if (query + lead < _problem.Queries) Prefetch((byte*)queries.At(batch, queryHead, query + lead), depth * sizeof(T));
            C* scaled = staging + (nint)row * depth;
            int i = 0;
            for (; i <= depth - V.Count; i += V.Count) V.Store(Elements<V, T, C>.Load(source + i) * scale, scaled + i);
            if (i < depth) V.StorePartial(Elements<V, T, C>.LoadPartial(source + i, depth - i) * scale, scaled + i, depth - i);
            if (rounding == ElementType.Undefined) continue;
            for (i = 0; i < depth; i += V.Count)
                Elements<V, C, C>.StorePartial(Rounding.To<V, C>(Elements<V, C, C>.LoadPartial(scaled + i, depth - i), rounding),
                    scaled + i, depth - i);
        }

        if (panel.To == 0) panel.From = 0;
        if (panel.AllTo == int.MaxValue) panel.AllTo = 0;
        if (depth > 0) Panel.Pack<V, C, C>(staging, depth, 1, panel.Rows, depth, panel.Q, panel.Rows);
    }

    /// <summary>Packs the keys and values of a cell from <paramref name="low"/> on, for several panels to use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(int batch, int head, int start, int low, int high, in CellMemory cells)
    {
        PackKeys(batch, head, start, low, high, in cells);
        CellPacking<V, S, C>.Values(in _layout, _valueType, batch, head, low, high - low, _problem.ValueDepth,
            cells.Values + (nint)(low - start) * Width, (nint)Cell * Width, cells.Staging);
        RoundValues(cells.Values + (nint)(low - start) * Width, high - low);
    }

    /// <summary>Brings nearer where a panel's results will be written.</summary>
    private void PrefetchResults(ref RowPanel<C> panel, int batch)
    {
        HeadRows results = _problem.Y;
        int bytes = _problem.ValueDepth * sizeof(T);
        for (int row = 0; row < panel.Rows; row++) Prefetch((byte*)results.At(batch, panel.RowHead[row], panel.RowQuery[row]), bytes);
    }

    /// <summary>Brings a row into the second-level cache.</summary>
    private static void Prefetch(byte* row, int bytes)
    {
        if (!Sse.IsSupported) return;
        for (byte* end = row + bytes; row < end; row += 64) Sse.Prefetch1(row);
    }

    /// <summary>Packs the keys of a cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackKeys(int batch, int head, int start, int low, int high, in CellMemory cells)
    {
        for (int key = low; key < high; key += Width)
        {
            CellPacking<V, S, C>.PrefetchKeys(in _layout, batch, head, key + Width, int.Min(Width, high - key - Width), _problem.Depth);
            CellPacking<V, S, C>.Keys(in _layout, batch, head, key, int.Min(Width, high - key), _problem.Depth,
                cells.Keys + (nint)(key - start) * _problem.Depth, (S*)cells.Staging);
            RoundKeys(cells.Keys + (nint)(key - start) * _problem.Depth);
        }
    }

    /// <summary>Keys times the root of the scale, rounded, where that is how scores are made.</summary>
    private void RoundKeys(C* keys)
    {
        if (!_problem.RoundsFactors) return;
        V root = V.Constant(_problem.Scale);
        ElementType type = CellPacking<V, S, C>.ElementOf();
        for (nint i = 0, count = (nint)_problem.Depth * Width; i < count; i += V.Count)
            V.Store(Rounding.To<V, C>(V.Load(keys + i) * root, type), keys + i);
    }

    /// <summary>Values rounded to the type in which probabilities are.</summary>
    private void RoundValues(C* values, int count)
    {
        for (int column = 0; column < ColumnPanels; column++, values += Cell * Width)
            Rounding.To<V, C>(values, (nint)count * Width, _problem.ValueRounding);
    }

    /// <summary>Makes packed values of keys that no row of a panel sees zero, whatever they hold: what weighs nothing might still be
    /// NaN.</summary>
    private void ClearUnseen(int unseen, C* values)
    {
        if (unseen <= 0) return;
        for (int column = 0; column < ColumnPanels; column++, values += Cell * Width) new Span<C>(values, unseen * Width).Clear();
    }

    /// <summary>One cell for one of several panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Attend(ref RowPanel<C> panel, int batch, int head, int start, in CellMemory cells)
    {
        int low = panel.Low, high = panel.High;
        if (low >= high) return;
        Score(ref panel, start, in cells);
        Weigh(ref panel, batch, low, high, in cells, isScored: true);
        SoftmaxTile<V, C, M, K>.Combine(panel.Max, panel.Sum, cells.Max, cells.Sum, cells.Keep, cells.Take);

        C* values = cells.Values + (low - start) * Width, output = panel.Output;
        for (int column = 0; column < ColumnPanels; column++, values += Cell * Width, output += panel.Rows * Width)
            ValueTile.Run<V, C, C>(panel.Rows, high - low, cells.Scores, values, Width, values + 16 * Width, output, cells.Keep, cells.Take,
                false);
    }

    /// <summary>The score tiles of a panel, of packed keys, and the greatest of each row lane by lane.</summary>
    /// <remarks>Scores that nothing modifies are final: those of keys that a row does not see are -inf.</remarks>
    private void Score(ref RowPanel<C> panel, int start, in CellMemory cells)
    {
        int tiles = (panel.High - panel.Low + Width - 1) / Width;
        for (int row = 0; row < panel.Rows; row++) V.Store(V.Constant(double.NegativeInfinity), cells.Lanes + row * V.Count);
        C* keys = cells.Keys + (nint)(panel.Low - start) * _problem.Depth;
        if (K.IsNone)
        {
            // Tiles that some row sees a part of come first, so that no score of theirs counts before it is known who sees it.
            int first = 0, last = tiles;
            if (IsUnmodified(ref panel))
            {
                first = (int.Clamp(panel.AllFrom - panel.Low, 0, tiles * Width) + Width - 1) / Width;
                last = int.Max(first, int.Clamp(panel.AllTo - panel.Low, 0, tiles * Width) / Width);
            }
            if (first > 0) ScoreTiles(ref panel, 0, first, keys, in cells);
            if (last < tiles) ScoreTiles(ref panel, last, tiles, keys, in cells);
            if (first > 0 || last < tiles) SoftmaxTile<V, C, M, K>.Hide(ref panel, cells.Scores, first, last, tiles, cells.Lanes);
            if (first < last) ScoreTiles(ref panel, first, last, keys, in cells);
            return;
        }

        // The mask's part of a tile is fetched while the tile is made.
        C* tile = cells.Scores;
        for (int key = panel.Low; key < panel.High; key += Width, keys += (nint)Width * _problem.Depth, tile += panel.Rows * Width)
        {
            for (int row = 0; row < panel.Rows; row++) _mask.Prefetch(panel.Masks[row], key, int.Min(key + Width, panel.High));
            ScoreTile.Run<V, C>(panel.Rows, 1, _problem.Depth, panel.Q, keys, tile, cells.Lanes);
        }
    }

    /// <summary>Some of a panel's score tiles.</summary>
    private void ScoreTiles(ref RowPanel<C> panel, int first, int last, C* keys, in CellMemory cells) =>
        ScoreTile.Run<V, C>(panel.Rows, last - first, _problem.Depth, panel.Q, keys + (nint)first * Width * _problem.Depth,
            cells.Scores + (nint)first * Width * panel.Rows, cells.Lanes);

    /// <summary>The softmax of the score tiles, which may be those that <see cref="Score(ref RowPanel{C}, int, in CellMemory)"/> made.</summary>
    private void Weigh(ref RowPanel<C> panel, int batch, int low, int high, in CellMemory cells, bool isScored = false)
    {
        bool isUnmodified = IsUnmodified(ref panel), isFinal = isScored && isUnmodified;
        if (M.IsTile && !isFinal && !(isUnmodified && panel.SeesAll(Width)))
        {
            _modifier.Modify<V, C>(ref panel, batch, cells.Scores, cells.Lanes, cells.Work);
            isFinal = K.IsNone;
        }
        SoftmaxTile<V, C, M, K>.Weigh(in _modifier, in _mask, ref panel, batch, cells.Scores, low, high, cells.Lanes, isFinal, cells.Max,
            cells.Sum);
    }

    /// <summary>Whether nothing but positions changes scores of the cell at hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsUnmodified(ref RowPanel<C> panel) => K.IsNone && (M.IsTile ? _modifier.IsPlain(panel.Program) : M.IsIdentity);

    /// <summary>Divides by the sums and writes the rows; a row that sees no key becomes zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finish(ref RowPanel<C> panel, int batch, int head)
    {
        int width = _problem.ValueDepth;
        HeadRows results = _problem.Y;
        for (int row = 0; row < panel.Rows; row++)
        {
            T* y = (T*)results.At(batch, panel.RowHead[row], panel.RowQuery[row]);
            bool isBlind = IsBlind(ref panel, row);
            if (_problem.LogSums != null)
                _problem.LogSums[panel.RowQuery[row] * _problem.QueryHeads + panel.RowHead[row]] = isBlind
                    ? float.NegativeInfinity : (float)LogSum(ref panel, row);
            if (isBlind)
            {
                new Span<T>(y, width).Clear();
                continue;
            }

            V sum = V.Create(panel.Sum[row]);
            if (_problem.Sinks != null)
                sum += V.Constant(Math.Exp(_problem.Sinks[panel.RowHead[row]] - ScoreWeights<V, C, M>.ShiftOf(panel.Max[row])));
            V inverse = V.Constant(_problem.ValueScales.Of(head)) / sum;
            C* output = panel.Output + row * Width;
            int column = 0;
            if (_problem.ResultRounding == ElementType.Undefined)
            {
                for (; column <= width - Width; column += Width, output += panel.Rows * Width)
                {
                    Elements<V, T, C>.Store(V.Load(output) * inverse, y + column);
                    Elements<V, T, C>.Store(V.Load(output + V.Count) * inverse, y + column + V.Count);
                }
            }
            if (column < width) FinishRow(output, panel.Rows * Width, inverse, y + column, width - column);
        }
    }

    /// <summary>Writes a row, or its end, rounded.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void FinishRow(C* output, nint step, V inverse, T* y, int width)
    {
        ElementType rounding = _problem.ResultRounding;
        for (int column = 0; column < width; column += Width, output += step)
        {
            Elements<V, T, C>.StorePartial(Rounding.To<V, C>(V.Load(output) * inverse, rounding), y + column, width - column);
            Elements<V, T, C>.StorePartial(Rounding.To<V, C>(V.Load(output + V.Count) * inverse, rounding), y + column + V.Count,
                width - column - V.Count);
        }
    }

    /// <summary>The log of the sum of the exponentials of a row's scores.</summary>
    private static double LogSum(ref RowPanel<C> panel, int row) =>
        ScoreWeights<V, C, M>.ShiftOf(panel.Max[row]) + Math.Log(ScoreWeights<V, C, M>.ToDouble(panel.Sum[row]));

    /// <summary>Whether the weights of a row have a sum, if only NaN: the maximum leaves NaN out.</summary>
    private static bool HasWeight(ref RowPanel<C> panel, int row) => V.Any(V.NotEqual(V.Create(panel.Sum[row]), V.Zero));

    /// <summary>Whether position and mask leave a row no key. Scores of -inf alone do not make it so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsBlind(ref RowPanel<C> panel, int row) =>
        double.IsNegativeInfinity(ScoreWeights<V, C, M>.ToDouble(panel.Max[row])) && IsBlindAmongEmpty(ref panel, row);

    /// <summary>As <see cref="IsBlind"/>, of a row without a score above -inf.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsBlindAmongEmpty(ref RowPanel<C> panel, int row) =>
        _problem.Blind != BlindRows.None
        && (_problem.Blind == BlindRows.OfScores
            ? !HasWeight(ref panel, row) : !_mask.Shows(panel.Masks[row], panel.RowFrom[row], panel.RowTo[row]));
}
