using System.Globalization;

namespace Ops.Specs.Symbolic;

/// <summary>An IEEE double that inference may not know.</summary>
public readonly struct Real : IEquatable<Real>
{
    private readonly double value;

    private Real(double value)
    {
        this.value = value;
        IsKnown = true;
    }

    /// <summary>Not known; the default value.</summary>
    public static Real Unknown => default;

    /// <summary>Whether the value is known.</summary>
    public bool IsKnown { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">It is not known.</exception>
    public double Value => IsKnown ? value : throw new InvalidOperationException("The real value is not known.");

    /// <summary>The value, or <paramref name="otherwise"/>.</summary>
    public double ValueOr(double otherwise) => IsKnown ? value : otherwise;

    /// <summary>A known real.</summary>
    public static implicit operator Real(double value) => new(value);

    /// <summary>An exact number as a real; unknown when it is neither a known integer nor a fraction of such.</summary>
    public static implicit operator Real(Dim value) => value.ToDouble() is { } known ? new Real(known) : Unknown;

    /// <summary>Sum.</summary>
    public static Real operator +(Real left, Real right) => Both(left, right) ? left.value + right.value : Unknown;

    /// <summary>Difference.</summary>
    public static Real operator -(Real left, Real right) => Both(left, right) ? left.value - right.value : Unknown;

    /// <summary>Negation.</summary>
    public static Real operator -(Real operand) => operand.IsKnown ? -operand.value : Unknown;

    /// <summary>Product.</summary>
    public static Real operator *(Real left, Real right) => Both(left, right) ? left.value * right.value : Unknown;

    /// <summary>Quotient.</summary>
    public static Real operator /(Real left, Real right) => Both(left, right) ? left.value / right.value : Unknown;

    /// <summary>The remainder, with the sign of the divisor.</summary>
    public static Real operator %(Real left, Real right) =>
        Both(left, right) ? left.value - right.value * Math.Floor(left.value / right.value) : Unknown;

    /// <summary>IEEE equality.</summary>
    public static Truth operator ==(Real left, Real right) => Both(left, right) ? left.value == right.value : Truth.Unknown;

    /// <summary>IEEE inequality.</summary>
    public static Truth operator !=(Real left, Real right) => Both(left, right) ? left.value != right.value : Truth.Unknown;

    /// <summary>Less; false for NaN.</summary>
    public static Truth operator <(Real left, Real right) => Both(left, right) ? left.value < right.value : Truth.Unknown;

    /// <summary>Greater; false for NaN.</summary>
    public static Truth operator >(Real left, Real right) => Both(left, right) ? left.value > right.value : Truth.Unknown;

    /// <summary>Less or equal; false for NaN.</summary>
    public static Truth operator <=(Real left, Real right) => Both(left, right) ? left.value <= right.value : Truth.Unknown;

    /// <summary>Greater or equal; false for NaN.</summary>
    public static Truth operator >=(Real left, Real right) => Both(left, right) ? left.value >= right.value : Truth.Unknown;

    /// <summary>The square root.</summary>
    public static Real Sqrt(Real x) => x.IsKnown ? Math.Sqrt(x.value) : Unknown;

    /// <summary>The value rounded to a float.</summary>
    public static Real Float(Real x) => x.IsKnown ? (double)(float)x.value : Unknown;

    /// <summary>The absolute value.</summary>
    public static Real Abs(Real x) => x.IsKnown ? Math.Abs(x.value) : Unknown;

    /// <summary>The lesser.</summary>
    public static Real Min(Real left, Real right) => Both(left, right) ? Math.Min(left.value, right.value) : Unknown;

    /// <summary>The greater.</summary>
    public static Real Max(Real left, Real right) => Both(left, right) ? Math.Max(left.value, right.value) : Unknown;

    /// <summary>The greatest integer not above; unknown where it does not fit 64 bits.</summary>
    public static Dim Floor(Real x) => ToDim(x, Math.Floor);

    /// <summary>The least integer not below; unknown where it does not fit 64 bits.</summary>
    public static Dim Ceil(Real x) => ToDim(x, Math.Ceiling);

    /// <inheritdoc/>
    public bool Equals(Real other) => IsKnown == other.IsKnown && value.Equals(other.value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Real other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => IsKnown ? value.ToString("R", CultureInfo.InvariantCulture) : "?";

    private static bool Both(Real left, Real right) => left.IsKnown && right.IsKnown;

    private static Dim ToDim(Real x, Func<double, double> round)
    {
        double rounded = x.IsKnown ? round(x.value) : double.NaN;
        return Math.Abs(rounded) < 9e18 ? (Dim)(long)rounded : Dim.Unknown;
    }
}
