using System.Runtime.CompilerServices;
using Ops.Threading;

namespace Ops.Kernels;

/// <content>Few row panels for many threads: the cells of a row are shared out, and combined in order when all of a wave are
/// there.</content>
internal readonly unsafe partial struct AttentionBody<V, T, S, C, L, M, K>
{
    /// <summary>How many results of cells a wave may leave in memory, per thread.</summary>
    private const int WavePerThread = 16;

    /// <summary>Whether threads would stand idle, were every panel worked on by one of them.</summary>
    public bool ShouldSplit(int parts, int threads) =>
        threads > 1 && !(M.MayChangeProbabilities && _modifier.ChangesProbabilities) && _problem.Keys > Cell && _blocks.AreSingle
            && parts < 4 * threads && parts % threads != 0;

    /// <summary>Runs all parts, each by several threads. The bits are those of <see cref="Run"/>.</summary>
    public void RunSplit(int parts, int threads)
    {
        int cells = (_problem.Keys + Cell - 1) / Cell, wave = int.Min(cells, int.Max(1, threads * WavePerThread / parts));
        long stateBytes = RowPanel<C>.Size(_blocks.MaxRows, _problem.Depth, ColumnPanels * Width);
        long resultBytes = CellResult.Size(in this);
        using PackingBuffer states = PackingBuffer.Rent((nint)(parts * stateBytes));
        using PackingBuffer results = PackingBuffer.Rent((nint)(parts * wave * resultBytes));
        for (int first = 0; first < cells; first += wave)
        {
            int count = int.Min(wave, cells - first);
            var split = new SplitCells(in this, (byte*)results.Data, resultBytes, first, count);
            Workers.Run(parts * count, ref split);
            var merge = new MergeCells(in this, (byte*)states.Data, stateBytes, (byte*)results.Data, resultBytes, count,
                isFirst: first == 0, isLast: first + count == cells);
            Workers.Run(parts, ref merge);
        }
    }

    /// <summary>What one cell gives.</summary>
    private readonly struct CellResult
    {
        /// <summary>Whether the panel sees any of the cell.</summary>
        public readonly int* IsThere;

        public readonly C* Max, Sum, Output;

        public CellResult(byte* memory)
        {
            IsThere = (int*)RowPanel<C>.Take(ref memory, sizeof(int));
            Max = (C*)RowPanel<C>.Take(ref memory, RowPanel<C>.Slots * sizeof(C));
            Sum = (C*)RowPanel<C>.Take(ref memory, RowPanel<C>.Slots * sizeof(C));
            Output = (C*)memory;
        }

        public static long Size(in AttentionBody<V, T, S, C, L, M, K> body) =>
            RowPanel<C>.Aligned(sizeof(int)) + 2 * RowPanel<C>.Aligned(RowPanel<C>.Slots * sizeof(C))
            + RowPanel<C>.Aligned((long)body._blocks.MaxRows * body.ColumnPanels * Width * sizeof(C));
    }

    /// <summary>A part is one cell of one panel.</summary>
    private readonly struct SplitCells(in AttentionBody<V, T, S, C, L, M, K> body, byte* results, long resultBytes, int firstCell,
        int cells) : IParallelBody
    {
        private readonly AttentionBody<V, T, S, C, L, M, K> _body = body;
        private readonly byte* _results = results;
        private readonly long _resultBytes = resultBytes;
        private readonly int _firstCell = firstCell;
        private readonly int _cells = cells;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int part)
        {
            var (batch, head, number) = _body.LocatePanel(part / _cells);
            int start = (_firstCell + part % _cells) * Cell, depth = _body._problem.Depth, width = _body.ColumnPanels * Width;
            using Scratch scratch = Scratch.Rent(RowPanel<C>.Size(_body._blocks.MaxRows, depth, width) + CellMemory.Size(in _body, false));
            byte* memory = scratch.Data;
            RowPanel<C> panel = RowPanel<C>.Place(ref memory, _body._blocks.MaxRows, depth, width);
            var cells = new CellMemory(in _body, memory, false);
            var result = new CellResult(_results + part * _resultBytes);
            _body.Begin(ref panel, batch, head, number, cells.Staging);
            _body.See(ref panel, batch, start);
            *result.IsThere = panel.Low < panel.High ? 1 : 0;
            if (*result.IsThere == 0) return;
            _body.AttendAlone(ref panel, batch, head, start, in cells, result.Output, isFused: false);
            new Span<C>(cells.Max, RowPanel<C>.Slots).CopyTo(new Span<C>(result.Max, RowPanel<C>.Slots));
            new Span<C>(cells.Sum, RowPanel<C>.Slots).CopyTo(new Span<C>(result.Sum, RowPanel<C>.Slots));
        }
    }

    /// <summary>A part is one panel, whose cells are combined in ascending order.</summary>
    private readonly struct MergeCells(in AttentionBody<V, T, S, C, L, M, K> body, byte* states, long stateBytes, byte* results,
        long resultBytes, int cells, bool isFirst, bool isLast) : IParallelBody
    {
        private readonly AttentionBody<V, T, S, C, L, M, K> _body = body;
        private readonly byte* _states = states;
        private readonly long _stateBytes = stateBytes;
        private readonly byte* _results = results;
        private readonly long _resultBytes = resultBytes;
        private readonly int _cells = cells;
        private readonly bool _isFirst = isFirst;
        private readonly bool _isLast = isLast;

        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int part)
        {
            var (batch, head, number) = _body.LocatePanel(part);
            using Scratch scratch = Scratch.Rent(CellMemory.Size(in _body, false));
            var cells = new CellMemory(in _body, scratch.Data, false);

            // What Begin writes but the output and its sums is the same each time.
            byte* memory = _states + part * _stateBytes;
            RowPanel<C> panel = RowPanel<C>.Place(ref memory, _body._blocks.MaxRows, _body._problem.Depth, _body.ColumnPanels * Width);
            _body.SetRows(ref panel, batch, head, number, cells.Staging);
            if (_isFirst) _body.Clear(ref panel);
            for (int cell = 0; cell < _cells; cell++)
            {
                var result = new CellResult(_results + (part * _cells + cell) * _resultBytes);
                if (*result.IsThere == 0) continue;
                SoftmaxTile<V, C, M, K>.Combine(panel.Max, panel.Sum, result.Max, result.Sum, cells.Keep, cells.Take);
                SoftmaxTile<V, C, M, K>.Add(panel.Rows, _body.ColumnPanels, panel.Output, result.Output, cells.Keep, cells.Take);
            }

            if (!_isLast) return;
            _body.Finish(ref panel, batch, head);
            if (!_body._problem.Scores.IsAbsent) _body.WriteScores(ref panel, batch, head, in cells);
        }
    }

    /// <summary>The sequence, the key/value head and the number of the panel that is alone in a block.</summary>
    private (int Batch, int Head, int Number) LocatePanel(int part)
    {
        int unit = part / _blocks.Count;
        return (unit / _problem.KeyHeads, unit % _problem.KeyHeads, part % _blocks.Count);
    }
}
