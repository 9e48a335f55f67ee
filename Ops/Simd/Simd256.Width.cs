global using Avx512DQx256 = System.Runtime.Intrinsics.X86.Avx512DQ.VL;
global using Avx512Fx256 = System.Runtime.Intrinsics.X86.Avx512F.VL;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ops.Simd;

/// <content>What depends on the width: narrow elements in memory, sums over lanes.</content>
internal readonly unsafe partial struct Simd256<T>
{
    [MethodImpl(Inline)]
    public static Simd256<T> Gather(T* source, Simd256<T> places)
    {
        if (typeof(T) == typeof(float) && Avx2.IsSupported)
            return new(Avx2.GatherVector256((float*)source, Vector256.ConvertToInt32(places.Value.AsSingle()), sizeof(float))
                .As<float, T>());
        if (typeof(T) == typeof(double) && Avx2.IsSupported)
            return new(Avx2.GatherVector256((double*)source, Avx.ConvertToVector128Int32(places.Value.AsDouble()), sizeof(double))
                .As<double, T>());
        Simd128<T> low = new(places.Value.GetLower()), high = new(places.Value.GetUpper());
        return new(Vector256.Create(Simd128<T>.Gather(source, low).Value, Simd128<T>.Gather(source, high).Value));
    }

    [MethodImpl(Inline)]
    public static Simd256<T> LoadHalf(Half* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        return Of(new Simd256<float>(Half256.Widen(Widen((ushort*)source))));
    }

    [MethodImpl(Inline)]
    public static void StoreHalf(Simd256<T> value, Half* destination)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        Narrow(Half256.Narrow(value.Value.AsSingle()), (ushort*)destination);
    }

    [MethodImpl(Inline)]
    public static Simd256<T> LoadBFloat16(BFloat16* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        return Of(new Simd256<float>((Widen((ushort*)source) << 16).AsSingle()));
    }

    [MethodImpl(Inline)]
    public static void StoreBFloat16(Simd256<T> value, BFloat16* destination)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        Narrow(Half256.NarrowBrain(value.Value.AsSingle()), (ushort*)destination);
    }

    [MethodImpl(Inline)]
    public static Simd256<T> LoadSByte(sbyte* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        Vector128<sbyte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsSByte();
        Vector256<int> numbers = Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(bytes)
            : Vector256.WidenLower(Vector128.WidenLower(bytes).ToVector256Unsafe());
        return Of(new Simd256<float>(Vector256.ConvertToSingle(numbers)));
    }

    [MethodImpl(Inline)]
    public static Simd256<T> LoadMask(byte* source)
    {
        // Masks of half the width, sign-extended.
        if (sizeof(T) == 1) return new(~Vector256.Equals(Vector256.Load(source), Vector256<byte>.Zero).As<byte, T>());
        if (sizeof(T) == 2)
            return new(Vector256.WidenLower(Simd128<byte>.LoadMask(source).Value.AsSByte().ToVector256Unsafe()).As<short, T>());
        if (sizeof(T) == 4)
            return new(Vector256.WidenLower(Simd128<ushort>.LoadMask(source).Value.AsInt16().ToVector256Unsafe()).As<int, T>());
        return new(Vector256.WidenLower(Simd128<uint>.LoadMask(source).Value.AsInt32().ToVector256Unsafe()).As<long, T>());
    }

    [MethodImpl(Inline)]
    public static void StoreMask(Simd256<T> mask, byte* destination)
    {
        // Narrowed step by step to masks of bytes.
        Vector128<T> low = mask.Value.GetLower(), high = mask.Value.GetUpper();
        if (sizeof(T) == 1) (mask.Value.AsByte() & Vector256.Create((byte)1)).Store(destination);
        else if (sizeof(T) == 2) Simd128<byte>.StoreMask(new(Vector128.Narrow(low.AsUInt16(), high.AsUInt16())), destination);
        else if (sizeof(T) == 4) Simd128<ushort>.StoreMask(new(Vector128.Narrow(low.AsUInt32(), high.AsUInt32())), destination);
        else Simd128<uint>.StoreMask(new(Vector128.Narrow(low.AsUInt64(), high.AsUInt64())), destination);
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Scale(Simd256<T> value, Simd256<T> exponent)
    {
        if (typeof(T) == typeof(float))
            return Of(new Simd256<float>(PowerOfTwo256.Scale(value.Value.AsSingle(), exponent.Value.AsSingle())));
        if (typeof(T) == typeof(double))
            return Of(new Simd256<double>(PowerOfTwo256.Scale(value.Value.AsDouble(), exponent.Value.AsDouble())));
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Exponent(Simd256<T> value)
    {
        if (typeof(T) == typeof(float)) return Of(new Simd256<float>(PowerOfTwo256.Exponent(value.Value.AsSingle())));
        if (typeof(T) == typeof(double)) return Of(new Simd256<double>(PowerOfTwo256.Exponent(value.Value.AsDouble())));
        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static T SumLanes(Simd256<T> value)
    {
        Simd128<T> low = new(value.Value.GetLower()), high = new(value.Value.GetUpper());
        return Simd128<T>.SumLanes(low + high);
    }

    [MethodImpl(Inline)]
    public static T MaxLanes(Simd256<T> value)
    {
        Simd128<T> low = new(value.Value.GetLower()), high = new(value.Value.GetUpper());
        return Simd128<T>.MaxLanes(Simd128<T>.Max(low, high));
    }

    [MethodImpl(Inline)]
    public static T MinLanes(Simd256<T> value)
    {
        Simd128<T> low = new(value.Value.GetLower()), high = new(value.Value.GetUpper());
        return Simd128<T>.MinLanes(Simd128<T>.Min(low, high));
    }

    [MethodImpl(Inline)]
    private static Vector256<uint> Widen(ushort* source) => Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe());

    [MethodImpl(Inline)]
    private static void Narrow(Vector256<uint> words, ushort* destination) =>
        Vector128.Narrow(words.GetLower(), words.GetUpper()).Store(destination);
}
