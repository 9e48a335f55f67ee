using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>Element types as modifiers see them.</summary>
internal static class ModifierTypes
{
    /// <summary>Whether it is an integer type that modifiers know.</summary>
    public static bool IsInteger(ElementType type) => ElementTypes.IsInteger(type);

    /// <summary>The type of expressions for elements of a type: every integer is Int64, since results are proven to fit.</summary>
    public static ElementType Canonical(ElementType type) =>
        type == ElementType.Bool || type.IsFloat() ? type
        : IsInteger(type) ? ElementType.Int64
        : throw new ModifierException($"elements of type {type.Name()}");

    /// <summary>The least and the greatest element of an integer type.</summary>
    public static Interval Bounds(ElementType type) => type switch
    {
        ElementType.UInt8 => new(0, byte.MaxValue),
        ElementType.Int8 => new(sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt16 => new(0, ushort.MaxValue),
        ElementType.Int16 => new(short.MinValue, short.MaxValue),
        ElementType.UInt32 => new(0, uint.MaxValue),
        ElementType.Int32 => new(int.MinValue, int.MaxValue),
        ElementType.UInt64 => new(0, ulong.MaxValue),
        _ => new(long.MinValue, long.MaxValue),
    };

    /// <summary>Up to which magnitude a float type has every integer.</summary>
    public static double Exact(ElementType type) => type switch
    {
        ElementType.Double => 1L << 53,
        ElementType.Float => 1 << 24,
        ElementType.Float16 => 1 << 11,
        _ => 1 << 8,
    };

    /// <summary>A double rounded to a float type.</summary>
    public static double Round(double value, ElementType type) => type switch
    {
        ElementType.Float => (float)value,
        ElementType.Float16 => Narrow(value, 11, -24, 65504),
        ElementType.BFloat16 => Narrow(value, 8, -133, 3.3895313892515355e38),
        _ => value,
    };

    /// <summary>To nearest, ties to even, for a format of few bits whose least positive number is 2^least.</summary>
    private static double Narrow(double value, int bits, int least, double greatest)
    {
        if (value == 0 || double.IsNaN(value) || double.IsInfinity(value))
            return value;
        int exponent = (int)((BitConverter.DoubleToInt64Bits(value) >> 52) & 0x7FF) - 1023;
        double unit = Math.Pow(2, Math.Max(exponent - bits + 1, least));
        double rounded = Math.Round(value / unit, MidpointRounding.ToEven) * unit;
        return Math.Abs(rounded) <= greatest ? rounded : rounded > 0 ? double.PositiveInfinity : double.NegativeInfinity;
    }
}
