using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ops;

/// <summary>The upper half of an IEEE binary32: 1 sign, 8 exponent and 7 fraction bits.</summary>
/// <remarks>Widening to float is exact. Narrowing rounds to nearest, ties to even, in one step, from float as from double.</remarks>
public readonly struct BFloat16 : IEquatable<BFloat16>, IComparable<BFloat16>, IComparable, IFormattable,
    IEqualityOperators<BFloat16, BFloat16, bool>, IComparisonOperators<BFloat16, BFloat16, bool>
{
    private readonly ushort _bits;

    private BFloat16(ushort bits) => _bits = bits;

    /// <summary>Zero.</summary>
    public static BFloat16 Zero => default;

    /// <summary>One.</summary>
    public static BFloat16 One => new(0x3F80);

    /// <summary>A quiet NaN.</summary>
    public static BFloat16 NaN => new(0xFFC0);

    /// <summary>Positive infinity.</summary>
    public static BFloat16 PositiveInfinity => new(0x7F80);

    /// <summary>Negative infinity.</summary>
    public static BFloat16 NegativeInfinity => new(0xFF80);

    /// <summary>Negative zero.</summary>
    public static BFloat16 NegativeZero => new(0x8000);

    /// <summary>The largest finite value, 3.38953139e38.</summary>
    public static BFloat16 MaxValue => new(0x7F7F);

    /// <summary>The smallest finite value, -3.38953139e38.</summary>
    public static BFloat16 MinValue => new(0xFF7F);

    /// <summary>The smallest positive value, 2^-133 (subnormal).</summary>
    public static BFloat16 Epsilon => new(0x0001);

    /// <summary>The value whose representation is <paramref name="bits"/>.</summary>
    public static BFloat16 FromBits(ushort bits) => new(bits);

    /// <summary>The representation of this value.</summary>
    public ushort ToBits() => _bits;

    /// <summary>Whether <paramref name="value"/> is a NaN.</summary>
    public static bool IsNaN(BFloat16 value) => (value._bits & 0x7FFF) > 0x7F80;

    /// <summary>Whether <paramref name="value"/> is an infinity.</summary>
    public static bool IsInfinity(BFloat16 value) => (value._bits & 0x7FFF) == 0x7F80;

    /// <summary>Whether <paramref name="value"/> is neither an infinity nor a NaN.</summary>
    public static bool IsFinite(BFloat16 value) => (value._bits & 0x7FFF) < 0x7F80;

    /// <summary>Whether the sign bit of <paramref name="value"/> is set, as in -0.</summary>
    public static bool IsNegative(BFloat16 value) => (value._bits & 0x8000) != 0;

    /// <summary>Widens exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value._bits << 16);

    /// <summary>Widens exactly.</summary>
    public static implicit operator double(BFloat16 value) => (float)value;

    /// <summary>
    /// Rounds to nearest, ties to even; overflow gives an infinity, a NaN stays a quiet NaN with its sign and upper payload.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if ((bits & 0x7FFFFFFF) > 0x7F800000) return new((ushort)((bits >> 16) | 0x40));
        return new((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>Rounds to nearest, ties to even, in one step; overflow gives an infinity.</summary>
    public static explicit operator BFloat16(double value)
    {
        // Rounding to odd on the way keeps the sticky bit, so that the second rounding sees what the first dropped.
        float near = (float)value;
        if (near != value && float.IsFinite(near))
        {
            uint bits = BitConverter.SingleToUInt32Bits(near);
            if (Math.Abs((double)near) > Math.Abs(value)) bits--;
            near = BitConverter.UInt32BitsToSingle(bits | 1);
        }

        return (BFloat16)near;
    }

    /// <summary>IEEE equality: NaN differs from everything, -0 equals +0.</summary>
    public static bool operator ==(BFloat16 left, BFloat16 right) => (float)left == (float)right;

    /// <summary>The opposite of <c>==</c>.</summary>
    public static bool operator !=(BFloat16 left, BFloat16 right) => (float)left != (float)right;

    /// <summary>IEEE order; false if either is NaN.</summary>
    public static bool operator <(BFloat16 left, BFloat16 right) => (float)left < (float)right;

    /// <summary>IEEE order; false if either is NaN.</summary>
    public static bool operator >(BFloat16 left, BFloat16 right) => (float)left > (float)right;

    /// <summary>IEEE order; false if either is NaN.</summary>
    public static bool operator <=(BFloat16 left, BFloat16 right) => (float)left <= (float)right;

    /// <summary>IEEE order; false if either is NaN.</summary>
    public static bool operator >=(BFloat16 left, BFloat16 right) => (float)left >= (float)right;

    /// <summary>Changes the sign, also of zero and NaN.</summary>
    public static BFloat16 operator -(BFloat16 value) => new((ushort)(value._bits ^ 0x8000));

    /// <inheritdoc/>
    /// <remarks>As for float: NaN equals NaN, -0 equals +0.</remarks>
    public bool Equals(BFloat16 other) => ((float)this).Equals(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((float)this).GetHashCode();

    /// <inheritdoc/>
    /// <remarks>As for float: NaN comes before everything.</remarks>
    public int CompareTo(BFloat16 other) => ((float)this).CompareTo(other);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        BFloat16 other => CompareTo(other),
        _ => throw new ArgumentException($"A {nameof(BFloat16)} does not compare with a {obj.GetType().Name}.", nameof(obj)),
    };

    /// <inheritdoc/>
    public override string ToString() => ((float)this).ToString();

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ((float)this).ToString(format, formatProvider);
}
