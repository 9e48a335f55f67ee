using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ops.Simd;

/// <summary>float16 and bfloat16 from and to float, with a 16-bit pattern in the low half of every 32-bit lane.</summary>
internal static class Half256
{
    /// <summary>Exact: the fraction and exponent shift into place, a multiplication by 2^112 mends the bias, also of subnormals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Widen(Vector256<uint> half)
    {
        Vector256<uint> magnitude = (half & Vector256.Create(0x7FFFu)) << 13;
        Vector256<float> scaled = magnitude.AsSingle() * Vector256.Create(5.192296858534828e33f);
        Vector256<float> special = Vector256.GreaterThanOrEqual(scaled, Vector256.Create(65536f));
        Vector256<uint> value = Vector256.ConditionalSelect(special.AsUInt32(), magnitude | Vector256.Create(0x7F800000u),
            scaled.AsUInt32());
        return (value | ((half & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }

    /// <summary>To nearest, ties to even; a NaN stays a quiet NaN with its sign and upper payload.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> Narrow(Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32();
        Vector256<uint> magnitude = bits & Vector256.Create(0x7FFFFFFFu);

        // Half an ulp less the tie's low bit, and the bias mended; a carry into the exponent is right, up to infinity.
        Vector256<uint> normal = (magnitude + Vector256.Create(0xC8000FFFu) + ((magnitude >> 13) & Vector256.Create(1u))) >> 13;

        // Next to 0.5 a float's unit is the half's least subnormal, so that the addition rounds.
        Vector256<uint> subnormal = (magnitude.AsSingle() + Vector256.Create(0.5f)).AsUInt32() - Vector256.Create(0x3F000000u);
        Vector256<uint> quiet = ((magnitude >> 13) & Vector256.Create(0x1FFu)) | Vector256.Create(0x7E00u);
        Vector256<uint> special = Vector256.ConditionalSelect(
            Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create(0x7F800000)).AsUInt32(), quiet, Vector256.Create(0x7C00u));

        Vector256<uint> result = Vector256.ConditionalSelect(
            Vector256.LessThan(magnitude.AsInt32(), Vector256.Create(0x38800000)).AsUInt32(), subnormal, normal);
        result = Vector256.ConditionalSelect(
            Vector256.GreaterThanOrEqual(magnitude.AsInt32(), Vector256.Create(0x47800000)).AsUInt32(), special, result);
        return result | ((bits >> 16) & Vector256.Create(0x8000u));
    }

    /// <summary>bfloat16, to nearest, ties to even; a NaN stays a quiet NaN with its sign and upper payload.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> NarrowBrain(Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32();
        Vector256<uint> rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256.Create(1u))) >> 16;
        Vector256<uint> quiet = (bits >> 16) | Vector256.Create(0x40u);
        return Vector256.ConditionalSelect(Vector256.Equals(value, value).AsUInt32(), rounded, quiet);
    }
}
