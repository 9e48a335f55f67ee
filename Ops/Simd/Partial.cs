using System.Runtime.CompilerServices;

namespace Ops.Simd;

/// <summary>Vectors that memory fills only in part.</summary>
internal static unsafe class Partial
{
    /// <summary>The first <paramref name="count"/> elements, the rest 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static V Load<V, T>(T* source, int count)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V vector = V.Zero;
        Unsafe.CopyBlockUnaligned(ref Unsafe.As<V, byte>(ref vector), ref *(byte*)source, (uint)(count * sizeof(T)));
        return vector;
    }

    /// <summary>Writes the first <paramref name="count"/> elements only.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void Store<V, T>(V vector, T* destination, int count)
        where V : struct, ISimd<V, T>
        where T : unmanaged =>
        Unsafe.CopyBlockUnaligned(ref *(byte*)destination, ref Unsafe.As<V, byte>(ref vector), (uint)(count * sizeof(T)));
}
