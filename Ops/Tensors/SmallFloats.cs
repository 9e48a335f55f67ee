namespace Ops.Tensors;

/// <summary>Floats of 8 and 4 bits.</summary>
internal static class SmallFloats
{
    /// <summary>Where a format keeps what is no finite number.</summary>
    public enum Specials
    {
        /// <summary>The greatest exponent holds infinities and NaN.</summary>
        Ieee,
        /// <summary>All ones is NaN, there are no infinities.</summary>
        NaNAtTop,
        /// <summary>What would be negative zero is NaN, there are no infinities.</summary>
        NaNAtNegativeZero,
    }

    /// <summary>The value of an 8-bit float.</summary>
    public static double Decode(byte bits, int exponentBits, int bias, Specials specials)
    {
        int mantissaBits = 7 - exponentBits, top = (1 << exponentBits) - 1;
        int exponent = bits >> mantissaBits & top, mantissa = bits & ((1 << mantissaBits) - 1);
        double sign = (bits & 0x80) != 0 ? -1 : 1;
        if (specials == Specials.Ieee && exponent == top)
            return mantissa == 0 ? sign * double.PositiveInfinity : double.NaN;
        if (specials == Specials.NaNAtTop && (bits & 0x7F) == 0x7F || specials == Specials.NaNAtNegativeZero && bits == 0x80)
            return double.NaN;
        return sign * (exponent == 0
            ? Math.ScaleB(mantissa, 1 - bias - mantissaBits)
            : Math.ScaleB(mantissa + (1 << mantissaBits), exponent - bias - mantissaBits));
    }

    /// <summary>The value of a 4-bit float: 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives.</summary>
    public static double DecodeE2M1(byte bits)
    {
        int exponent = bits >> 1 & 3, mantissa = bits & 1;
        double value = exponent == 0 ? mantissa * 0.5 : Math.ScaleB(1 + mantissa * 0.5, exponent - 1);
        return (bits & 8) != 0 ? -value : value;
    }
}
