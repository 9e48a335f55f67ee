using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary><see cref="Storage"/> with its types bound, and for vectors that memory fills only in part.</summary>
internal static unsafe class Elements<V, T, C>
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where C : unmanaged
{
    /// <summary>Whether memory already holds what is computed with.</summary>
    public static bool ArePlain => typeof(T) == typeof(C);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(T* source) => Storage.Load<V, T, C>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V value, T* destination) => Storage.Store<V, T, C>(value, destination);

    /// <summary>The first <paramref name="count"/> elements, the rest 0.</summary>
    public static V LoadPartial(T* source, int count)
    {
        if (count >= V.Count) return Load(source);
        if (count <= 0) return V.Zero;
        if (ArePlain) return V.LoadPartial((C*)source, count);
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
        else if (ArePlain)
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Broadcast(T* source) => ArePlain ? V.Create(*(C*)source) : V.Create(V.First(LoadPartial(source, 1)));
}
