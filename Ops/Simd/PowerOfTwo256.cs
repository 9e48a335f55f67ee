using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Doubles = System.Runtime.Intrinsics.Vector256<double>;
using Floats = System.Runtime.Intrinsics.Vector256<float>;
using Vector = System.Runtime.Intrinsics.Vector256;

namespace Ops.Simd;

/// <summary>Products with powers of two, and exponents: by the instruction where there is one, else with the same result.</summary>
internal static class PowerOfTwo256
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Whether <see cref="Fraction"/> is there; then <see cref="Scale(Floats, Floats)"/> takes the floor of an exponent
    /// itself.</summary>
    internal static bool HasFraction
    {
        [MethodImpl(Inline)]
        get => Avx512DQx256.IsSupported && Avx512Fx256.IsSupported;
    }

    /// <summary>value - floor(value), rounded once; 0 for infinities.</summary>
    [MethodImpl(Inline)]
    internal static Floats Fraction(Floats value) => Avx512DQx256.Reduce(value, 1);

    /// <summary>value - round(value), exact; 0 for infinities.</summary>
    [MethodImpl(Inline)]
    internal static Floats Residue(Floats value) => Avx512DQx256.IsSupported ? Avx512DQx256.Reduce(value, 0) : Portable.Residue(value);

    /// <summary>value - round(value), exact; 0 for infinities.</summary>
    [MethodImpl(Inline)]
    internal static Doubles Residue(Doubles value) => Avx512DQx256.IsSupported ? Avx512DQx256.Reduce(value, 0) : Portable.Residue(value);

    /// <summary>value * 2^exponent, rounded once, for an integral exponent that brings the value from or to about 1.</summary>
    [MethodImpl(Inline)]
    internal static Floats Scale(Floats value, Floats exponent) =>
        Avx512Fx256.IsSupported ? Avx512Fx256.Scale(value, exponent) : Portable.Scale(value, exponent);

    /// <summary>value * 2^exponent, rounded once, for an integral exponent that brings the value from or to about 1.</summary>
    [MethodImpl(Inline)]
    internal static Doubles Scale(Doubles value, Doubles exponent) =>
        Avx512Fx256.IsSupported ? Avx512Fx256.Scale(value, exponent) : Portable.Scale(value, exponent);

    /// <summary>The exponent of finite values other than 0.</summary>
    [MethodImpl(Inline)]
    internal static Floats Exponent(Floats value) => Avx512Fx256.IsSupported ? Avx512Fx256.GetExponent(value) : Portable.Exponent(value);

    /// <summary>The exponent of finite values other than 0.</summary>
    [MethodImpl(Inline)]
    internal static Doubles Exponent(Doubles value) => Avx512Fx256.IsSupported ? Avx512Fx256.GetExponent(value) : Portable.Exponent(value);

    /// <summary>Without the instructions; apart so that tests reach it on every machine.</summary>
    internal static class Portable
    {
        /// <summary>An infinity is its own round.</summary>
        [MethodImpl(Inline)]
        internal static Floats Residue(Floats value)
        {
            Floats round = Vector.Round(value);
            return Vector.ConditionalSelect(Vector.Equals(value, round), Floats.Zero, value - round);
        }

        /// <summary>An infinity is its own round.</summary>
        [MethodImpl(Inline)]
        internal static Doubles Residue(Doubles value)
        {
            Doubles round = Vector.Round(value);
            return Vector.ConditionalSelect(Vector.Equals(value, round), Doubles.Zero, value - round);
        }

        /// <summary>In two factors, so that each is a normal number and the product rounds only once.</summary>
        [MethodImpl(Inline)]
        internal static Floats Scale(Floats value, Floats exponent)
        {
            Floats whole = Vector.Min(Vector.Max(exponent, Vector.Create(-252f)), Vector.Create(252f));
            Floats half = Vector.Truncate(whole * 0.5f);
            return value * Power(half) * Power(whole - half);
        }

        /// <summary>In two factors, so that each is a normal number and the product rounds only once.</summary>
        [MethodImpl(Inline)]
        internal static Doubles Scale(Doubles value, Doubles exponent)
        {
            Doubles whole = Vector.Min(Vector.Max(exponent, Vector.Create(-2044.0)), Vector.Create(2044.0));
            Doubles half = Vector.Truncate(whole * 0.5);
            return value * Power(half) * Power(whole - half);
        }

        /// <summary>From the bits; a subnormal becomes normal first.</summary>
        [MethodImpl(Inline)]
        internal static Floats Exponent(Floats value)
        {
            Floats x = Vector.Abs(value), small = Vector.LessThan(x, Vector.Create(1.17549435e-38f));
            x = Vector.ConditionalSelect(small, x * 16777216f, x);
            Floats biased = Vector.ConvertToSingle((x.AsUInt32() >> 23).AsInt32());
            return biased - Vector.ConditionalSelect(small, Vector.Create(151f), Vector.Create(127f));
        }

        /// <summary>From the bits; a subnormal becomes normal first.</summary>
        [MethodImpl(Inline)]
        internal static Doubles Exponent(Doubles value)
        {
            Doubles x = Vector.Abs(value), small = Vector.LessThan(x, Vector.Create(2.2250738585072014e-308));
            x = Vector.ConditionalSelect(small, x * 18014398509481984.0, x);

            // The bits of 2^52 + n are those of 2^52 plus n: a conversion of small integers without 64-bit conversions.
            Doubles biased = ((x.AsUInt64() >> 52) | Vector.Create(0x4330000000000000UL)).AsDouble() - Vector.Create(4503599627370496.0);
            return biased - Vector.ConditionalSelect(small, Vector.Create(1077.0), Vector.Create(1023.0));
        }

        /// <summary>2^n for integral n in -126..127: the sum's low bits are the biased exponent.</summary>
        [MethodImpl(Inline)]
        private static Floats Power(Floats n) => ((n + Vector.Create(12583039f)).AsInt32() << 23).AsSingle();

        /// <summary>2^n for integral n in -1022..1023.</summary>
        [MethodImpl(Inline)]
        private static Doubles Power(Doubles n) => ((n + Vector.Create(6755399441056767.0)).AsInt64() << 52).AsDouble();
    }
}
