using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>A sum.</summary>
internal readonly struct SumFold : IReduceKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<V, T>() where V : struct, ISimd<V, T> where T : unmanaged => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Absorb<V, T>(V accumulator, V x) where V : struct, ISimd<V, T> where T : unmanaged => accumulator + x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Merge<V, T>(V a, V b) where V : struct, ISimd<V, T> where T : unmanaged => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Finish<V, T>(V accumulator, V count) where V : struct, ISimd<V, T> where T : unmanaged => accumulator;
}

/// <summary>A sum of squares.</summary>
internal readonly struct SquareFold : IReduceKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<V, T>() where V : struct, ISimd<V, T> where T : unmanaged => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Absorb<V, T>(V accumulator, V x) where V : struct, ISimd<V, T> where T : unmanaged => V.FusedMultiplyAdd(x, x, accumulator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Merge<V, T>(V a, V b) where V : struct, ISimd<V, T> where T : unmanaged => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Finish<V, T>(V accumulator, V count) where V : struct, ISimd<V, T> where T : unmanaged => accumulator;
}

/// <summary>A sum of squared differences from a center.</summary>
internal readonly struct DifferenceFold(double center) : IReduceKernel
{
    private readonly double _center = center;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<V, T>() where V : struct, ISimd<V, T> where T : unmanaged => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Absorb<V, T>(V accumulator, V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V difference = x - V.Constant(_center);
        return V.FusedMultiplyAdd(difference, difference, accumulator);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Merge<V, T>(V a, V b) where V : struct, ISimd<V, T> where T : unmanaged => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Finish<V, T>(V accumulator, V count) where V : struct, ISimd<V, T> where T : unmanaged => accumulator;
}

/// <summary>A maximum.</summary>
internal readonly struct MaxFold : IReduceKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<V, T>() where V : struct, ISimd<V, T> where T : unmanaged => V.Constant(double.NegativeInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Absorb<V, T>(V accumulator, V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Max(accumulator, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Merge<V, T>(V a, V b) where V : struct, ISimd<V, T> where T : unmanaged => V.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Finish<V, T>(V accumulator, V count) where V : struct, ISimd<V, T> where T : unmanaged => accumulator;
}

/// <summary>A maximum that need not tell of a NaN: one instruction instead of three.</summary>
internal readonly struct MaxNumberFold : IReduceKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<V, T>() where V : struct, ISimd<V, T> where T : unmanaged => V.Constant(double.NegativeInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Absorb<V, T>(V accumulator, V x) where V : struct, ISimd<V, T> where T : unmanaged => V.MaxNative(accumulator, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Merge<V, T>(V a, V b) where V : struct, ISimd<V, T> where T : unmanaged => V.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Finish<V, T>(V accumulator, V count) where V : struct, ISimd<V, T> where T : unmanaged => accumulator;
}

/// <summary>A minimum.</summary>
internal readonly struct MinFold : IReduceKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<V, T>() where V : struct, ISimd<V, T> where T : unmanaged => V.Constant(double.PositiveInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Absorb<V, T>(V accumulator, V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Min(accumulator, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Merge<V, T>(V a, V b) where V : struct, ISimd<V, T> where T : unmanaged => V.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Finish<V, T>(V accumulator, V count) where V : struct, ISimd<V, T> where T : unmanaged => accumulator;
}
