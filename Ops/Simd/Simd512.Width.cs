using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ops.Simd;

/// <content>What depends on the width: narrow elements in memory, powers of two, sums over lanes.</content>
internal readonly unsafe partial struct Simd512<T>
{
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
        {
            if (Avx512F.IsSupported) return Of(new Simd512<float>(Avx512F.Scale(value.Value.AsSingle(), exponent.Value.AsSingle())));

            // Two factors, so that each is a normal number and the product rounds only once.
            Vector512<float> whole = Vector512.Min(Vector512.Max(exponent.Value.AsSingle(), Vector512.Create(-252f)), Vector512.Create(252f));
            Vector512<float> half = Vector512.Truncate(whole * 0.5f);
            return Of(new Simd512<float>(value.Value.AsSingle() * Power(half) * Power(whole - half)));
        }

        if (typeof(T) == typeof(double))
        {
            if (Avx512F.IsSupported) return Of(new Simd512<double>(Avx512F.Scale(value.Value.AsDouble(), exponent.Value.AsDouble())));
            Vector512<double> whole = Vector512.Min(Vector512.Max(exponent.Value.AsDouble(), Vector512.Create(-2044.0)), Vector512.Create(2044.0));
            Vector512<double> half = Vector512.Truncate(whole * 0.5);
            return Of(new Simd512<double>(value.Value.AsDouble() * Power(half) * Power(whole - half)));
        }

        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd512<T> Exponent(Simd512<T> value)
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.IsSupported) return Of(new Simd512<float>(Avx512F.GetExponent(value.Value.AsSingle())));

            // A subnormal becomes normal first.
            Vector512<float> x = Vector512.Abs(value.Value.AsSingle());
            Vector512<float> small = Vector512.LessThan(x, Vector512.Create(1.17549435e-38f));
            x = Vector512.ConditionalSelect(small, x * 16777216f, x);
            Vector512<float> biased = Vector512.ConvertToSingle((x.AsUInt32() >> 23).AsInt32());
            return Of(new Simd512<float>(biased - Vector512.ConditionalSelect(small, Vector512.Create(151f), Vector512.Create(127f))));
        }

        if (typeof(T) == typeof(double))
        {
            if (Avx512F.IsSupported) return Of(new Simd512<double>(Avx512F.GetExponent(value.Value.AsDouble())));
            Vector512<double> x = Vector512.Abs(value.Value.AsDouble());
            Vector512<double> small = Vector512.LessThan(x, Vector512.Create(2.2250738585072014e-308));
            x = Vector512.ConditionalSelect(small, x * 18014398509481984.0, x);

            // The bits of 2^52 + n are those of 2^52 plus n: a conversion of small integers without 64-bit conversions.
            Vector512<double> biased = ((x.AsUInt64() >> 52) | Vector512.Create(0x4330000000000000UL)).AsDouble() - Vector512.Create(4503599627370496.0);
            return Of(new Simd512<double>(biased - Vector512.ConditionalSelect(small, Vector512.Create(1077.0), Vector512.Create(1023.0))));
        }

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

    /// <summary>2^n for integral n in -126..127: the sum's low bits are the biased exponent.</summary>
    [MethodImpl(Inline)]
    private static Vector512<float> Power(Vector512<float> n) => ((n + Vector512.Create(12583039f)).AsInt32() << 23).AsSingle();

    /// <summary>2^n for integral n in -1022..1023.</summary>
    [MethodImpl(Inline)]
    private static Vector512<double> Power(Vector512<double> n) => ((n + Vector512.Create(6755399441056767.0)).AsInt64() << 52).AsDouble();

    [MethodImpl(Inline)]
    private static Vector512<uint> Widen(ushort* source) => Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe());

    [MethodImpl(Inline)]
    private static void Narrow(Vector512<uint> words, ushort* destination)
    {
        if (Avx512F.IsSupported) Avx512F.ConvertToVector256UInt16(words).Store(destination);
        else Vector256.Narrow(words.GetLower(), words.GetUpper()).Store(destination);
    }
}
