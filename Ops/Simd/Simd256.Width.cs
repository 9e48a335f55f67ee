using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ops.Simd;

/// <content>What depends on the width: narrow elements in memory, powers of two, sums over lanes.</content>
internal readonly unsafe partial struct Simd256<T>
{
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
        {
            if (Avx512F.VL.IsSupported) return Of(new Simd256<float>(Avx512F.VL.Scale(value.Value.AsSingle(), exponent.Value.AsSingle())));

            // Two factors, so that each is a normal number and the product rounds only once.
            Vector256<float> whole = Vector256.Min(Vector256.Max(exponent.Value.AsSingle(), Vector256.Create(-252f)), Vector256.Create(252f));
            Vector256<float> half = Vector256.Truncate(whole * 0.5f);
            return Of(new Simd256<float>(value.Value.AsSingle() * Power(half) * Power(whole - half)));
        }

        if (typeof(T) == typeof(double))
        {
            if (Avx512F.VL.IsSupported) return Of(new Simd256<double>(Avx512F.VL.Scale(value.Value.AsDouble(), exponent.Value.AsDouble())));
            Vector256<double> whole = Vector256.Min(Vector256.Max(exponent.Value.AsDouble(), Vector256.Create(-2044.0)), Vector256.Create(2044.0));
            Vector256<double> half = Vector256.Truncate(whole * 0.5);
            return Of(new Simd256<double>(value.Value.AsDouble() * Power(half) * Power(whole - half)));
        }

        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd256<T> Exponent(Simd256<T> value)
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.VL.IsSupported) return Of(new Simd256<float>(Avx512F.VL.GetExponent(value.Value.AsSingle())));

            // A subnormal becomes normal first.
            Vector256<float> x = Vector256.Abs(value.Value.AsSingle());
            Vector256<float> small = Vector256.LessThan(x, Vector256.Create(1.17549435e-38f));
            x = Vector256.ConditionalSelect(small, x * 16777216f, x);
            Vector256<float> biased = Vector256.ConvertToSingle((x.AsUInt32() >> 23).AsInt32());
            return Of(new Simd256<float>(biased - Vector256.ConditionalSelect(small, Vector256.Create(151f), Vector256.Create(127f))));
        }

        if (typeof(T) == typeof(double))
        {
            if (Avx512F.VL.IsSupported) return Of(new Simd256<double>(Avx512F.VL.GetExponent(value.Value.AsDouble())));
            Vector256<double> x = Vector256.Abs(value.Value.AsDouble());
            Vector256<double> small = Vector256.LessThan(x, Vector256.Create(2.2250738585072014e-308));
            x = Vector256.ConditionalSelect(small, x * 18014398509481984.0, x);

            // The bits of 2^52 + n are those of 2^52 plus n: a conversion of small integers without 64-bit conversions.
            Vector256<double> biased = ((x.AsUInt64() >> 52) | Vector256.Create(0x4330000000000000UL)).AsDouble() - Vector256.Create(4503599627370496.0);
            return Of(new Simd256<double>(biased - Vector256.ConditionalSelect(small, Vector256.Create(1077.0), Vector256.Create(1023.0))));
        }

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

    /// <summary>2^n for integral n in -126..127: the sum's low bits are the biased exponent.</summary>
    [MethodImpl(Inline)]
    private static Vector256<float> Power(Vector256<float> n) => ((n + Vector256.Create(12583039f)).AsInt32() << 23).AsSingle();

    /// <summary>2^n for integral n in -1022..1023.</summary>
    [MethodImpl(Inline)]
    private static Vector256<double> Power(Vector256<double> n) => ((n + Vector256.Create(6755399441056767.0)).AsInt64() << 52).AsDouble();

    [MethodImpl(Inline)]
    private static Vector256<uint> Widen(ushort* source) => Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe());

    [MethodImpl(Inline)]
    private static void Narrow(Vector256<uint> words, ushort* destination) =>
        Vector128.Narrow(words.GetLower(), words.GetUpper()).Store(destination);
}
