global using Avx512DQx512 = System.Runtime.Intrinsics.X86.Avx512DQ;
global using Avx512Fx512 = System.Runtime.Intrinsics.X86.Avx512F;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ops.Simd;

/// <content>What depends on the width: narrow elements in memory, sums over lanes.</content>
internal readonly unsafe partial struct Simd512<T>
{
    [MethodImpl(Inline)]
    public static Simd512<T> Gather(T* source, Simd512<T> places)
    {
        Simd256<T> low = new(places.Value.GetLower()), high = new(places.Value.GetUpper());
        return new(Vector512.Create(Simd256<T>.Gather(source, low).Value, Simd256<T>.Gather(source, high).Value));
    }

    [MethodImpl(Inline)]
    public static Simd512<T> LoadHalf(Half* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        return Of(new Simd512<float>(Half512.Widen(Widen((ushort*)source))));
    }

    [MethodImpl(Inline)]
    public static void StoreHalf(Simd512<T> value, Half* destination)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        Narrow(Half512.Narrow(value.Value.AsSingle()), (ushort*)destination);
    }

    [MethodImpl(Inline)]
    public static Simd512<T> LoadBFloat16(BFloat16* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        return Of(new Simd512<float>((Widen((ushort*)source) << 16).AsSingle()));
    }

    [MethodImpl(Inline)]
    public static void StoreBFloat16(Simd512<T> value, BFloat16* destination)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        Narrow(Half512.NarrowBrain(value.Value.AsSingle()), (ushort*)destination);
    }

    [MethodImpl(Inline)]
    public static Simd512<T> LoadSByte(sbyte* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        Vector128<sbyte> bytes = Vector128.Load(source);
        Vector512<int> numbers = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int32(bytes)
            : Vector512.WidenLower(Vector256.WidenLower(bytes.ToVector256Unsafe()).ToVector512Unsafe());
        return Of(new Simd512<float>(Vector512.ConvertToSingle(numbers)));
    }

    [MethodImpl(Inline)]
    public static Simd512<T> LoadMask(byte* source)
    {
        // Masks of half the width, sign-extended.
        if (sizeof(T) == 1) return new(~Vector512.Equals(Vector512.Load(source), Vector512<byte>.Zero).As<byte, T>());
        if (sizeof(T) == 2)
            return new(Vector512.WidenLower(Simd256<byte>.LoadMask(source).Value.AsSByte().ToVector512Unsafe()).As<short, T>());
        if (sizeof(T) == 4)
            return new(Vector512.WidenLower(Simd256<ushort>.LoadMask(source).Value.AsInt16().ToVector512Unsafe()).As<int, T>());
        return new(Vector512.WidenLower(Simd256<uint>.LoadMask(source).Value.AsInt32().ToVector512Unsafe()).As<long, T>());
    }

    [MethodImpl(Inline)]
    public static void StoreMask(Simd512<T> mask, byte* destination)
    {
        // Narrowed step by step to masks of bytes.
        Vector256<T> low = mask.Value.GetLower(), high = mask.Value.GetUpper();
        if (sizeof(T) == 1) (mask.Value.AsByte() & Vector512.Create((byte)1)).Store(destination);
        else if (sizeof(T) == 2) Simd256<byte>.StoreMask(new(Vector256.Narrow(low.AsUInt16(), high.AsUInt16())), destination);
        else if (sizeof(T) == 4) Simd256<ushort>.StoreMask(new(Vector256.Narrow(low.AsUInt32(), high.AsUInt32())), destination);
        else Simd256<uint>.StoreMask(new(Vector256.Narrow(low.AsUInt64(), high.AsUInt64())), destination);
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Scale(Simd512<T> value, Simd512<T> exponent)
    {
        if (typeof(T) == typeof(float))
            return Of(new Simd512<float>(PowerOfTwo512.Scale(value.Value.AsSingle(), exponent.Value.AsSingle())));
        if (typeof(T) == typeof(double))
            return Of(new Simd512<double>(PowerOfTwo512.Scale(value.Value.AsDouble(), exponent.Value.AsDouble())));
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Exponent(Simd512<T> value)
    {
        if (typeof(T) == typeof(float)) return Of(new Simd512<float>(PowerOfTwo512.Exponent(value.Value.AsSingle())));
        if (typeof(T) == typeof(double)) return Of(new Simd512<double>(PowerOfTwo512.Exponent(value.Value.AsDouble())));
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static T SumLanes(Simd512<T> value)
    {
        Simd256<T> low = new(value.Value.GetLower()), high = new(value.Value.GetUpper());
        return Simd256<T>.SumLanes(low + high);
    }

    [MethodImpl(Inline)]
    public static T MaxLanes(Simd512<T> value)
    {
        Simd256<T> low = new(value.Value.GetLower()), high = new(value.Value.GetUpper());
        return Simd256<T>.MaxLanes(Simd256<T>.Max(low, high));
    }

    [MethodImpl(Inline)]
    public static T MinLanes(Simd512<T> value)
    {
        Simd256<T> low = new(value.Value.GetLower()), high = new(value.Value.GetUpper());
        return Simd256<T>.MinLanes(Simd256<T>.Min(low, high));
    }

    [MethodImpl(Inline)]
    private static Vector512<uint> Widen(ushort* source) => Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe());

    [MethodImpl(Inline)]
    private static void Narrow(Vector512<uint> words, ushort* destination)
    {
        if (Avx512F.IsSupported) Avx512F.ConvertToVector256UInt16(words).Store(destination);
        else Vector256.Narrow(words.GetLower(), words.GetUpper()).Store(destination);
    }
}
