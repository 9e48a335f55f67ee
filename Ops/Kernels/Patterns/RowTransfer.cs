using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;
using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Moves rows between an operand's memory and the type C that a row kernel computes in.</summary>
internal static unsafe class RowTransfer<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    /// <summary>How many steps ahead a strided row is fetched; beyond its end that does no harm.</summary>
    private const int Ahead = 24;

    /// <summary>The element type that is C.</summary>
    internal static ElementType Native => typeof(C) == typeof(float) ? ElementType.Float
        : typeof(C) == typeof(double) ? ElementType.Double
        : throw new NotSupportedException($"Rows are computed in float or double, not in {typeof(C).Name}.");

    /// <summary>
    /// Reads <paramref name="rows"/> rows of <paramref name="length"/> elements into rows that lie <paramref name="pitch"/> apart.
    /// </summary>
    /// <param name="type">The type in memory.</param>
    /// <param name="data">The operand.</param>
    /// <param name="starts">Where each row starts, in elements.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="along">The elements of a row.</param>
    /// <param name="length">How many elements.</param>
    /// <param name="into">The first row's destination.</param>
    /// <param name="pitch">Elements from one destination to the next.</param>
    internal static void Read(ElementType type, void* data, long* starts, int rows, in RowAxes along, int length, C* into, nint pitch)
    {
        switch (type)
        {
            case ElementType.Float: Read((float*)data, starts, rows, along, length, into, pitch); break;
            case ElementType.Double: Read((double*)data, starts, rows, along, length, into, pitch); break;
            case ElementType.Float16: Read((Half*)data, starts, rows, along, length, into, pitch); break;
            case ElementType.BFloat16: Read((BFloat16*)data, starts, rows, along, length, into, pitch); break;
            default: throw NotFloat(type);
        }
    }

    /// <summary>The opposite of <see cref="Read(ElementType, void*, long*, int, in RowAxes, int, C*, nint)"/>, rounding once.</summary>
    internal static void Write(ElementType type, void* data, long* starts, int rows, in RowAxes along, int length, C* from, nint pitch)
    {
        switch (type)
        {
            case ElementType.Float: Write((float*)data, starts, rows, along, length, from, pitch); break;
            case ElementType.Double: Write((double*)data, starts, rows, along, length, from, pitch); break;
            case ElementType.Float16: Write((Half*)data, starts, rows, along, length, from, pitch); break;
            case ElementType.BFloat16: Write((BFloat16*)data, starts, rows, along, length, from, pitch); break;
            default: throw NotFloat(type);
        }
    }

    /// <summary>Writes rows of consecutive elements past the caches, but for the lines they share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Stream(C* data, long* starts, int rows, int length, C* from, nint pitch)
    {
        for (int row = 0; row < rows; row++, from += pitch)
        {
            C* to = data + starts[row];
            int bytes = V.Count * sizeof(C), over = (int)((nint)to & (bytes - 1)), i = 0;
            for (int head = over == 0 ? 0 : int.Min((bytes - over) / sizeof(C), length); i < head; i++) to[i] = from[i];
            for (; i <= length - 4 * V.Count; i += 4 * V.Count)
            {
                V a = V.Load(from + i), b = V.Load(from + i + V.Count), c = V.Load(from + i + 2 * V.Count),
                    d = V.Load(from + i + 3 * V.Count);
                V.StoreNonTemporal(a, to + i);
                V.StoreNonTemporal(b, to + i + V.Count);
                V.StoreNonTemporal(c, to + i + 2 * V.Count);
                V.StoreNonTemporal(d, to + i + 3 * V.Count);
            }

            for (; i < length; i++) to[i] = from[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(void* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    private static NotSupportedException NotFloat(ElementType type) => new($"Rows of {type.Name()} are not supported.");

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Read<T>(T* data, long* starts, int rows, in RowAxes along, int length, C* into, nint pitch)
        where T : unmanaged
    {
        if (along.Step == 1)
        {
            for (int row = 0; row < rows; row++) Widen(data + starts[row], into + (row * pitch), length);
        }
        else if (along.Step == 0)
        {
            for (int row = 0; row < rows; row++) new Span<C>(into + (row * pitch), length).Fill(To<T, C>(data[starts[row]]));
        }
        else
        {
            // Across the rows first: where they are neighbours in memory, a line is read as a whole.
            long place = 0;
            var walk = new RowAxes.Walk(along);
            for (int i = 0; i < length; i++)
            {
                T* source = data + place;
                C* destination = into + i;
                Prefetch(source + starts[0] + (Ahead * along.Step));
                for (int row = 0; row < rows; row++, destination += pitch) *destination = To<T, C>(source[starts[row]]);
                place = along.Step > 0 ? place + along.Step : walk.Next();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write<T>(T* data, long* starts, int rows, in RowAxes along, int length, C* from, nint pitch)
        where T : unmanaged
    {
        if (along.Step == 1 || length == 1)
        {
            for (int row = 0; row < rows; row++) Narrow(from + (row * pitch), data + starts[row], length);
        }
        else
        {
            long place = 0;
            var walk = new RowAxes.Walk(along);
            for (int i = 0; i < length; i++)
            {
                T* destination = data + place;
                C* source = from + i;
                Prefetch(destination + starts[0] + (Ahead * along.Step));
                for (int row = 0; row < rows; row++, source += pitch) destination[starts[row]] = To<C, T>(*source);
                place = along.Step > 0 ? place + along.Step : walk.Next();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen<T>(T* from, C* to, int length)
        where T : unmanaged
    {
        int i = 0;
        if (IsVector<T>())
            for (; i <= length - V.Count; i += V.Count) V.Store(Storage.Load<V, T, C>(from + i), to + i);
        for (; i < length; i++) to[i] = To<T, C>(from[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow<T>(C* from, T* to, int length)
        where T : unmanaged
    {
        int i = 0;
        if (IsVector<T>())
            for (; i <= length - V.Count; i += V.Count) Storage.Store<V, T, C>(V.Load(from + i), to + i);
        for (; i < length; i++) to[i] = To<C, T>(from[i]);
    }

    /// <summary>Whether vectors load and store T as C.</summary>
    private static bool IsVector<T>() =>
        typeof(T) == typeof(C) || (typeof(C) == typeof(float) && (typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16)));

    /// <summary>One element, rounded at most once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static B To<A, B>(A value)
        where A : unmanaged
        where B : unmanaged
    {
        if (typeof(A) == typeof(B)) return Unsafe.BitCast<A, B>(value);
        if (typeof(B) == typeof(float))
        {
            if (typeof(A) == typeof(double)) return Unsafe.BitCast<float, B>((float)Unsafe.BitCast<A, double>(value));
            if (typeof(A) == typeof(Half)) return Unsafe.BitCast<Simd1<float>, B>(Simd1<float>.LoadHalf((Half*)&value));
            if (typeof(A) == typeof(BFloat16)) return Unsafe.BitCast<float, B>((float)Unsafe.BitCast<A, BFloat16>(value));
        }
        else if (typeof(B) == typeof(double))
        {
            if (typeof(A) == typeof(float)) return Unsafe.BitCast<double, B>(Unsafe.BitCast<A, float>(value));
            if (typeof(A) == typeof(Half)) return Unsafe.BitCast<double, B>((double)Unsafe.BitCast<A, Half>(value));
            if (typeof(A) == typeof(BFloat16)) return Unsafe.BitCast<double, B>((double)Unsafe.BitCast<A, BFloat16>(value));
        }
        else if (typeof(A) == typeof(float))
        {
            B narrow = default;
            if (typeof(B) == typeof(Half)) Simd1<float>.StoreHalf(new(Unsafe.BitCast<A, float>(value)), (Half*)&narrow);
            if (typeof(B) == typeof(BFloat16)) *(BFloat16*)&narrow = (BFloat16)Unsafe.BitCast<A, float>(value);
            return narrow;
        }
        else if (typeof(A) == typeof(double))
        {
            if (typeof(B) == typeof(Half)) return Unsafe.BitCast<Half, B>((Half)Unsafe.BitCast<A, double>(value));
            if (typeof(B) == typeof(BFloat16)) return Unsafe.BitCast<BFloat16, B>((BFloat16)Unsafe.BitCast<A, double>(value));
        }

        throw new NotSupportedException($"{typeof(A).Name} does not convert to {typeof(B).Name}.");
    }
}
