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

    /// <summary>How many k ahead to fetch where B is read as it lies, or was just packed.</summary>
    private const int RowsAhead = 8;

    private static int Width => PackedPanels<V, T, C>.Width;

    private static int MaxRows => MicroKernel.MaxRows<V, C>();

    /// <summary>Elements of a tile.</summary>
    private static int Tile => MaxRows * Width;

    /// <summary>Computes one product on up to <paramref name="threads"/> threads.</summary>
    public static void Run(in K epilogue, in MatrixProduct<T, C> product, int threads)
    {
        if (product.K == 1 && threads == 1 && product.Packed == null && product.BColumn == 1)
        {
            Outer(epilogue, product);
            return;
        }
        var blocking = new Blocking(product.M, product.N, product.K, MaxRows, Width, threads);
        if (product.Packed != null || blocking.RowBlocks == 1)
        {
            Compute(epilogue, product, blocking, threads);
            return;
        }
        // Several blocks of rows use each panel of B: pack it once for all of them, as many columns at a time as a cache holds.
        nint panelSize = (nint)Width * product.K;
        nint fitting = ChunkBytes / nint.Max(1, panelSize * sizeof(C));
        int chunk = (int)nint.Clamp(fitting, nint.Min(threads, blocking.ColumnPanels), blocking.ColumnPanels);
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

    /// <summary>A column times a row: every sum has one summand, and nothing is worth packing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outer(in K epilogue, in MatrixProduct<T, C> product)
    {
        K finish = epilogue;
        int columns = product.N, whole = columns - columns % V.Count;
        T* b = product.B, x = product.A, y = product.Y, addend = product.Addend;
        for (int row = 0; row < product.M; row++, x += product.ARow, y += product.YRow, addend += product.AddendRow)
        {
            V left = Elements<V, T, C>.Broadcast(x),
                third = addend == null || product.AddendColumn != 0 ? V.Zero : Elements<V, T, C>.Broadcast(addend);
            bool varies = addend != null && product.AddendColumn != 0;
            int j = 0;
            for (; j < whole; j += V.Count)
            {
                if (varies) third = Elements<V, T, C>.Load(addend + j);
                Elements<V, T, C>.Store(finish.Apply<V, C>(V.FusedMultiplyAdd(left, Elements<V, T, C>.Load(b + j), V.Zero), third), y + j);
            }
            if (j == columns) continue;
            if (varies) third = Elements<V, T, C>.LoadPartial(addend + j, columns - j);
            V last = V.FusedMultiplyAdd(left, Elements<V, T, C>.LoadPartial(b + j, columns - j), V.Zero);
            Elements<V, T, C>.StorePartial(finish.Apply<V, C>(last, third), y + j, columns - j);
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

    /// <summary>Computes the part of y that a block of rows and a block of columns meet in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(in K epilogue, in MatrixProduct<T, C> product, in Blocking blocking, int rowBlock, int columnBlock)
    {
        int firstPanel = blocking.RowPanelOf(rowBlock), rowPanels = blocking.RowPanelOf(rowBlock + 1) - firstPanel;
        int firstRow = blocking.RowOf(firstPanel), rows = blocking.RowOf(firstPanel + rowPanels) - firstRow;
        int firstColumn = blocking.ColumnPanelOf(columnBlock), endColumn = blocking.ColumnPanelOf(columnBlock + 1);
        bool wholeDepth = blocking.Depth == product.K;

        // Few rows take several panels of columns at once. Where k is cut, a chunk of columns keeps its unfinished tiles.
        int group = rows <= MicroKernel.WideRows ? MicroKernel.WidePanels : 1;
        int chunk = wholeDepth ? endColumn - firstColumn : UnfinishedPanels;
        int tileCount = wholeDepth ? group : chunk * rowPanels;
        bool aInPlace = Elements<V, T, C>.ArePlain && rowPanels == 1
            && (rows == 1 ? product.ADepth == 1 : product.ARow == 1 && product.ADepth == rows);
        bool bInPlace = Elements<V, T, C>.ArePlain && product.Packed == null && product.BColumn == 1
            && blocking.RowPanels <= MaxRowPanelsInPlace;

        nint aSize = aInPlace ? 0 : Align((nint)rows * product.K);
        nint bSize = product.Packed != null ? 0 : Align((nint)group * Width * blocking.Depth);
        using PackingBuffer buffer = PackingBuffer.Rent((aSize + bSize + tileCount * Tile) * sizeof(C));
        C* a = (C*)buffer.Data, room = a + aSize, tiles = room + bSize;
        if (aInPlace) a = (C*)(product.A + firstRow * product.ARow);
        else PackRows(product, blocking, firstPanel, rowPanels, a);

        for (int from = firstColumn; from < endColumn; from += chunk)
        {
            int to = int.Min(from + chunk, endColumn), k = 0;
            do
            {
                int length = int.Min(blocking.Depth, product.K - k);
                bool finish = k + length == product.K;
                for (int column = from; column < to;)
                {
                    int wanted = column + group <= to ? group : 1;
                    ColumnPanels b = Find(product, column, wanted, k, length, bInPlace, room);
                    for (int panel = 0; panel < rowPanels; panel++)
                    {
                        int row = blocking.RowOf(firstPanel + panel), height = blocking.RowOf(firstPanel + panel + 1) - row;
                        C* aPanel = a + (nint)(row - firstRow) * product.K + (nint)k * height;
                        C* tile = wholeDepth ? tiles : tiles + (nint)((column - from) * rowPanels + panel) * Tile;
                        if (finish) Prefetch(product, row, height, column * Width);
                        if (b.Count > 1) MicroKernel.Wide<V, C>(height, length, aPanel, b.Data, b.Step, b.PanelStep, tile, Tile, k > 0);
                        else MicroKernel.Tile<V, C>(height, length, aPanel, b.Data, b.Step, b.Ahead(panel, rowPanels, length), tile, k > 0);
                        if (!finish) continue;
                        for (int i = 0; i < b.Count; i++) Finish(epilogue, product, tile + i * Tile, row, height, (column + i) * Width);
                    }
                    column += b.Count;
                }
                k += length;
            }
            while (k < product.K);
        }
    }

    /// <summary>Packs panels of A one after the other, each over all of k.</summary>
    private static void PackRows(in MatrixProduct<T, C> product, in Blocking blocking, int firstPanel, int panels, C* destination)
    {
        for (int panel = firstPanel; panel < firstPanel + panels; panel++)
        {
            int row = blocking.RowOf(panel), height = blocking.RowOf(panel + 1) - row;
            Panel.Pack<V, T, C>(product.A + row * product.ARow, product.ARow, product.ADepth, height, product.K, destination, height);
            destination += (nint)height * product.K;
        }
    }

    /// <summary>Where panels of B can be read from a k onwards: packed, in B itself, or packed now into <paramref name="room"/>.</summary>
    private static ColumnPanels Find(in MatrixProduct<T, C> product, int column, int count, int k, int length, bool inPlace, C* room)
    {
        if (product.Packed != null)
        {
            nint size = (nint)Width * product.K;
            return new ColumnPanels(product.Packed + column * size + (nint)k * Width, Width, size, count, isStream: true);
        }
        if (inPlace)
        {
            // Only whole panels can be read where they are.
            if ((column + count) * Width > product.N) count = 1;
            if ((column + count) * Width <= product.N)
            {
                C* b = (C*)(product.B + column * Width + k * product.BDepth);
                return new ColumnPanels(b, product.BDepth, Width, count, isStream: false);
            }
        }
        for (int i = 0; i < count; i++)
        {
            int first = (column + i) * Width;
            Panel.Pack<V, T, C>(
                product.B + first * product.BColumn + k * product.BDepth, product.BColumn, product.BDepth,
                int.Min(Width, product.N - first), length, room + (nint)i * Width * length, Width);
        }
        return new ColumnPanels(room, Width, (nint)Width * length, count, isStream: false);
    }

    /// <summary>A few panels of B.</summary>
    /// <param name="data">The first panel.</param>
    /// <param name="step">From one k to the next.</param>
    /// <param name="panelStep">From one panel to the next.</param>
    /// <param name="count">How many there are: <see cref="MicroKernel.WidePanels"/> or 1.</param>
    /// <param name="isStream">Whether they were packed before, and come from memory or a distant cache.</param>
    private readonly struct ColumnPanels(C* data, nint step, nint panelStep, int count, bool isStream)
    {
        public readonly C* Data = data;
        public readonly nint Step = step;
        public readonly nint PanelStep = panelStep;
        public readonly int Count = count;

        public Lookahead Ahead(int pass, int passes, nint length) =>
            isStream ? Lookahead.Share<C>(pass, passes, length, Width, PanelStep) : new Lookahead(RowsAhead * Step, Step);
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
            if (product.Addend == null)
            {
                first = second = V.Zero;
            }
            else if (product.AddendColumn == 0)
            {
                first = second = Elements<V, T, C>.Broadcast(addend);
            }
            else if (columns == Width)
            {
                first = Elements<V, T, C>.Load(addend);
                second = Elements<V, T, C>.Load(addend + V.Count);
            }
            else
            {
                first = Elements<V, T, C>.LoadPartial(addend, columns);
                second = Elements<V, T, C>.LoadPartial(addend + V.Count, columns - V.Count);
            }
            first = epilogue.Apply<V, C>(V.Load(tile), first);
            second = epilogue.Apply<V, C>(V.Load(tile + V.Count), second);
            if (columns == Width)
            {
                Elements<V, T, C>.Store(first, y);
                Elements<V, T, C>.Store(second, y + V.Count);
            }
            else
            {
                Elements<V, T, C>.StorePartial(first, y, columns);
                Elements<V, T, C>.StorePartial(second, y + V.Count, columns - V.Count);
            }
        }
    }

    private static nint Align(nint elements) => elements + 63 & ~(nint)63;
}
