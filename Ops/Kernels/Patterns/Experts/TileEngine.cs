using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>What computes the tiles of a product of groups.</summary>
internal unsafe interface ITileEngine
{
    /// <summary>Whether a few rows are faster on several panels at once.</summary>
    static abstract bool TakesSeveralPanels { get; }

    /// <summary>Bytes of room that one part of the work needs.</summary>
    nint RoomBytes { get; }

    /// <summary>Computes the tiles where a block of rows meets a few panels of columns.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="panel">The first panel.</param>
    /// <param name="count">How many panels.</param>
    /// <param name="tiles">Receives the tiles: for each panel of rows, one for each panel of columns.</param>
    /// <param name="room">Room.</param>
    /// <param name="sink">Where the tiles will go.</param>
    void Multiply<O>(in RowBlock block, int panel, int count, float* tiles, byte* room, in O sink)
        where O : struct, ITileSink;
}

/// <summary>An engine that takes its rows as packed floats.</summary>
internal unsafe interface IFloatEngine<TSelf> : ITileEngine
    where TSelf : struct, IFloatEngine<TSelf>
{
    /// <summary>The same engine on other rows.</summary>
    TSelf On(float* rows);
}

/// <summary>Sums of products of floats: one chain of fused multiply-adds over ascending k, whatever the blocks and the source.</summary>
internal readonly unsafe struct FloatEngine<V, S>(float* rows, int depth, S source) : IFloatEngine<FloatEngine<V, S>>
    where V : struct, ISimd<V, float>
    where S : struct, IColumnSource
{
    private static int Width => MicroKernel.PanelVectors * V.Count;

    public static bool TakesSeveralPanels => S.IsNear;

    public FloatEngine<V, S> On(float* other) => new(other, depth, source);

    public nint RoomBytes =>
        (nint)sizeof(float) * Width * int.Max(source.Depth(depth, false), source.Depth(depth, true) * MicroKernel.WidePanels);

    public void Multiply<O>(in RowBlock block, int panel, int count, float* tiles, byte* room, in O sink)
        where O : struct, ITileSink
    {
        int tile = MicroKernel.MaxRows<V, float>() * Width;
        if (count == MicroKernel.WidePanels) MultiplyFew(block, panel, tiles, (float*)room);
        else for (int i = 0; i < count; i++) MultiplyOne(block, panel + i, tiles + i * tile, count * tile, (float*)room, sink);
    }

    /// <summary>All rows pass over a part of a panel while it is near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyOne<O>(in RowBlock block, int panel, float* tiles, nint tileStep, float* room, in O sink)
        where O : struct, ITileSink
    {
        int step = source.Depth(depth, false), k = 0;
        do
        {
            int length = int.Min(step, depth - k);
            float* b = source.Find(block.Group, panel, k, length, block.Panels, room, out nint bStep);
            for (int p = 0; p < block.Panels; p++)
            {
                int row = block.RowOf(p), height = block.RowOf(p + 1) - row;
                float* a = rows + (nint)row * depth + (nint)k * height;
                if (k + length == depth) sink.Prefetch(row, height, panel);
                MicroKernel.Tile<V, float>(height, length, a, b, bStep, source.Ahead(p, block.Panels, length, bStep), tiles + p * tileStep,
                    k > 0);
            }
            k += length;
        }
        while (k < depth);
    }

    /// <summary>A few rows pass over <see cref="MicroKernel.WidePanels"/> panels at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyFew(in RowBlock block, int panel, float* tiles, float* room)
    {
        const int Count = MicroKernel.WidePanels;
        int tile = MicroKernel.MaxRows<V, float>() * Width, step = source.Depth(depth, true), k = 0;
        float** b = stackalloc float*[Count];
        nint* bStep = stackalloc nint[Count];
        do
        {
            int length = int.Min(step, depth - k);
            for (int i = 0; i < Count; i++)
                b[i] = source.Find(block.Group, panel + i, k, length, 1, room + (nint)i * length * Width, out bStep[i]);
            float* a = rows + (nint)block.Begin * depth + (nint)k * block.Rows;
            if (AreEven(b, bStep))
                MicroKernel.Wide<V, float>(block.Rows, length, a, b[0], bStep[0], (nint)(b[1] - b[0]), tiles, tile, k > 0);
            else
                for (int i = 0; i < Count; i++)
                    MicroKernel.Tile<V, float>(block.Rows, length, a, b[i], bStep[i], source.Ahead(0, 1, length, bStep[i]),
                        tiles + i * tile, k > 0);
            k += length;
        }
        while (k < depth);
    }

    /// <summary>Whether the panels lie at even distances and are read in the same steps.</summary>
    private static bool AreEven(float** b, nint* steps) =>
        b[3] - b[2] == b[1] - b[0] && b[2] - b[1] == b[1] - b[0] && steps[0] == steps[1] && steps[0] == steps[2] && steps[0] == steps[3];
}
