using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>Rounds numbers to a narrower type and takes them back, as an op of that type does with its result.</summary>
internal static unsafe class Rounding
{
    /// <summary>To float; only doubles change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ToFloat<V, C>(V x)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        if (typeof(C) == typeof(float)) return x;
        double* numbers = stackalloc double[V.Count];
        V.Store(x, (C*)numbers);
        for (int i = 0; i < V.Count; i++) numbers[i] = (float)numbers[i];
        return V.Load((C*)numbers);
    }

    /// <summary>To float16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ToFloat16<V, C>(V x)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        if (typeof(C) == typeof(float))
        {
            Half* halves = stackalloc Half[V.Count];
            V.StoreHalf(x, halves);
            return V.LoadHalf(halves);
        }

        double* numbers = stackalloc double[V.Count];
        V.Store(x, (C*)numbers);
        for (int i = 0; i < V.Count; i++) numbers[i] = (double)(Half)(float)numbers[i];
        return V.Load((C*)numbers);
    }

    /// <summary>To bfloat16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ToBFloat16<V, C>(V x)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        if (typeof(C) == typeof(float))
        {
            BFloat16* halves = stackalloc BFloat16[V.Count];
            V.StoreBFloat16(x, halves);
            return V.LoadBFloat16(halves);
        }

        double* numbers = stackalloc double[V.Count];
        V.Store(x, (C*)numbers);
        for (int i = 0; i < V.Count; i++) numbers[i] = (float)(BFloat16)(float)numbers[i];
        return V.Load((C*)numbers);
    }
}
