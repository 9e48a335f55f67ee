using Ops.Simd;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>All panels of a right operand, one after the other; threads share the packing.</summary>
internal readonly unsafe struct PackedPanels<V, T, C> : IParallelBody
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where C : unmanaged
{
    /// <summary>Fewer elements than this one thread packs alone.</summary>
    private const long MinShared = 1 << 17;

    private readonly T* _source;
    private readonly nint _laneStride;
    private readonly nint _depthStride;
    private readonly int _lanes;
    private readonly int _depth;
    private readonly C* _destination;

    private PackedPanels(T* source, nint laneStride, nint depthStride, int lanes, int depth, C* destination)
    {
        _source = source;
        _laneStride = laneStride;
        _depthStride = depthStride;
        _lanes = lanes;
        _depth = depth;
        _destination = destination;
    }

    /// <summary>The lanes of a panel.</summary>
    public static int Width => MicroKernel.PanelVectors * V.Count;

    /// <summary>Packs <paramref name="lanes"/> lanes.</summary>
    public static void Pack(T* source, nint laneStride, nint depthStride, int lanes, int depth, C* destination, bool alone = false)
    {
        var body = new PackedPanels<V, T, C>(source, laneStride, depthStride, lanes, depth, destination);
        int panels = (int)(((long)lanes + Width - 1) / Width);
        if (!alone && (long)lanes * depth >= MinShared) Workers.Run(panels, ref body);
        else for (int panel = 0; panel < panels; panel++) body.Run(panel);
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        int lane = part * Width;
        Panel.Pack<V, T, C>(
            _source + lane * _laneStride, _laneStride, _depthStride, int.Min(Width, _lanes - lane), _depth,
            _destination + (nint)lane * _depth, Width);
    }
}
