using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Elements kept as <typeparamref name="T"/> and computed with as <typeparamref name="C"/>: the same type, or a 16-bit float widened to float.</summary>
internal static unsafe class Storage<V, T, C>
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where C : unmanaged
{
    /// <summary>Whether memory already holds what is computed with.</summary>
    public static bool IsPlain => typeof(T) == typeof(C);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(T* source)
    {
        if (typeof(T) == typeof(C)) return V.Load((C*)source);
        if (typeof(T) == typeof(Half)) return V.LoadHalf((Half*)source);
        if (typeof(T) == typeof(BFloat16)) return V.LoadBFloat16((BFloat16*)source);
        throw new NotSupportedException($"{typeof(T)} is not computed with as {typeof(C)}.");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V value, T* destination)
    {
        if (typeof(T) == typeof(C)) V.Store(value, (C*)destination);
        else if (typeof(T) == typeof(Half)) V.StoreHalf(value, (Half*)destination);
        else if (typeof(T) == typeof(BFloat16)) V.StoreBFloat16(value, (BFloat16*)destination);
        else throw new NotSupportedException($"{typeof(T)} is not computed with as {typeof(C)}.");
    }

    /// <summary>The first <paramref name="count"/> elements, the rest 0.</summary>
    public static V LoadPartial(T* source, int count)
    {
        if (count >= V.Count) return Load(source);
        if (count <= 0) return V.Zero;
        if (typeof(T) == typeof(C)) return V.LoadPartial((C*)source, count);
        T* buffer = stackalloc T[V.Count];
        new Span<T>(buffer, V.Count).Clear();
        for (int i = 0; i < count; i++) buffer[i] = source[i];
        return Load(buffer);
    }

    /// <summary>Writes the first <paramref name="count"/> elements and nothing beyond them.</summary>
    public static void StorePartial(V value, T* destination, int count)
    {
        if (count >= V.Count)
        {
            Store(value, destination);
        }
        else if (typeof(T) == typeof(C))
        {
            if (count > 0) V.StorePartial(value, (C*)destination, count);
        }
        else
        {
            T* buffer = stackalloc T[V.Count];
            Store(value, buffer);
            for (int i = 0; i < count; i++) destination[i] = buffer[i];
        }
    }

    /// <summary>One element in all lanes.</summary>
    public static V Broadcast(T* source) => typeof(T) == typeof(C) ? V.Create(*(C*)source) : V.Create(V.First(LoadPartial(source, 1)));
}
