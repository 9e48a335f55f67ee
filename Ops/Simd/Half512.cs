using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ops.Simd;

/// <summary>float16 and bfloat16 from and to float, with a 16-bit pattern in the low half of every 32-bit lane.</summary>
internal static class Half512
{
    /// <summary>Exact: the fraction and exponent shift into place, a multiplication by 2^112 mends the bias, also of subnormals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Widen(Vector512<uint> half)
    {
        Vector512<uint> magnitude = (half & Vector512.Create(0x7FFFu)) << 13;
        Vector512<float> scaled = magnitude.AsSingle() * Vector512.Create(5.192296858534828e33f);
        Vector512<float> special = Vector512.GreaterThanOrEqual(scaled, Vector512.Create(65536f));
        Vector512<uint> value = Vector512.ConditionalSelect(special.AsUInt32(), magnitude | Vector512.Create(0x7F800000u),
            scaled.AsUInt32());
        return (value | ((half & Vector512.Create(0x8000u)) << 16)).AsSingle();
    }

    /// <summary>To nearest, ties to even; a NaN stays a quiet NaN with its sign and upper payload.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<uint> Narrow(Vector512<float> value)
    {
        Vector512<uint> bits = value.AsUInt32();
        Vector512<uint> magnitude = bits & Vector512.Create(0x7FFFFFFFu);

        // Half an ulp less the tie's low bit, and the bias mended; a carry into the exponent is right, up to infinity.
        Vector512<uint> normal = (magnitude + Vector512.Create(0xC8000FFFu) + ((magnitude >> 13) & Vector512.Create(1u))) >> 13;

        // Next to 0.5 a float's unit is the half's least subnormal, so that the addition rounds.
        Vector512<uint> subnormal = (magnitude.AsSingle() + Vector512.Create(0.5f)).AsUInt32() - Vector512.Create(0x3F000000u);
        Vector512<uint> quiet = ((magnitude >> 13) & Vector512.Create(0x1FFu)) | Vector512.Create(0x7E00u);
        Vector512<uint> special = Vector512.ConditionalSelect(
            Vector512.GreaterThan(magnitude.AsInt32(), Vector512.Create(0x7F800000)).AsUInt32(), quiet, Vector512.Create(0x7C00u));

        Vector512<uint> result = Vector512.ConditionalSelect(
            Vector512.LessThan(magnitude.AsInt32(), Vector512.Create(0x38800000)).AsUInt32(), subnormal, normal);
        result = Vector512.ConditionalSelect(
            Vector512.GreaterThanOrEqual(magnitude.AsInt32(), Vector512.Create(0x47800000)).AsUInt32(), special, result);
        return result | ((bits >> 16) & Vector512.Create(0x8000u));
    }

    /// <summary>bfloat16, to nearest, ties to even; a NaN stays a quiet NaN with its sign and upper payload.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<uint> NarrowBrain(Vector512<float> value)
    {
        Vector512<uint> bits = value.AsUInt32();
        Vector512<uint> rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512.Create(1u))) >> 16;
        Vector512<uint> quiet = (bits >> 16) | Vector512.Create(0x40u);
        return Vector512.ConditionalSelect(Vector512.Equals(value, value).AsUInt32(), rounded, quiet);
    }
}
