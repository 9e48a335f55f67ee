using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>A running sum that closes a chain every so often, which bounds its rounding error.</summary>
internal struct ChainedSum<V, T>(V first)
    where V : struct, ISimd<V, T>
    where T : unmanaged
{
    private V _chain = first;
    private V _closed = V.Zero;
    private int _count = 0;

    /// <summary>The sum of everything added.</summary>
    internal readonly V Total
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _closed + _chain;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(V x)
    {
        _chain += x;
        if ((++_count & (RunReduction.Chain - 1)) != 0) return;
        _closed += _chain;
        _chain = V.Zero;
    }
}
