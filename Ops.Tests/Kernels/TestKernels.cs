using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Simd;

namespace Ops.Tests.Kernels;

internal readonly struct AddKernel : IBinaryKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x + y;
}

internal readonly struct ReluKernel : IUnaryKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Max(x, V.Zero);
}

internal readonly struct ExpKernel : IUnaryKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Exp(x);
}

internal readonly struct MultiplyAddKernel : ITernaryKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x, V y, V z) where V : struct, ISimd<V, T> where T : unmanaged => (x * y) + z;
}

internal readonly struct WhereKernel : ITernaryKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x, V y, V z) where V : struct, ISimd<V, T> where T : unmanaged => V.Select(x, y, z);
}

internal readonly struct LessKernel : IBinaryKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => V.Less(x, y);
}

internal readonly struct PositiveKernel : IUnaryKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Greater(x, V.Zero);
}

internal readonly struct MeanKernel : IVariadicKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V, T>(V accumulator, V x) where V : struct, ISimd<V, T> where T : unmanaged => accumulator + x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Finish<V, T>(V accumulator, V count) where V : struct, ISimd<V, T> where T : unmanaged => accumulator / count;
}

internal readonly struct SumReduction(bool mean = false) : IReduceKernel
{
    private readonly bool _mean = mean;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<V, T>() where V : struct, ISimd<V, T> where T : unmanaged => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Absorb<V, T>(V accumulator, V x) where V : struct, ISimd<V, T> where T : unmanaged => accumulator + x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Merge<V, T>(V a, V b) where V : struct, ISimd<V, T> where T : unmanaged => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Finish<V, T>(V accumulator, V count) where V : struct, ISimd<V, T> where T : unmanaged =>
        _mean ? accumulator / count : accumulator;
}

internal readonly struct MaxReduction : IReduceKernel
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

/// <summary>Softmax with a second output of one element, the logarithm of the sum.</summary>
internal readonly struct SoftmaxKernel : IRowKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Row<V, T>(in RowSpans<T> row) where V : struct, ISimd<V, T> where T : unmanaged
    {
        ReadOnlySpan<T> x = row.Input(0);
        Span<T> y = row.Output(0), log = row.Output(1);
        T max = RowMath.Max<V, T>(x);
        T sum = RowMath.ExpSum<V, T>(x, max, y);
        RowMath.Scale<V, T>(y, V.First(V.Constant(1) / V.Create(sum)), y);
        if (log.Length != 0) log[0] = V.First(V.Create(max) + V.Log(V.Create(sum)));
    }
}

/// <summary>x * scale + shift with what the row broadcasts.</summary>
internal readonly struct AffineKernel : IRowKernel
{
    public void Row<V, T>(in RowSpans<T> row) where V : struct, ISimd<V, T> where T : unmanaged
    {
        Span<T> y = row.Output(0);
        RowMath.Multiply<V, T>(row.Input(0), row.Input(1), y);
        if (!row.Input(2).IsEmpty) RowMath.Add<V, T>(y, row.Input(2), y);
    }
}
