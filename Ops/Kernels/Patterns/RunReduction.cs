using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Reduces consecutive elements.</summary>
internal static unsafe class RunReduction
{
    /// <summary>How many elements a lane absorbs one after the other; bounds the rounding error of a sum.</summary>
    internal const int Chain = 32;

    private const int Accumulators = 4;

    /// <summary>Enough for any length.</summary>
    private const int MaxLevels = 56;

    /// <summary>The accumulators of all lanes after <paramref name="n"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static V Lanes<V, T, C, K>(K kernel, T* x, nint n)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
        where K : struct, IReduceKernel
    {
        nint block = Chain * Accumulators * V.Count;
        return n <= block ? Block<V, T, C, K>(kernel, x, n) : Blocks<V, T, C, K>(kernel, x, n);
    }

    /// <summary>Merges the lanes, halves onto each other; every lane of the result is the accumulator of all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V MergeLanes<V, C, K>(K kernel, V lanes)
        where V : struct, ISimd<V, C>
        where C : unmanaged
        where K : struct, IReduceKernel
    {
        if (V.Count > 32) lanes = kernel.Merge<V, C>(lanes, V.Exchange(lanes, 32));
        if (V.Count > 16) lanes = kernel.Merge<V, C>(lanes, V.Exchange(lanes, 16));
        if (V.Count > 8) lanes = kernel.Merge<V, C>(lanes, V.Exchange(lanes, 8));
        if (V.Count > 4) lanes = kernel.Merge<V, C>(lanes, V.Exchange(lanes, 4));
        if (V.Count > 2) lanes = kernel.Merge<V, C>(lanes, V.Exchange(lanes, 2));
        if (V.Count > 1) lanes = kernel.Merge<V, C>(lanes, V.Exchange(lanes, 1));
        return lanes;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Blocks<V, T, C, K>(K kernel, T* x, nint n)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
        where K : struct, IReduceKernel
    {
        C* memory = stackalloc C[(MaxLevels + 1) * V.Count];
        C* place = memory + (MaxLevels * V.Count);
        var cascade = new Cascade<V, C, K>(memory, V.Count);
        nint block = Chain * Accumulators * V.Count;
        for (; n > 0; n -= block, x += block)
        {
            V.Store(Block<V, T, C, K>(kernel, x, Math.Min(n, block)), place);
            cascade.Push(kernel, place);
        }

        cascade.Finish(kernel, place);
        return V.Load(place);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Block<V, T, C, K>(K kernel, T* x, nint n)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
        where K : struct, IReduceKernel
    {
        // The elements that fill no vector come first: accumulators that live across a call stay in memory.
        nint rest = n % V.Count;
        n -= rest;
        V a3 = rest == 0 ? kernel.Start<V, C>() : Part<V, T, C, K>(kernel, x + n, rest);
        V a0 = kernel.Start<V, C>(), a1 = a0, a2 = a0;
        for (; n >= 4 * V.Count; n -= 4 * V.Count, x += 4 * V.Count)
        {
            a0 = kernel.Absorb<V, C>(a0, Storage.Load<V, T, C>(x));
            a1 = kernel.Absorb<V, C>(a1, Storage.Load<V, T, C>(x + V.Count));
            a2 = kernel.Absorb<V, C>(a2, Storage.Load<V, T, C>(x + (2 * V.Count)));
            a3 = kernel.Absorb<V, C>(a3, Storage.Load<V, T, C>(x + (3 * V.Count)));
        }

        for (; n >= V.Count; n -= V.Count, x += V.Count) a0 = kernel.Absorb<V, C>(a0, Storage.Load<V, T, C>(x));
        return kernel.Merge<V, C>(kernel.Merge<V, C>(a0, a1), kernel.Merge<V, C>(a2, a3));
    }

    /// <summary>Fewer elements than a vector has.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static V Part<V, T, C, K>(K kernel, T* x, nint n)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
        where K : struct, IReduceKernel
    {
        V start = kernel.Start<V, C>();
        V absorbed = kernel.Absorb<V, C>(start, PartialPort.Load<V, T, C, Numbers>((byte*)x, 1, n));
        return V.Select(V.Less(V.Indices, V.Constant(n)), absorbed, start);
    }
}
