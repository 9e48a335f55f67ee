using System.Runtime.CompilerServices;
using Ops.Simd;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>The loops of products whose rows are sorted by the group that multiplies them.</summary>
internal static unsafe class GroupedContraction<V>
    where V : struct, ISimd<V, float>
{
    /// <summary>Fewer multiplications than this are not worth waking a thread.</summary>
    private const double MinShared = 1 << 20;

    /// <summary>The bytes of a block's packed rows: much of a second-level cache.</summary>
    private const int BlockBytes = 640 << 10;

    /// <summary>The parts a thread should find, so that a late one does not hold up the others.</summary>
    private const int PartsPerThread = 12;

    /// <summary>The columns of a panel.</summary>
    public static int Width => MicroKernel.PanelVectors * V.Count;

    /// <summary>The most rows of a panel.</summary>
    public static int MaxRows => MicroKernel.MaxRows<V, float>();

    /// <summary>About how many rows a block should have.</summary>
    public static int BlockRows(int depth) => int.Clamp(BlockBytes / sizeof(float) / int.Max(depth, 1), MaxRows, 10 * MaxRows);

    /// <summary>How many threads a product deserves.</summary>
    public static int Threads(double rows, double depth, double columns) => rows * depth * columns < MinShared ? 1 : Workers.Count;

    /// <summary>Packs the rows of all blocks: block after block, panel after panel, each over all of k.</summary>
    /// <param name="groups">The picks.</param>
    /// <param name="x">The rows.</param>
    /// <param name="perRow">How many picks each row has.</param>
    /// <param name="depth">Elements of a row.</param>
    /// <param name="packed">Receives as many elements as there are picks times <paramref name="depth"/>.</param>
    /// <param name="threads">How many threads.</param>
    public static void PackRows<T>(in RowGroups groups, T* x, int perRow, int depth, float* packed, int threads)
        where T : unmanaged
    {
        var body = new RowPacking<T>(groups, x, perRow, depth, packed);
        if (threads > 1) Workers.Run(groups.BlockCount, ref body);
        else for (int block = 0; block < groups.BlockCount; block++) body.Run(block);
    }

    /// <summary><see cref="PackRows"/> and then <see cref="Run{E, S}"/>; a thread alone packs each block just before it is used, while it
    /// is near.</summary>
    public static void PackAndRun<T, E, S>(
        in RowGroups groups, T* x, int perRow, int depth, float* packed, int panels, int unit, in E engine, in S sink, int threads)
        where T : unmanaged
        where E : struct, ITileEngine
        where S : struct, ITileSink
    {
        if (threads > 1)
        {
            PackRows(groups, x, perRow, depth, packed, threads);
            Run(groups, panels, unit, engine, sink, threads);
            return;
        }
        var rows = new RowPacking<T>(groups, x, perRow, depth, packed);
        using PackingBuffer buffer = PackingBuffer.Rent(MemoryBytes(engine));
        for (int block = 0; block < groups.BlockCount; block++)
        {
            rows.Run(block);
            Block(groups.Blocks[block], 0, panels, unit, engine, sink, (byte*)buffer.Data);
        }
    }

    /// <summary>Computes all tiles, in any order.</summary>
    /// <param name="groups">The rows.</param>
    /// <param name="panels">The panels of columns.</param>
    /// <param name="unit">How many panels stay together.</param>
    /// <param name="engine">What computes a tile.</param>
    /// <param name="sink">What becomes of it.</param>
    /// <param name="threads">How many threads.</param>
    public static void Run<E, S>(in RowGroups groups, int panels, int unit, in E engine, in S sink, int threads)
        where E : struct, ITileEngine
        where S : struct, ITileSink
    {
        // Chunks of as many panels as a few rows take at once, or of several of those.
        int chunks = threads == 1 || groups.BlockCount == 0 ? 1
            : int.Clamp((PartsPerThread * threads + groups.BlockCount - 1) / groups.BlockCount, 1,
                int.Max(1, panels / MicroKernel.WidePanels));
        var body = new AnyOrder<E, S>(groups, panels, chunks, unit, engine, sink);
        int parts = groups.BlockCount * chunks;
        if (threads > 1) Workers.Run(parts, ref body);
        else for (int part = 0; part < parts; part++) body.Run(part);
    }

    /// <summary>Computes the tiles of some panels of columns, the groups in ascending order.</summary>
    public static void Ascending<E, S>(in RowGroups groups, int from, int to, in E engine, in S sink)
        where E : struct, ITileEngine
        where S : struct, ITileSink
    {
        using PackingBuffer buffer = PackingBuffer.Rent(MemoryBytes(engine));
        for (int block = 0; block < groups.BlockCount; block++)
            Block(groups.Blocks[block], from, to, 1, engine, sink, (byte*)buffer.Data);
    }

    private static int Tile => MaxRows * Width;

    /// <summary>The tiles of a block with as many panels as are worked on at once.</summary>
    private static nint TileBytes => (nint)sizeof(float) * Tile * (2 * 11);

    private static nint MemoryBytes<E>(in E engine)
        where E : struct, ITileEngine => TileBytes + engine.RoomBytes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<E, S>(in RowBlock block, int from, int to, int unit, in E engine, in S sink, byte* memory)
        where E : struct, ITileEngine
        where S : struct, ITileSink
    {
        float* tiles = (float*)memory;
        byte* room = memory + TileBytes;
        int most = block.Rows <= MicroKernel.WideRows && E.TakesSeveralPanels ? MicroKernel.WidePanels : unit;
        for (int panel = from; panel < to;)
        {
            int count = panel + most <= to ? most : unit;
            engine.Multiply(block, panel, count, tiles, room, sink);
            for (int p = 0; p < block.Panels; p++)
            {
                int row = block.RowOf(p);
                sink.Finish(block.Group, row, block.RowOf(p + 1) - row, panel, count, tiles + (nint)p * count * Tile, Tile);
            }
            panel += count;
        }
    }

    private readonly struct AnyOrder<E, S>(RowGroups groups, int panels, int chunks, int unit, E engine, S sink) : IParallelBody
        where E : struct, ITileEngine
        where S : struct, ITileSink
    {
        public void Run(int part)
        {
            using PackingBuffer buffer = PackingBuffer.Rent(MemoryBytes(engine));
            int block = part / chunks, chunk = part % chunks;
            Block(groups.Blocks[block], Begin(chunk), Begin(chunk + 1), unit, engine, sink, (byte*)buffer.Data);
        }

        private int Begin(int chunk) =>
            chunk == chunks ? panels : (int)((long)panels * chunk / chunks) / MicroKernel.WidePanels * MicroKernel.WidePanels;
    }

    private readonly struct RowPacking<T>(RowGroups groups, T* x, int perRow, int depth, float* packed) : IParallelBody
        where T : unmanaged
    {
        public void Run(int part)
        {
            RowBlock block = groups.Blocks[part];
            using PackingBuffer buffer = PackingBuffer.Rent((nint)MaxRows * depth * sizeof(T));
            T* gathered = (T*)buffer.Data;
            for (int p = 0; p < block.Panels; p++)
            {
                int row = block.RowOf(p), height = block.RowOf(p + 1) - row;
                for (int i = 0; i < height; i++)
                    Unsafe.CopyBlockUnaligned(gathered + (nint)i * depth, x + (nint)(groups.Picks[row + i] / perRow) * depth,
                        (uint)(depth * sizeof(T)));
                Panel.Pack<V, T, float>(gathered, depth, 1, height, depth, packed + (nint)row * depth, height);
            }
        }
    }
}
