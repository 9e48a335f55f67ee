using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Vectors of the compute type C from and to memory that holds T.</summary>
internal static unsafe class Storage
{
    /// <summary>Reads Count elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Load<V, T, C>(void* source)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
    {
        if (typeof(T) == typeof(C)) return V.Load((C*)source);
        if (typeof(C) == typeof(double)) return Widen<V, T, C>((T*)source);
        if (typeof(T) == typeof(Half)) return V.LoadHalf((Half*)source);
        if (typeof(T) == typeof(BFloat16)) return V.LoadBFloat16((BFloat16*)source);
        if (typeof(T) == typeof(sbyte)) return V.LoadSByte((sbyte*)source);
        throw Mismatch<T, C>();
    }

    /// <summary>Writes Count elements, rounding 16-bit ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<V, T, C>(V value, void* destination)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
    {
        if (typeof(T) == typeof(C)) V.Store(value, (C*)destination);
        else if (typeof(C) == typeof(double)) Narrow<V, T, C>(value, (T*)destination);
        else if (typeof(T) == typeof(Half)) V.StoreHalf(value, (Half*)destination);
        else if (typeof(T) == typeof(BFloat16)) V.StoreBFloat16(value, (BFloat16*)destination);
        else throw Mismatch<T, C>();
    }

    // Narrow elements computed in double are rare.
    private static V Widen<V, T, C>(T* source)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
    {
        double* numbers = stackalloc double[V.Count];
        for (int i = 0; i < V.Count; i++)
        {
            if (typeof(T) == typeof(float)) numbers[i] = ((float*)source)[i];
            else if (typeof(T) == typeof(Half)) numbers[i] = (double)((Half*)source)[i];
            else if (typeof(T) == typeof(BFloat16)) numbers[i] = (float)((BFloat16*)source)[i];
            else if (typeof(T) == typeof(sbyte)) numbers[i] = ((sbyte*)source)[i];
            else throw Mismatch<T, C>();
        }

        return V.Load((C*)numbers);
    }

    private static void Narrow<V, T, C>(V value, T* destination)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
    {
        double* numbers = stackalloc double[V.Count];
        V.Store(value, (C*)numbers);
        for (int i = 0; i < V.Count; i++)
        {
            // By way of float, as a float result is rounded to the narrower type.
            if (typeof(T) == typeof(float)) ((float*)destination)[i] = (float)numbers[i];
            else if (typeof(T) == typeof(Half)) ((Half*)destination)[i] = (Half)(float)numbers[i];
            else if (typeof(T) == typeof(BFloat16)) ((BFloat16*)destination)[i] = (BFloat16)(float)numbers[i];
            else throw Mismatch<T, C>();
        }
    }

    private static NotSupportedException Mismatch<T, C>() =>
        new($"Elements of type {typeof(T).Name} are not computed in {typeof(C).Name}.");
}
