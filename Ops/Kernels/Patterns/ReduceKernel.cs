using Ops.Simd;

namespace Ops.Kernels;

/// <summary>A reduction: many elements to one.</summary>
/// <remarks>Lanes, rows and blocks are accumulated apart and merged in an order that depends on the shape and the width only.</remarks>
public interface IReduceKernel
{
    /// <summary>The accumulator of no elements; neutral in <see cref="Merge"/>.</summary>
    V Start<V, T>()
        where V : struct, ISimd<V, T>
        where T : unmanaged;

    /// <summary>Takes one more element in.</summary>
    V Absorb<V, T>(V accumulator, V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged;

    /// <summary>The accumulator of two disjoint sets of elements.</summary>
    V Merge<V, T>(V a, V b)
        where V : struct, ISimd<V, T>
        where T : unmanaged;

    /// <summary>The result of <paramref name="count"/> elements.</summary>
    V Finish<V, T>(V accumulator, V count)
        where V : struct, ISimd<V, T>
        where T : unmanaged;
}
