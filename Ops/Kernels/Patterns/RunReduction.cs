using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Reduces consecutive elements.</summary>
internal static unsafe class RunReduction
{
    /// <summary>How many elements a lane absorbs one after the other; bounds the rounding error of a sum.</summary>
    internal const int Chain = 32;

    private const int Accumulators = 8;

    /// <summary>Enough for any length.</summary>
    private const int MaxLevels = 56;

    /// <summary>The accumulators of all lanes after <paramref name="n"/> elements.</summary>
    /// <param name="kernel">The reduction.</param>
    /// <param name="x">The elements.</param>
    /// <param name="n">How many.</param>
    /// <param name="ahead">How far beyond each element to fetch what will be needed soon; 0 to fetch nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static V Lanes<V, T, C, K>(K kernel, T* x, nint n, nint ahead = 0)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
        where K : struct, IReduceKernel
    {
        nint block = Chain * Accumulators * V.Count;
        return n <= block ? Block<V, T, C, K>(kernel, x, n, ahead) : Blocks<V, T, C, K>(kernel, x, n, ahead);
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
    private static V Blocks<V, T, C, K>(K kernel, T* x, nint n, nint ahead)
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
            V.Store(Block<V, T, C, K>(kernel, x, Math.Min(n, block), ahead), place);
            cascade.Push(kernel, place);
        }

        cascade.Finish(kernel, place);
        return V.Load(place);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Block<V, T, C, K>(K kernel, T* x, nint n, nint ahead)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
        where K : struct, IReduceKernel
    {
        // The elements that fill no vector come first: accumulators that live across a call stay in memory.
        nint rest = n % V.Count;
        n -= rest;
        V a3 = rest == 0 ? kernel.Start<V, C>() : Part<V, T, C, K>(kernel, x + n, rest);
        V a0 = kernel.Start<V, C>(), a1 = a0, a2 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        for (; n >= 8 * V.Count; n -= 8 * V.Count, x += 8 * V.Count)
        {
            if (ahead != 0) Fetch(x + ahead, 8 * V.Count * sizeof(T));
            a0 = kernel.Absorb<V, C>(a0, Storage.Load<V, T, C>(x));
            a1 = kernel.Absorb<V, C>(a1, Storage.Load<V, T, C>(x + V.Count));
            a2 = kernel.Absorb<V, C>(a2, Storage.Load<V, T, C>(x + (2 * V.Count)));
            a3 = kernel.Absorb<V, C>(a3, Storage.Load<V, T, C>(x + (3 * V.Count)));
            a4 = kernel.Absorb<V, C>(a4, Storage.Load<V, T, C>(x + (4 * V.Count)));
            a5 = kernel.Absorb<V, C>(a5, Storage.Load<V, T, C>(x + (5 * V.Count)));
            a6 = kernel.Absorb<V, C>(a6, Storage.Load<V, T, C>(x + (6 * V.Count)));
            a7 = kernel.Absorb<V, C>(a7, Storage.Load<V, T, C>(x + (7 * V.Count)));
        }

        if (n >= 4 * V.Count)
        {
            a0 = kernel.Absorb<V, C>(a0, Storage.Load<V, T, C>(x));
            a1 = kernel.Absorb<V, C>(a1, Storage.Load<V, T, C>(x + V.Count));
            a2 = kernel.Absorb<V, C>(a2, Storage.Load<V, T, C>(x + (2 * V.Count)));
            a3 = kernel.Absorb<V, C>(a3, Storage.Load<V, T, C>(x + (3 * V.Count)));
            n -= 4 * V.Count;
            x += 4 * V.Count;
        }

        for (; n >= V.Count; n -= V.Count, x += V.Count) a0 = kernel.Absorb<V, C>(a0, Storage.Load<V, T, C>(x));
        a0 = kernel.Merge<V, C>(kernel.Merge<V, C>(a0, a1), kernel.Merge<V, C>(a2, a3));
        a4 = kernel.Merge<V, C>(kernel.Merge<V, C>(a4, a5), kernel.Merge<V, C>(a6, a7));
        return kernel.Merge<V, C>(a0, a4);
    }

    /// <summary>Fetches up to 512 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Fetch(void* first, int bytes)
    {
        if (!Sse.IsSupported) return;
        byte* p = (byte*)first;
        Sse.Prefetch0(p);
        if (bytes > 64) Sse.Prefetch0(p + 64);
        if (bytes > 128) Sse.Prefetch0(p + 128);
        if (bytes > 192) Sse.Prefetch0(p + 192);
        if (bytes > 256) Sse.Prefetch0(p + 256);
        if (bytes > 320) Sse.Prefetch0(p + 320);
        if (bytes > 384) Sse.Prefetch0(p + 384);
        if (bytes > 448) Sse.Prefetch0(p + 448);
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
