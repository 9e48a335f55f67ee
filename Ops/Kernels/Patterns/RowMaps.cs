using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>x * factor.</summary>
internal readonly struct ScaleMap(double factor) : IUnaryKernel
{
    private readonly double _factor = factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => x * V.Constant(_factor);
}

/// <summary>x + addend.</summary>
internal readonly struct ShiftMap(double addend) : IUnaryKernel
{
    private readonly double _addend = addend;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => x + V.Constant(_addend);
}

/// <summary>(x - center) * factor.</summary>
internal readonly struct NormalizeMap(double center, double factor) : IUnaryKernel
{
    private readonly double _center = center;
    private readonly double _factor = factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => (x - V.Constant(_center)) * V.Constant(_factor);
}

/// <summary>x * y.</summary>
internal readonly struct ProductMap : IBinaryKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x * y;
}

/// <summary>x + y.</summary>
internal readonly struct SumMap : IBinaryKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x + y;
}

/// <summary>x * factor * y.</summary>
internal readonly struct ScaledProductMap(double factor) : IBinaryKernel
{
    private readonly double _factor = factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x * V.Constant(_factor) * y;
}

/// <summary>(x - center) * factor * y.</summary>
internal readonly struct NormalizedProductMap(double center, double factor) : IBinaryKernel
{
    private readonly double _center = center;
    private readonly double _factor = factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => (x - V.Constant(_center)) * V.Constant(_factor) * y;
}

/// <summary>(x - center) * factor * y + z.</summary>
internal readonly struct NormalizedAffineMap(double center, double factor) : ITernaryKernel
{
    private readonly double _center = center;
    private readonly double _factor = factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x, V y, V z)
        where V : struct, ISimd<V, T>
        where T : unmanaged => (x - V.Constant(_center)) * V.Constant(_factor) * y + z;
}
