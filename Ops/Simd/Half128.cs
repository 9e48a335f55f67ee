using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ops.Simd;

/// <summary>float16 and bfloat16 from and to float, with a 16-bit pattern in the low half of every 32-bit lane.</summary>
internal static class Half128
{
    /// <summary>Exact: the fraction and exponent shift into place, a multiplication by 2^112 mends the bias, also of subnormals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<float> Widen(Vector128<uint> half)
    {
        Vector128<uint> magnitude = (half & Vector128.Create(0x7FFFu)) << 13;
        Vector128<float> scaled = magnitude.AsSingle() * Vector128.Create(5.192296858534828e33f);
        Vector128<float> special = Vector128.GreaterThanOrEqual(scaled, Vector128.Create(65536f));
        Vector128<uint> value = Vector128.ConditionalSelect(special.AsUInt32(), magnitude | Vector128.Create(0x7F800000u),
            scaled.AsUInt32());
        return (value | ((half & Vector128.Create(0x8000u)) << 16)).AsSingle();
    }

    /// <summary>To nearest, ties to even; a NaN stays a quiet NaN with its sign and upper payload.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> Narrow(Vector128<float> value)
    {
        Vector128<uint> bits = value.AsUInt32();
        Vector128<uint> magnitude = bits & Vector128.Create(0x7FFFFFFFu);

        // Half an ulp less the tie's low bit, and the bias mended; a carry into the exponent is right, up to infinity.
        Vector128<uint> normal = (magnitude + Vector128.Create(0xC8000FFFu) + ((magnitude >> 13) & Vector128.Create(1u))) >> 13;

        // Next to 0.5 a float's unit is the half's least subnormal, so that the addition rounds.
        Vector128<uint> subnormal = (magnitude.AsSingle() + Vector128.Create(0.5f)).AsUInt32() - Vector128.Create(0x3F000000u);
        Vector128<uint> quiet = ((magnitude >> 13) & Vector128.Create(0x1FFu)) | Vector128.Create(0x7E00u);
        Vector128<uint> special = Vector128.ConditionalSelect(
            Vector128.GreaterThan(magnitude.AsInt32(), Vector128.Create(0x7F800000)).AsUInt32(), quiet, Vector128.Create(0x7C00u));

        Vector128<uint> result = Vector128.ConditionalSelect(
            Vector128.LessThan(magnitude.AsInt32(), Vector128.Create(0x38800000)).AsUInt32(), subnormal, normal);
        result = Vector128.ConditionalSelect(
            Vector128.GreaterThanOrEqual(magnitude.AsInt32(), Vector128.Create(0x47800000)).AsUInt32(), special, result);
        return result | ((bits >> 16) & Vector128.Create(0x8000u));
    }

    /// <summary>bfloat16, to nearest, ties to even; a NaN stays a quiet NaN with its sign and upper payload.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<uint> NarrowBrain(Vector128<float> value)
    {
        Vector128<uint> bits = value.AsUInt32();
        Vector128<uint> rounded = (bits + Vector128.Create(0x7FFFu) + ((bits >> 16) & Vector128.Create(1u))) >> 16;
        Vector128<uint> quiet = (bits >> 16) | Vector128.Create(0x40u);
        return Vector128.ConditionalSelect(Vector128.Equals(value, value).AsUInt32(), rounded, quiet);
    }
}
