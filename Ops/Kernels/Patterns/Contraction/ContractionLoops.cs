using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>The loops around <see cref="MicroKernel"/>: packing, blocks, threads, and the epilogue of each finished tile.</summary>
internal static unsafe class ContractionLoops<T, C, V, K>
    where T : unmanaged
    where C : unmanaged
    where V : struct, ISimd<V, C>
    where K : struct, IContractionKernel
{
    /// <summary>Up to this many panels of rows read an unpacked B in place: packing would cost more than the strided reads.</summary>
    private const int MaxRowPanelsInPlace = 4;

    /// <summary>The bytes of B that are packed before the rows pass over them.</summary>
    private const nint ChunkBytes = 8 << 20;

    /// <summary>The panels of columns whose unfinished sums are kept when k is cut.</summary>
    private const int UnfinishedPanels = 12;

    private static int Width => PackedPanels<V, T, C>.Width;

    private static int MaxRows => MicroKernel.MaxRows<V, C>();

    /// <summary>Elements of a tile's slot.</summary>
    private static int Slot => MaxRows * Width;

    /// <summary>Computes one product on up to <paramref name="threads"/> threads.</summary>
    public static void Run(in K epilogue, in MatrixProduct<T, C> product, int threads)
    {
        var blocking = new Blocking(product.M, product.N, product.K, MaxRows, Width, threads);
        if (product.Packed != null || blocking.RowBlocks == 1)
        {
            Compute(epilogue, product, blocking, threads);
            return;
        }
        // Several blocks of rows use each panel of B: pack it once for all of them, as many columns at a time as a cache holds.
        nint panelSize = (nint)Width * product.K;
        int chunk = (int)nint.Clamp(ChunkBytes / nint.Max(1, panelSize * sizeof(C)), nint.Min(threads, blocking.ColumnPanels), blocking.ColumnPanels);
        using PackingBuffer buffer = PackingBuffer.Rent(chunk * panelSize * sizeof(C));
        for (int first = 0; first < blocking.ColumnPanels; first += chunk)
        {
            int column = first * Width;
            MatrixProduct<T, C> part = product;
            part.N = int.Min(chunk * Width, product.N - column);
            part.B += column * product.BColumn;
            part.Addend += column * product.AddendColumn;
            part.Y += column;
            PackedPanels<V, T, C>.Pack(part.B, part.BColumn, part.BDepth, part.N, part.K, (C*)buffer.Data, threads == 1);
            part.Packed = (C*)buffer.Data;
            Compute(epilogue, part, new Blocking(part.M, part.N, part.K, MaxRows, Width, threads), threads);
        }
    }

    private static void Compute(in K epilogue, in MatrixProduct<T, C> product, in Blocking blocking, int threads)
    {
        var body = new Blocks(epilogue, product, blocking);
        int parts = blocking.RowBlocks * blocking.ColumnBlocks;
        if (threads > 1) Workers.Run(parts, ref body);
        else for (int part = 0; part < parts; part++) body.Run(part);
    }

    /// <summary>The blocks of rows and columns.</summary>
    private readonly struct Blocks(K epilogue, MatrixProduct<T, C> product, Blocking blocking) : IParallelBody
    {
        public void Run(int part) => Block(epilogue, product, blocking, part / blocking.ColumnBlocks, part % blocking.ColumnBlocks);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(in K epilogue, in MatrixProduct<T, C> product, in Blocking blocking, int rowBlock, int columnBlock)
    {
        int firstPanel = blocking.RowPanelOf(rowBlock), rowPanels = blocking.RowPanelOf(rowBlock + 1) - firstPanel;
        int firstRow = blocking.RowOf(firstPanel), rows = blocking.RowOf(firstPanel + rowPanels) - firstRow;
        int firstColumn = blocking.ColumnPanelOf(columnBlock), endColumn = blocking.ColumnPanelOf(columnBlock + 1);
        int depth = blocking.Depth;
        bool wholeDepth = depth == product.K;

        // Few rows take several panels of columns at once.
        int group = rows <= MicroKernel.WideRows ? MicroKernel.WidePanels : 1;
        int chunk = wholeDepth ? endColumn - firstColumn : UnfinishedPanels;
        int slots = wholeDepth ? group : chunk * rowPanels;

        bool aInPlace = Storage<V, T, C>.IsPlain && rowPanels == 1
            && (rows == 1 ? product.ADepth == 1 : product.ARow == 1 && product.ADepth == rows);
        bool bInPlace = Storage<V, T, C>.IsPlain && product.Packed == null && product.BColumn == 1
            && blocking.RowPanels <= MaxRowPanelsInPlace;

        nint aSize = aInPlace ? 0 : Align((nint)rows * product.K);
        nint bSize = product.Packed != null ? 0 : Align((nint)group * Width * depth);
        using PackingBuffer buffer = PackingBuffer.Rent((aSize + bSize + slots * Slot) * sizeof(C));
        C* aPanels = (C*)buffer.Data, bPanels = aPanels + aSize, tiles = bPanels + bSize;
        if (aInPlace)
        {
            aPanels = (C*)(product.A + firstRow * product.ARow);
        }
        else
        {
            for (int p = firstPanel; p < firstPanel + rowPanels; p++)
            {
                int start = blocking.RowOf(p), lanes = blocking.RowOf(p + 1) - start;
                Panel.Pack<V, T, C>(
                    product.A + start * product.ARow, product.ARow, product.ADepth, lanes, product.K,
                    aPanels + (nint)(start - firstRow) * product.K, lanes);
            }
        }

        for (int from = firstColumn; from < endColumn; from += chunk)
        {
            int to = int.Min(from + chunk, endColumn);
            int k = 0;
            do
            {
                int length = int.Min(depth, product.K - k);
                bool finish = k + length == product.K;
                for (int column = from; column < to;)
                {
                    // Where these panels of B are, or are put.
                    int count = column + group <= to ? group : 1;
                    bool inPlace = bInPlace && (column + count) * Width <= product.N;
                    if (bInPlace && !inPlace && count > 1)
                    {
                        count = 1;
                        inPlace = (column + 1) * Width <= product.N;
                    }
                    C* b;
                    nint bStep, panelStep, ahead;
                    if (product.Packed != null)
                    {
                        bStep = Width;
                        panelStep = (nint)Width * product.K;
                        b = product.Packed + column * panelStep + (nint)k * Width;
                        ahead = 8192 / sizeof(C);
                    }
                    else if (inPlace)
                    {
                        bStep = product.BDepth;
                        panelStep = Width;
                        b = (C*)(product.B + column * Width + k * product.BDepth);
                        ahead = 8 * bStep;
                    }
                    else
                    {
                        bStep = Width;
                        panelStep = (nint)Width * length;
                        b = bPanels;
                        ahead = 8 * bStep;
                        for (int i = 0; i < count; i++)
                        {
                            int start = (column + i) * Width;
                            Panel.Pack<V, T, C>(
                                product.B + start * product.BColumn + k * product.BDepth, product.BColumn, product.BDepth,
                                int.Min(Width, product.N - start), length, bPanels + i * panelStep, Width);
                        }
                    }

                    for (int p = firstPanel; p < firstPanel + rowPanels; p++)
                    {
                        int start = blocking.RowOf(p), lanes = blocking.RowOf(p + 1) - start;
                        C* a = aPanels + (nint)(start - firstRow) * product.K + (nint)k * lanes;
                        C* tile = wholeDepth ? tiles : tiles + (nint)((column - from) * rowPanels + p - firstPanel) * Slot;
                        if (finish) Prefetch(product, start, lanes, column * Width);
                        if (count > 1) MicroKernel.Wide<V, C>(lanes, length, a, b, bStep, panelStep, tile, Slot, k > 0);
                        else MicroKernel.Tile<V, C>(lanes, length, a, b, bStep, ahead, tile, k > 0);
                        if (!finish) continue;
                        for (int i = 0; i < count; i++) Finish(epilogue, product, tile + i * Slot, start, lanes, (column + i) * Width);
                    }
                    column += count;
                }
                k += length;
            }
            while (k < product.K);
        }
    }

    /// <summary>Fetches the part of y that the sums about to be formed will be written to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(in MatrixProduct<T, C> product, int row, int rows, int column)
    {
        if (!Sse.IsSupported) return;
        T* y = product.Y + row * product.YRow + column;
        for (int i = 0; i < rows; i++, y += product.YRow)
        {
            Sse.Prefetch0(y);
            if (Width * sizeof(T) > 64) Sse.Prefetch0((byte*)y + 64);
        }
    }

    /// <summary>The epilogue of a finished tile, and its way to y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(in K epilogue, in MatrixProduct<T, C> product, C* tile, int row, int rows, int column)
    {
        int columns = int.Min(Width, product.N - column);
        T* y = product.Y + row * product.YRow + column;
        T* addend = product.Addend == null ? null : product.Addend + row * product.AddendRow + column * product.AddendColumn;
        for (int i = 0; i < rows; i++, tile += Width, y += product.YRow, addend += product.AddendRow)
        {
            V first, second;
            if (product.Addend == null) first = second = V.Zero;
            else if (product.AddendColumn == 0) first = second = Storage<V, T, C>.Broadcast(addend);
            else if (columns == Width) (first, second) = (Storage<V, T, C>.Load(addend), Storage<V, T, C>.Load(addend + V.Count));
            else (first, second) = (Storage<V, T, C>.LoadPartial(addend, columns), Storage<V, T, C>.LoadPartial(addend + V.Count, columns - V.Count));
            first = epilogue.Apply<V, C>(V.Load(tile), first);
            second = epilogue.Apply<V, C>(V.Load(tile + V.Count), second);
            if (columns == Width)
            {
                Storage<V, T, C>.Store(first, y);
                Storage<V, T, C>.Store(second, y + V.Count);
            }
            else
            {
                Storage<V, T, C>.StorePartial(first, y, columns);
                Storage<V, T, C>.StorePartial(second, y + V.Count, columns - V.Count);
            }
        }
    }

    private static nint Align(nint elements) => elements + 63 & ~(nint)63;
}
