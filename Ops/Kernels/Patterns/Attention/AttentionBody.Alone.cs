using System.Runtime.CompilerServices;

namespace Ops.Kernels;

/// <content>A row panel without others to share packed cells with, as in a decode step: bound by how fast keys and values are read.</content>
internal readonly unsafe partial struct AttentionBody<V, T, C, L, M, K>
{
    /// <summary>One cell. Keys are packed a panel at a time, and while one is worked on the next is fetched; values are used where they lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AttendAlone(ref RowPanel<C> panel, int batch, int head, int start, in CellMemory cells, C* output, bool isFused)
    {
        int low = panel.Low, high = panel.High, depth = _problem.Depth;
        if (low >= high) return;
        C* tile = cells.Scores;
        for (int key = low; key < high; key += Width, tile += panel.Rows * Width)
        {
            CellPacking<V, T, C>.Keys(in _layout, batch, head, key, int.Min(Width, high - key), depth, cells.Keys, (T*)cells.Staging);
            RoundKeys(cells.Keys);
            void* next = key + Width < high ? _layout.Key(batch, head, key + Width, out _, out _) : _layout.Value(batch, head, low, out _, out _);
            MicroKernel.Tile<V, C>(panel.Rows, depth, panel.Q, cells.Keys, Width, Ahead(next, cells.Keys), tile, false);
        }

        Weigh(ref panel, batch, low, high, in cells);
        if (isFused) SoftmaxTile<V, C, M, K>.Combine(panel.Max, panel.Sum, cells.Max, cells.Sum, cells.Keep, cells.Take);
        C* keep = isFused ? cells.Keep : null;
        if (ValuesArePlain)
        {
            ReadValues(ref panel, batch, head, low, high, in cells, output, keep);
            return;
        }

        CellPacking<V, T, C>.Values(in _layout, _valueType, batch, head, low, high - low, _problem.ValueDepth, cells.Values, (nint)Cell * Width, cells.Staging);
        RoundValues(cells.Values, high - low);
        C* values = cells.Values;
        for (int column = 0; column < ColumnPanels; column++, values += Cell * Width, output += panel.Rows * Width)
            ValueTile.Run<V, C>(panel.Rows, high - low, cells.Scores, values, Width, values + 16 * Width, output, keep, cells.Take, false);
    }

    /// <summary>Weights times values that lie as they are needed: a few rows of them at a time, each read to its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadValues(ref RowPanel<C> panel, int batch, int head, int low, int high, in CellMemory cells, C* output, C* keep)
    {
        // The sums of the cell pass through memory from one piece to the next: they need a place of their own until they are combined.
        C* sums = keep == null ? output : cells.CellOutput;
        C* weights = cells.Scores;
        for (int key = low; key < high;)
        {
            // A run's pieces end where tiles of weights do.
            C* values = (C*)_layout.Value(batch, head, key, out int run, out nint step);
            int count = int.Min(int.Min(run, high - key), Width - (key - low) % Width);
            C* next = (C*)(key + count < high ? _layout.Value(batch, head, key + count, out _, out _) : NextKey(batch, head, high, panel.To, values));
            C* sum = sums;
            for (int column = 0; column < _problem.ValueDepth; column += Width, sum += panel.Rows * Width, next += count * Width)
                ValueTile.Run<V, C>(panel.Rows, count, weights + (key - low) % Width, values + column, step, next, sum, null, null, key > low);
            key += count;
            if ((key - low) % Width == 0) weights += panel.Rows * Width;
        }

        if (keep != null) SoftmaxTile<V, C, M, K>.Add(panel.Rows, ColumnPanels, output, sums, keep, cells.Take);
    }

    private void* NextKey(int batch, int head, int position, int end, void* otherwise) =>
        position < end ? _layout.Key(batch, head, position, out _, out _) : otherwise;

    /// <summary>The distance in elements, for prefetching only.</summary>
    private static nint Ahead(void* target, C* from) => (nint)((byte*)target - (byte*)from) / sizeof(C);
}
