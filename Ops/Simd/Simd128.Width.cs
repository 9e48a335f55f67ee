using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ops.Simd;

/// <content>What depends on the width: narrow elements in memory, powers of two, sums over lanes.</content>
internal readonly unsafe partial struct Simd128<T>
{
    [MethodImpl(Inline)]
    public static Simd128<T> LoadHalf(Half* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        return Of(new Simd128<float>(Half128.Widen(Widen((ushort*)source))));
    }

    [MethodImpl(Inline)]
    public static void StoreHalf(Simd128<T> value, Half* destination)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        Narrow(Half128.Narrow(value.Value.AsSingle()), (ushort*)destination);
    }

    [MethodImpl(Inline)]
    public static Simd128<T> LoadBFloat16(BFloat16* source)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        return Of(new Simd128<float>((Widen((ushort*)source) << 16).AsSingle()));
    }

    [MethodImpl(Inline)]
    public static void StoreBFloat16(Simd128<T> value, BFloat16* destination)
    {
        if (typeof(T) != typeof(float)) throw Unsupported.NotFloat();
        Narrow(Half128.NarrowBrain(value.Value.AsSingle()), (ushort*)destination);
    }

    [MethodImpl(Inline)]
    public static Simd128<T> LoadMask(byte* source)
    {
        if (sizeof(T) == 1) return new(~Vector128.Equals(Vector128.Load(source), Vector128<byte>.Zero).As<byte, T>());
        if (sizeof(T) == 2)
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsByte();
            return new(~Vector128.Equals(Vector128.WidenLower(bytes), Vector128<ushort>.Zero).As<ushort, T>());
        }

        if (sizeof(T) == 4)
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(source)).AsByte();
            return new(~Vector128.Equals(Vector128.WidenLower(Vector128.WidenLower(bytes)), Vector128<uint>.Zero).As<uint, T>());
        }

        return new(~Vector128.Equals(Vector128.Create((ulong)source[0], source[1]), Vector128<ulong>.Zero).As<ulong, T>());
    }

    [MethodImpl(Inline)]
    public static void StoreMask(Simd128<T> mask, byte* destination)
    {
        if (sizeof(T) == 1)
        {
            (mask.Value.AsByte() & Vector128.Create((byte)1)).Store(destination);
        }
        else if (sizeof(T) == 2)
        {
            Vector128<byte> bytes = Vector128.Narrow(mask.Value.AsUInt16(), mask.Value.AsUInt16());
            Unsafe.WriteUnaligned(destination, (bytes & Vector128.Create((byte)1)).AsUInt64().ToScalar());
        }
        else if (sizeof(T) == 4)
        {
            Vector128<ushort> words = Vector128.Narrow(mask.Value.AsUInt32(), mask.Value.AsUInt32());
            Unsafe.WriteUnaligned(destination, (Vector128.Narrow(words, words) & Vector128.Create((byte)1)).AsUInt32().ToScalar());
        }
        else
        {
            destination[0] = (byte)(mask.Value.AsByte().GetElement(0) & 1);
            destination[1] = (byte)(mask.Value.AsByte().GetElement(8) & 1);
        }
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Scale(Simd128<T> value, Simd128<T> exponent)
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.VL.IsSupported) return Of(new Simd128<float>(Avx512F.VL.Scale(value.Value.AsSingle(), exponent.Value.AsSingle())));

            // Two factors, so that each is a normal number and the product rounds only once.
            Vector128<float> whole = Vector128.Min(Vector128.Max(exponent.Value.AsSingle(), Vector128.Create(-252f)), Vector128.Create(252f));
            Vector128<float> half = Vector128.Truncate(whole * 0.5f);
            return Of(new Simd128<float>(value.Value.AsSingle() * Power(half) * Power(whole - half)));
        }

        if (typeof(T) == typeof(double))
        {
            if (Avx512F.VL.IsSupported) return Of(new Simd128<double>(Avx512F.VL.Scale(value.Value.AsDouble(), exponent.Value.AsDouble())));
            Vector128<double> whole = Vector128.Min(Vector128.Max(exponent.Value.AsDouble(), Vector128.Create(-2044.0)), Vector128.Create(2044.0));
            Vector128<double> half = Vector128.Truncate(whole * 0.5);
            return Of(new Simd128<double>(value.Value.AsDouble() * Power(half) * Power(whole - half)));
        }

        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static Simd128<T> Exponent(Simd128<T> value)
    {
        if (typeof(T) == typeof(float))
        {
            if (Avx512F.VL.IsSupported) return Of(new Simd128<float>(Avx512F.VL.GetExponent(value.Value.AsSingle())));

            // A subnormal becomes normal first.
            Vector128<float> x = Vector128.Abs(value.Value.AsSingle());
            Vector128<float> small = Vector128.LessThan(x, Vector128.Create(1.17549435e-38f));
            x = Vector128.ConditionalSelect(small, x * 16777216f, x);
            Vector128<float> biased = Vector128.ConvertToSingle((x.AsUInt32() >> 23).AsInt32());
            return Of(new Simd128<float>(biased - Vector128.ConditionalSelect(small, Vector128.Create(151f), Vector128.Create(127f))));
        }

        if (typeof(T) == typeof(double))
        {
            if (Avx512F.VL.IsSupported) return Of(new Simd128<double>(Avx512F.VL.GetExponent(value.Value.AsDouble())));
            Vector128<double> x = Vector128.Abs(value.Value.AsDouble());
            Vector128<double> small = Vector128.LessThan(x, Vector128.Create(2.2250738585072014e-308));
            x = Vector128.ConditionalSelect(small, x * 18014398509481984.0, x);

            // The bits of 2^52 + n are those of 2^52 plus n: a conversion of small integers without 64-bit conversions.
            Vector128<double> biased = ((x.AsUInt64() >> 52) | Vector128.Create(0x4330000000000000UL)).AsDouble() - Vector128.Create(4503599627370496.0);
            return Of(new Simd128<double>(biased - Vector128.ConditionalSelect(small, Vector128.Create(1077.0), Vector128.Create(1023.0))));
        }

        throw Unsupported.ForIntegers();
    }

    [MethodImpl(Inline)]
    public static T SumLanes(Simd128<T> value)
    {
        if (sizeof(T) <= 1) value = value + Exchange(value, 8);
        if (sizeof(T) <= 2) value = value + Exchange(value, 4);
        if (sizeof(T) <= 4) value = value + Exchange(value, 2);
        return First(value + Exchange(value, 1));
    }

    [MethodImpl(Inline)]
    public static T MaxLanes(Simd128<T> value)
    {
        if (sizeof(T) <= 1) value = Max(value, Exchange(value, 8));
        if (sizeof(T) <= 2) value = Max(value, Exchange(value, 4));
        if (sizeof(T) <= 4) value = Max(value, Exchange(value, 2));
        return First(Max(value, Exchange(value, 1)));
    }

    [MethodImpl(Inline)]
    public static T MinLanes(Simd128<T> value)
    {
        if (sizeof(T) <= 1) value = Min(value, Exchange(value, 8));
        if (sizeof(T) <= 2) value = Min(value, Exchange(value, 4));
        if (sizeof(T) <= 4) value = Min(value, Exchange(value, 2));
        return First(Min(value, Exchange(value, 1)));
    }

    /// <summary>2^n for integral n in -126..127: the sum's low bits are the biased exponent.</summary>
    [MethodImpl(Inline)]
    private static Vector128<float> Power(Vector128<float> n) => ((n + Vector128.Create(12583039f)).AsInt32() << 23).AsSingle();

    /// <summary>2^n for integral n in -1022..1023.</summary>
    [MethodImpl(Inline)]
    private static Vector128<double> Power(Vector128<double> n) => ((n + Vector128.Create(6755399441056767.0)).AsInt64() << 52).AsDouble();

    [MethodImpl(Inline)]
    private static Vector128<uint> Widen(ushort* source) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsUInt16());

    [MethodImpl(Inline)]
    private static void Narrow(Vector128<uint> words, ushort* destination) =>
        Unsafe.WriteUnaligned(destination, Vector128.Narrow(words, words).AsUInt64().ToScalar());
}
