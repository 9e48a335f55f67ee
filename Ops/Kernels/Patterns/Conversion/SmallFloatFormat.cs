using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Kernels;

/// <summary>A float of 4 or 8 bits: how numbers become its bits.</summary>
internal readonly struct SmallFloatFormat
{
    private readonly int _fractionBits, _bias, _greatest, _infinity, _nan, _sign;
    private readonly bool _hasNegativeZero;

    private SmallFloatFormat(int exponentBits, int fractionBits, int bias, int greatest, int infinity, int nan, bool hasNegativeZero)
    {
        _fractionBits = fractionBits;
        _bias = bias;
        _greatest = greatest;
        _infinity = infinity;
        _nan = nan;
        _sign = 1 << (exponentBits + fractionBits);
        _hasNegativeZero = hasNegativeZero;
    }

    /// <summary>The format of a type.</summary>
    public static SmallFloatFormat Of(ElementType type) => type switch
    {
        ElementType.Float8E4M3FN => new(4, 3, 7, 0x7E, -1, 0x7F, true),
        ElementType.Float8E4M3FNUZ => new(4, 3, 8, 0x7F, -1, 0x80, false),
        ElementType.Float8E5M2 => new(5, 2, 15, 0x7B, 0x7C, 0x7F, true),
        ElementType.Float8E5M2FNUZ => new(5, 2, 16, 0x7F, -1, 0x80, false),
        // There is no NaN: it becomes negative zero.
        ElementType.Float4E2M1 => new(2, 1, 1, 0x7, -1, 0x8, true),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a float of 4 or 8 bits with a sign"),
    };

    /// <summary>The value of the bits of a float of 8 bits.</summary>
    public static float Decode(ElementType type, byte bits) => (float)(type switch
    {
        ElementType.Float8E4M3FN => SmallFloats.Decode(bits, 4, 7, SmallFloats.Specials.NaNAtTop),
        ElementType.Float8E4M3FNUZ => SmallFloats.Decode(bits, 4, 8, SmallFloats.Specials.NaNAtNegativeZero),
        ElementType.Float8E5M2 => SmallFloats.Decode(bits, 5, 15, SmallFloats.Specials.Ieee),
        ElementType.Float8E5M2FNUZ => SmallFloats.Decode(bits, 5, 16, SmallFloats.Specials.NaNAtNegativeZero),
        ElementType.Float4E2M1 => SmallFloats.DecodeE2M1(bits),
        _ => bits == 0xFF ? double.NaN : Math.ScaleB(1, bits - 127),
    });

    /// <summary>The nearest value, of two as near the even one; what is too large becomes the greatest one or, without saturation, infinity
    /// or NaN.</summary>
    public byte Encode(double value, bool saturate)
    {
        bool negative = double.IsNegative(value);
        if (double.IsNaN(value)) return NaN(negative);
        double magnitude = Math.Abs(value);
        int code;
        if (double.IsInfinity(magnitude))
        {
            code = int.MaxValue;
        }
        else
        {
            int exponent = magnitude == 0 ? 1 - _bias : Math.Max(Math.ILogB(magnitude), 1 - _bias);
            double steps = Math.Round(Math.ScaleB(magnitude, _fractionBits - exponent), MidpointRounding.ToEven);
            code = exponent > 2 * _bias + 2 ? int.MaxValue : ((exponent + _bias - 1) << _fractionBits) + (int)steps;
        }

        if (code > _greatest)
        {
            if (saturate) code = _greatest;
            else if (_infinity >= 0) code = _infinity;
            else return NaN(negative);
        }

        return (byte)(negative && (code != 0 || _hasNegativeZero) ? code | _sign : code);
    }

    private byte NaN(bool negative) => (byte)(negative && _nan != _sign ? _nan | _sign : _nan);

    /// <summary>The exponent of a power of two as float8e8m0.</summary>
    /// <param name="value">The number; its sign is dropped.</param>
    /// <param name="saturate">Whether what is too large or too small becomes the greatest or least power rather than NaN.</param>
    /// <param name="mode">up, down or nearest.</param>
    public static byte EncodePower(float value, bool saturate, string mode)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value) & 0x7FFFFFFF;
        int exponent = (int)(bits >> 23);
        uint fraction = bits & 0x7FFFFF;
        if (exponent == 0xFF) return (byte)(fraction == 0 && saturate ? 0xFE : 0xFF);

        // A subnormal has the exponent of 2^-127 from half of the least normal number on.
        bool roundUp = mode switch
        {
            "up" => exponent == 0 ? fraction > 0x400000 : fraction != 0,
            "down" => false,
            _ => exponent == 0 ? fraction > 0x600000 : fraction > 0x400000 || (fraction == 0x400000),
        };
        if (!roundUp) return (byte)exponent;
        return (byte)(exponent + 1 < 0xFF ? exponent + 1 : saturate ? 0xFE : 0xFF);
    }
}
