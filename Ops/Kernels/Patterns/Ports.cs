using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>How a loop reads an operand of memory type T as vectors of C.</summary>
internal unsafe interface IInput
{
    /// <summary>Bytes of one element in memory.</summary>
    static abstract int Size<T>() where T : unmanaged;

    /// <summary>Reads Count elements.</summary>
    static abstract V Load<V, T, C>(byte* source) where V : struct, ISimd<V, C> where T : unmanaged where C : unmanaged;
}

/// <summary>How a loop writes vectors of C to an operand of memory type T.</summary>
internal unsafe interface IOutput
{
    /// <summary>Bytes of one element in memory.</summary>
    static abstract int Size<T>() where T : unmanaged;

    /// <summary>Whether the destination must be aligned to the vector.</summary>
    static abstract bool Aligned { get; }

    /// <summary>Writes Count elements.</summary>
    static abstract void Store<V, T, C>(V value, byte* destination) where V : struct, ISimd<V, C> where T : unmanaged where C : unmanaged;
}

/// <summary>Numbers as they are.</summary>
internal readonly unsafe struct Numbers : IInput, IOutput
{
    public static bool Aligned => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Size<T>() where T : unmanaged => sizeof(T);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V, T, C>(byte* source) where V : struct, ISimd<V, C> where T : unmanaged where C : unmanaged =>
        Storage.Load<V, T, C>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, T, C>(V value, byte* destination) where V : struct, ISimd<V, C> where T : unmanaged where C : unmanaged =>
        Storage.Store<V, T, C>(value, destination);
}

/// <summary>Numbers past the caches, for outputs that are too large to be found there again.</summary>
internal readonly unsafe struct StreamedNumbers : IOutput
{
    public static bool Aligned => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Size<T>() where T : unmanaged => sizeof(T);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, T, C>(V value, byte* destination) where V : struct, ISimd<V, C> where T : unmanaged where C : unmanaged =>
        V.StoreNonTemporal(value, (C*)destination);
}

/// <summary>Bools in memory, masks in vectors.</summary>
internal readonly unsafe struct Bools : IInput, IOutput
{
    public static bool Aligned => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Size<T>() where T : unmanaged => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V, T, C>(byte* source) where V : struct, ISimd<V, C> where T : unmanaged where C : unmanaged =>
        V.LoadMask(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, T, C>(V value, byte* destination) where V : struct, ISimd<V, C> where T : unmanaged where C : unmanaged =>
        V.StoreMask(value, destination);
}

/// <summary>Vectors that memory fills only in part; one whose step is 0 repeats a full vector and is read as usual.</summary>
internal static unsafe class PartialPort
{
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static V Load<V, T, C, I>(byte* source, nint step, nint count)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
        where I : struct, IInput
    {
        if (step == 0) return I.Load<V, T, C>(source);
        byte* whole = stackalloc byte[64];
        Unsafe.InitBlockUnaligned(whole, 0, 64);
        Unsafe.CopyBlockUnaligned(whole, source, (uint)(count * I.Size<T>()));
        return I.Load<V, T, C>(whole);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    internal static void Store<V, T, C, O>(V value, byte* destination, nint count)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where C : unmanaged
        where O : struct, IOutput
    {
        byte* whole = stackalloc byte[64];
        O.Store<V, T, C>(value, whole);
        Unsafe.CopyBlockUnaligned(destination, whole, (uint)(count * O.Size<T>()));
    }
}
