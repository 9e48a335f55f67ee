using System.Runtime.CompilerServices;
using Ops.Threading;

namespace Ops.Kernels;

/// <content>
/// Heads that take turns at every few keys: where the heads of a page lie one behind another, memory is read in its order then, and the
/// next head's part of a page is fetched while one is worked on. A head's sums are those it has alone.
/// </content>
internal readonly unsafe partial struct AttentionBody<V, T, S, C, L, M, K>
{
    /// <summary>What the scores and outputs of heads that take turns may take: a part of a second-level cache.</summary>
    private const int MaxJoinedBytes = 256 << 10;

    /// <summary>Whether heads should take turns: each is a single panel, and nothing of theirs needs packing.</summary>
    public bool ShouldJoin =>
        _layout.JoinsHeads && _problem.KeyHeads > 1 && _blocks is { Count: 1, AreSingle: true } && ValuesArePlain && !_problem.RoundsFactors
        && _problem.Scores.IsAbsent && !(M.MayChangeProbabilities && _modifier.ChangesProbabilities);

    /// <summary>Runs all heads. The bits are those of <see cref="Run"/>.</summary>
    public void RunJoined(int threads)
    {
        long rowBytes = (Cell + _problem.Depth + 2L * ColumnPanels * Width) * sizeof(C);
        long most = long.Clamp(MaxJoinedBytes / (_problem.Queries * _problem.Group * rowBytes), 1, _problem.KeyHeads);
        int parts = (int)long.Max((_problem.KeyHeads + most - 1) / most,
            int.Min(_problem.KeyHeads, (threads + _problem.Batches - 1) / _problem.Batches));
        var joined = new JoinedHeads(in this, parts);
        Workers.Run(checked(_problem.Batches * parts), ref joined);
    }

    /// <summary>A part is a few heads of a sequence.</summary>
    private readonly struct JoinedHeads(in AttentionBody<V, T, S, C, L, M, K> body, int parts) : IParallelBody
    {
        private readonly AttentionBody<V, T, S, C, L, M, K> _body = body;
        private readonly int _parts = parts;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int part)
        {
            int batch = part / _parts, heads = _body._problem.KeyHeads, number = part % _parts;
            int first = heads * number / _parts, count = heads * (number + 1) / _parts - first;
            int depth = _body._problem.Depth, width = _body.ColumnPanels * Width;
            using Scratch scratch = Scratch.Rent(
                RowPanel<C>.Aligned(count * sizeof(RowPanel<C>)) + RowPanel<C>.Aligned(count * sizeof(CellMemory))
                + count * RowPanel<C>.Size(_body._blocks.MaxRows, depth, width) + CellMemory.Size(in _body, false, count));
            byte* memory = scratch.Data;
            var panels = (RowPanel<C>*)RowPanel<C>.Take(ref memory, count * sizeof(RowPanel<C>));
            for (int i = 0; i < count; i++) panels[i] = RowPanel<C>.Place(ref memory, _body._blocks.MaxRows, depth, width);
            var cells = (CellMemory*)RowPanel<C>.Take(ref memory, count * sizeof(CellMemory));
            var shared = new CellMemory(in _body, memory, false, count);
            for (int i = 0; i < count; i++)
            {
                cells[i] = new CellMemory(in _body, in shared, i);
                _body.Begin(ref panels[i], batch, first + i, 0, shared.Staging);
            }

            // What a row sees does not depend on its head.
            for (int start = panels[0].From / Cell * Cell; start < panels[0].To; start += Cell)
                if (_body.See(panels, count, batch, start, out int low, out int high))
                    _body.AttendJoined(panels, cells, count, batch, first, low, high);

            for (int i = 0; i < count; i++) _body.Finish(ref panels[i], batch, first + i);
        }
    }

    /// <summary>One cell of several heads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AttendJoined(RowPanel<C>* panels, CellMemory* cells, int count, int batch, int head, int low, int high)
    {
        int depth = _problem.Depth, from = int.Max(low, panels[0].From);
        bool areRead = RowScores.Takes<V, S, C>(panels[0].Rows, depth);
        KeyBlock* blocks = stackalloc KeyBlock[TurnedScores.Blocks];
        ValueRun<S, C>* runs = stackalloc ValueRun<S, C>[MaxRuns];
        for (int turn = low; turn < high; turn += Turn)
            for (int i = 0; i < count; i++)
            {
                ref RowPanel<C> panel = ref panels[i];
                for (int key = int.Max(turn, panel.Low), end = int.Min(turn + Turn, panel.High), taken; key < end; key += taken)
                {
                    C* tile = cells[i].Scores + (nint)(key - panel.Low) * panel.Rows;
                    taken = areRead ? Together(panel.Rows, end - key) : Width;
                    if (areRead && key + taken <= panel.High)
                    {
                        for (int k = 0; k < taken; k += KeyBlock.Keys)
                        {
                            S* next = NextKeys(batch, head, count, i, key + k, high, from + key + k - turn, out nint step);
                            Place(ref blocks[k / KeyBlock.Keys], batch, head + i, key + k, next, step, (S*)cells->Staging + k * depth);
                        }
                        ScoreBlocks(panel.Rows, (float*)panel.Q, blocks, taken, (float*)tile, (uint*)cells->Keys);
                    }
                    else
                    {
                        S* next = NextKeys(batch, head, count, i, key, high, from, out _);
                        CellPacking<V, S, C>.Keys(in _layout, batch, head + i, key, int.Min(Width, panel.High - key), depth, cells->Keys,
                            (S*)cells->Staging);
                        MicroKernel.Tile<V, C>(panel.Rows, depth, panel.Q, cells->Keys, Width, Ahead(next, cells->Keys), tile, false);
                    }
                }
            }

        for (int i = 0; i < count; i++)
        {
            ref RowPanel<C> panel = ref panels[i];
            if (panel.Low >= panel.High) continue;
            Weigh(ref panel, batch, panel.Low, panel.High, in cells[i]);
            SoftmaxTile<V, C, M, K>.Combine(panel.Max, panel.Sum, cells[i].Max, cells[i].Sum, cells[i].Keep, cells[i].Take);
        }

        for (int turn = from, end; turn < high; turn = end)
        {
            // Wide values come in the order of memory, page by page.
            _layout.Value(batch, head, turn, out int together, out _);
            end = int.Min(high, low + ((turn - low) / Turn + 1) * Turn);
            if (Turn == Width) end = int.Min(end, turn + together);
            for (int i = 0; i < count; i++)
            {
                ref RowPanel<C> panel = ref panels[i];
                int first = int.Max(panel.Low, panel.From);
                for (int key = int.Max(turn, panel.Low); key < int.Min(end, panel.High);)
                {
                    int begin = key, taken = 0, last = int.Min(int.Min(end, panel.High), low + ((key - low) / Width + 1) * Width);
                    for (; key < last && taken < MaxRuns; key += runs[taken++].Count)
                    {
                        Place(ref runs[taken], ref panel, batch, head + i, key, last, cells[i].Scores);
                        runs[taken].Next = NextValues(batch, head, count, i, key, end - turn, high, panel.To, runs[taken].Values);
                    }
                    Weighted(panel.Rows, runs, taken, cells[i].CellOutput, begin > first);
                }
            }
        }

        for (int i = 0; i < count; i++)
        {
            if (panels[i].Low < panels[i].High)
                SoftmaxTile<V, C, M, K>.Add(panels[i].Rows, ColumnPanels, panels[i].Output, cells[i].CellOutput, cells[i].Keep,
                    cells[i].Take);
        }
    }

    /// <summary>What is read a head after some keys: those of the next head or, after the last one, of the next turn; then
    /// values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private S* NextKeys(int batch, int head, int count, int i, int key, int high, int from, out nint step)
    {
        int next = i + 1 < count ? i + 1 : 0;
        if (next == 0) key += Turn;
        return (S*)(key < high ? _layout.Key(batch, head + next, key, out _, out step)
            : _layout.Value(batch, head + next, int.Min(from, high - 1), out _, out step));
    }

    /// <summary>What is read a head after some values: those of the next head or of the next turn; then keys of the next cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private S* NextValues(int batch, int head, int count, int i, int key, int turn, int high, int end, S* values)
    {
        int next = i + 1 < count ? i + 1 : 0;
        if (next == 0) key += turn;
        return key < high ? (S*)_layout.Value(batch, head + next, key, out _, out _)
            : key < end ? (S*)_layout.Key(batch, head + next, key, out _, out _) : values;
    }
}
