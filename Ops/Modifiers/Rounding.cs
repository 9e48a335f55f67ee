using System.Runtime.CompilerServices;
using Ops.Simd;
using Ops.Specs.Types;

namespace Ops.Modifiers;

/// <summary>Rounds numbers to a narrower type and takes them back, as an op of that type does with its result.</summary>
internal static unsafe class Rounding
{
    /// <summary>To a type; of an undefined one the number stays.</summary>
    public static V To<V, C>(V x, ElementType type)
        where V : struct, ISimd<V, C>
        where C : unmanaged => type switch
    {
        ElementType.Float => ToFloat<V, C>(x),
        ElementType.Float16 => ToFloat16<V, C>(x),
        ElementType.BFloat16 => ToBFloat16<V, C>(x),
        _ => x,
    };

    /// <summary>Rounds numbers in memory; their count is a multiple of a vector's.</summary>
    public static void To<V, C>(C* numbers, nint count, ElementType type)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        if (type == ElementType.Undefined) return;
        for (nint i = 0; i < count; i += V.Count) V.Store(To<V, C>(V.Load(numbers + i), type), numbers + i);
    }

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
