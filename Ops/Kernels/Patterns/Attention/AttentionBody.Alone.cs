using System.Runtime.CompilerServices;

namespace Ops.Kernels;

/// <content>A row panel without others to share packed cells with, as in a decode step: bound by how fast keys and values are
/// read.</content>
internal readonly unsafe partial struct AttentionBody<V, T, S, C, L, M, K>
{
    /// <summary>How many keys or values ahead of their use they are fetched: of narrow ones more, since memory takes as long to
    /// answer.</summary>
    private static int Lead => Width * int.Max(1, sizeof(C) / sizeof(S));

    /// <summary>How many keys or values of a head are read before another's: of narrow ones more, so that queries and sums are near for
    /// longer.</summary>
    private static int Turn => sizeof(S) < sizeof(C) ? 2 * Width : Width;

    /// <summary>The most runs of values that are weighed together.</summary>
    private const int MaxRuns = 8;

    /// <summary>One cell. Values are used where they lie if possible, and while some keys or values are worked on the next are
    /// fetched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AttendAlone(ref RowPanel<C> panel, int batch, int head, int start, in CellMemory cells, C* output, bool isFused)
    {
        int low = panel.Low, high = panel.High, depth = _problem.Depth;
        if (low >= high) return;
        C* tile = cells.Scores;
        _layout.Key(batch, head, low, out int evenly, out _);

        // Narrow keys are little to read, and those in short runs are no run to pack: a packed copy would take longer.
        bool areRead = (typeof(S) != typeof(C) || evenly < Width) && !_problem.RoundsFactors && RowScores.Takes<V, S, C>(panel.Rows, depth);
        KeyBlock* blocks = stackalloc KeyBlock[TurnedScores.Blocks];
        for (int key = low, taken; key < high; key += taken, tile += panel.Rows * taken)
        {
            taken = areRead ? Together(panel.Rows, high - key) : Width;
            if (areRead && key + taken <= high)
            {
                for (int i = 0; i < taken / KeyBlock.Keys; i++)
                {
                    int block = key + i * KeyBlock.Keys;
                    S* next = (S*)Upcoming(batch, head, block + Lead, low, high, out _, out nint step);
                    Place(ref blocks[i], batch, head, block, next, step, (S*)cells.Staging + i * KeyBlock.Keys * depth);
                }
                ScoreBlocks(panel.Rows, (float*)panel.Q, blocks, taken, (float*)tile, (uint*)cells.Keys);
            }
            else
            {
                CellPacking<V, S, C>.Keys(in _layout, batch, head, key, int.Min(Width, high - key), depth, cells.Keys, (S*)cells.Staging);
                RoundKeys(cells.Keys);
                Multiply(ref panel, batch, head, key + Width, low, high, cells.Keys, tile);
            }
        }

        Weigh(ref panel, batch, low, high, in cells);
        if (isFused) SoftmaxTile<V, C, M, K>.Combine(panel.Max, panel.Sum, cells.Max, cells.Sum, cells.Keep, cells.Take);
        C* keep = isFused ? cells.Keep : null;
        int first = int.Max(low, panel.From);
        if (ValuesArePlain)
        {
            ReadValues(ref panel, batch, head, low, first, high, in cells, output, keep);
            return;
        }

        CellPacking<V, S, C>.Values(in _layout, _valueType, batch, head, low, high - low, _problem.ValueDepth, cells.Values,
            (nint)Cell * Width, cells.Staging);
        RoundValues(cells.Values, high - low);
        ClearUnseen(first - low, cells.Values);
        C* values = cells.Values;
        for (int column = 0; column < ColumnPanels; column++, values += Cell * Width, output += panel.Rows * Width)
            ValueTile.Run<V, C, C>(panel.Rows, high - low, cells.Scores, values, Width, values + 16 * Width, output, keep, cells.Take,
                false);
    }

    /// <summary>How many keys to read at a time where so many are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Together(int rows, int left) =>
        TurnedScores.Takes<S>(rows) && left >= TurnedScores.Blocks * KeyBlock.Keys ? TurnedScores.Blocks * KeyBlock.Keys : Width;

    /// <summary>Queries times blocks of keys, as many as <see cref="Together"/> gives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScoreBlocks(int rows, float* queries, KeyBlock* blocks, int keys, float* tiles, uint* work)
    {
        if (keys > Width) TurnedScores.Run(rows, _problem.Depth, queries, blocks, tiles, work);
        else RowScores.Run<S>(rows, _problem.Depth, queries, in blocks[0], in blocks[1], tiles);
    }

    /// <summary>Queries times a panel of packed keys. Meanwhile the rows of the next panel are fetched, run by run, each during its share
    /// of the sums.</summary>
    private void Multiply(ref RowPanel<C> panel, int batch, int head, int next, int low, int high, C* keys, C* tile)
    {
        int depth = _problem.Depth, k = 0;
        for (int row = 0; row < Width && k < depth;)
        {
            S* rows = (S*)Upcoming(batch, head, next + row, low, high, out int run, out _);
            row = int.Min(Width, row + int.Max(run, Width / 8));
            int end = (int)((long)depth * row / Width);
            C* from = keys + (nint)k * Width;
            MicroKernel.Tile<V, C>(panel.Rows, end - k, panel.Q + (nint)k * panel.Rows, from, Width, Ahead(rows, from), tile, k > 0);
            k = end;
        }

        if (depth == 0) MicroKernel.Tile<V, C>(panel.Rows, 0, panel.Q, keys, Width, 0, tile, false);
    }

    /// <summary>What is read after the key before a position: a key, or after the last of a cell its values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void* Upcoming(int batch, int head, int position, int low, int high, out int run, out nint step) =>
        position < high
            ? _layout.Key(batch, head, position, out run, out step)
            : _layout.Value(batch, head, int.Min(low + position - high, high - 1), out run, out step);

    /// <summary>Makes a block of the keys from a position on, brought together where they do not lie evenly.</summary>
    /// <remarks>Field by field where it stays: a copy in larger pieces than were written would wait for all of them.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Place(ref KeyBlock block, int batch, int head, int key, S* next, nint nextStep, S* staging)
    {
        S* data = (S*)_layout.Key(batch, head, key, out int run, out nint step);
        if (run < KeyBlock.Keys)
        {
            CellPacking<V, S, C>.Gather(in _layout, batch, head, key, KeyBlock.Keys, _problem.Depth, staging);
            data = staging;
            step = _problem.Depth;
        }

        block.Data = (byte*)data;
        block.Step = step * sizeof(S);
        block.Next = (byte*)next;
        block.NextStep = nextStep * sizeof(S);
    }

    /// <summary>Weights times values that lie as they are needed: a few rows of them at a time, each read to its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadValues(ref RowPanel<C> panel, int batch, int head, int low, int first, int high, in CellMemory cells, C* output,
        C* keep)
    {
        // The sums of the cell pass through memory from one piece to the next: they need a place of their own until they are combined.
        C* sums = keep == null ? output : cells.CellOutput;
        ValueRun<S, C>* runs = stackalloc ValueRun<S, C>[MaxRuns];
        for (int key = first; key < high;)
        {
            int begin = key, count = 0;
            for (int end = int.Min(high, low + ((key - low) / Width + 1) * Width); key < end && count < MaxRuns; key += runs[count++].Count)
            {
                int later = key + Lead;
                Place(ref runs[count], ref panel, batch, head, key, end, cells.Scores);
                runs[count].Next = (S*)(later < high ? _layout.Value(batch, head, later, out _, out _)
                    : later < panel.To ? _layout.Key(batch, head, later, out _, out _) : runs[count].Values);
            }

            Weighted(panel.Rows, runs, count, sums, begin > first);
        }

        if (keep != null) SoftmaxTile<V, C, M, K>.Add(panel.Rows, ColumnPanels, output, sums, keep, cells.Take);
    }

    /// <summary>Makes a run of the values from a position on that lie evenly, within a tile of weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Place(ref ValueRun<S, C> values, ref RowPanel<C> panel, int batch, int head, int key, int end, C* weights)
    {
        values.Values = (S*)_layout.Value(batch, head, key, out int run, out nint step);
        int place = (key - panel.Low) % Width;
        values.Count = int.Min(int.Min(run, end - key), Width - place);
        values.Step = step;
        values.Weights = weights + (nint)(key - panel.Low - place) * panel.Rows + place;
    }

    /// <summary>Weights times some values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Weighted(int rows, ValueRun<S, C>* runs, int count, C* sums, bool resume)
    {
        bool areWide = RowValues.Takes<V, C>(rows, _problem.ValueDepth);
        int columns = areWide ? RowValues.Panels * Width : Width;
        for (int column = 0; column < _problem.ValueDepth; column += columns, sums += rows * columns)
        {
            if (areWide)
            {
                RowValues.Run<V, S, C>(rows, runs, count, column, sums, resume);
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                ref ValueRun<S, C> run = ref runs[i];
                ValueTile.Run<V, S, C>(
                    rows, run.Count, run.Weights, run.Values + column, run.Step, run.Next + (nint)column * run.Count, sums, null, null,
                    resume || i > 0);
            }
        }
    }

    /// <summary>The distance in elements, for prefetching only.</summary>
    private static nint Ahead(void* target, C* from) => (nint)((byte*)target - (byte*)from) / sizeof(C);
}
