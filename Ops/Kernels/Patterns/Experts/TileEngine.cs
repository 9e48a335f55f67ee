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
    void Multiply(in RowBlock block, int panel, int count, float* tiles, byte* room);
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

    public nint RoomBytes => (nint)sizeof(float) * Width * int.Max(source.Depth(depth, false) * 2, source.Depth(depth, true) * MicroKernel.WidePanels);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(in RowBlock block, int panel, int count, float* tiles, byte* room)
    {
        int tile = MicroKernel.MaxRows<V, float>() * Width, k = 0, step = source.Depth(depth, count == MicroKernel.WidePanels);
        float** b = stackalloc float*[MicroKernel.WidePanels];
        nint* bStep = stackalloc nint[MicroKernel.WidePanels], ahead = stackalloc nint[MicroKernel.WidePanels];
        do
        {
            int length = int.Min(step, depth - k);
            for (int i = 0; i < count; i++)
                b[i] = source.Find(block.Group, panel + i, k, length, block.Panels, (float*)room + (nint)i * length * Width, out bStep[i], out ahead[i]);
            bool wide = count == MicroKernel.WidePanels && AreEven(b, bStep);
            for (int p = 0; p < block.Panels; p++)
            {
                int row = block.RowOf(p), height = block.RowOf(p + 1) - row;
                float* a = rows + (nint)row * depth + (nint)k * height, to = tiles + (nint)p * count * tile;
                if (wide) MicroKernel.Wide<V, float>(height, length, a, b[0], bStep[0], (nint)(b[1] - b[0]), to, tile, k > 0);
                else for (int i = 0; i < count; i++) MicroKernel.Tile<V, float>(height, length, a, b[i], bStep[i], ahead[i], to + i * tile, k > 0);
            }
            k += length;
        }
        while (k < depth);
    }

    /// <summary>Whether the panels lie at even distances and are read in the same steps.</summary>
    private static bool AreEven(float** b, nint* steps) =>
        b[3] - b[2] == b[1] - b[0] && b[2] - b[1] == b[1] - b[0] && steps[0] == steps[1] && steps[0] == steps[2] && steps[0] == steps[3];
}
