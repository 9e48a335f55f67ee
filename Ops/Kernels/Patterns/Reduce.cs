using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Reduction over any set of axes.</summary>
/// <remarks>
/// T is the type in memory, C the type of computation, as for <see cref="Elementwise"/>. For one width results do not depend on the number
/// of threads,
/// and sums are blocked: the error grows with the logarithm of the number of elements. The results of no elements are Finish(Start, 0).
/// </remarks>
public static unsafe class Reduce
{
    /// <summary>Shorter runs are reduced side by side, a result in every lane.</summary>
    private const long ShortRun = 24;

    /// <summary>y = the reduction of x over <paramref name="axes"/>.</summary>
    /// <param name="kernel">The reduction.</param>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Sorted, from 0 to rank - 1, none twice; none at all reduces every element by itself.</param>
    /// <param name="y">One result per place of the kept axes; whether reduced axes are dropped or of extent 1 makes no difference. Does not
    /// overlap x.</param>
    /// <exception cref="ArgumentException">An axis is outside of the shape, or y has another number of elements.</exception>
    public static void Run<T, C, K>(in K kernel, in Operand x, ReadOnlySpan<long> axes, in Operand y)
        where T : unmanaged
        where C : unmanaged
        where K : struct, IReduceKernel
    {
        switch (Isa.Level)
        {
            case IsaLevel.Bits512: Run<Simd512<C>, T, C, K>(kernel, x, axes, y); break;
            case IsaLevel.Bits256: Run<Simd256<C>, T, C, K>(kernel, x, axes, y); break;
            case IsaLevel.Bits128: Run<Simd128<C>, T, C, K>(kernel, x, axes, y); break;
            default: Run<Simd1<C>, T, C, K>(kernel, x, axes, y); break;
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<V, T, C, K>(in K kernel, in Operand x, ReadOnlySpan<long> axes, in Operand y)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
        where K : struct, IReduceKernel
    {
        foreach (long axis in axes)
            if (axis < 0 || axis >= x.Dims.Length)
                throw new ArgumentException($"There is no axis {axis} in a shape of rank {x.Dims.Length}.", nameof(axes));

        long* memory = stackalloc long[ReduceShape.MemoryFor(x.Dims.Length)];
        var shape = new ReduceShape(x.Dims, axes, memory);
        if (shape.Kept != y.Length)
            throw new ArgumentException($"The reduction has {shape.Kept} results, the output {y.Length}.", nameof(y));
        if (shape.Kept == 0) return;
        if (shape.Reduced == 0) Fill<V, T, C, K>(kernel, (T*)y.Data, y.Length);
        else if (shape.InnerReduced && (shape.ReducedInner >= ShortRun || shape.KeptInner < V.Count))
            InnerReduction<V, T, C, K>.Run(kernel, shape, (T*)x.Data, (T*)y.Data);
        else OuterReduction<V, T, C, K>.Run(kernel, shape, (T*)x.Data, (T*)y.Data);
    }

    private static void Fill<V, T, C, K>(K kernel, T* y, long length)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
        where K : struct, IReduceKernel
    {
        V value = kernel.Finish<V, C>(kernel.Start<V, C>(), V.Zero);
        PartialPort.Store<V, T, C, Numbers>(value, (byte*)y, 1);
        for (long i = 1; i < length; i++) y[i] = *y;
    }
}
