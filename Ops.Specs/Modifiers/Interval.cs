using System.Runtime.CompilerServices;

namespace Ops.Specs.Modifiers;

/// <summary>What is known of a number, or of a truth as 0 and 1: bounds, and whether it may be NaN.</summary>
/// <remarks>Infinite bounds belong to the interval. Finite numbers are taken to stay finite: overflow to infinity is left out of
/// account.</remarks>
public readonly struct Interval(double low, double high, bool mayBeNaN = false) : IEquatable<Interval>
{
    // Of a float function's result the bounds may be off by its rounding; wider by more than any has.
    private const double Slack = 1e-5;

    /// <summary>The least number it can be.</summary>
    public double Low { get; } = low;

    /// <summary>The greatest number it can be.</summary>
    public double High { get; } = high;

    /// <summary>Whether it can be NaN besides.</summary>
    public bool MayBeNaN { get; } = mayBeNaN;

    /// <summary>Anything.</summary>
    public static Interval All => new(double.NegativeInfinity, double.PositiveInfinity, true);

    /// <summary>Any finite number.</summary>
    public static Interval Finite => new(-1e30, 1e30);

    /// <summary>True or false.</summary>
    public static Interval Either => new(0, 1);

    /// <summary>One number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval Of(double value) =>
        double.IsNaN(value) ? new(double.PositiveInfinity, double.NegativeInfinity, true) : new(value, value);

    /// <summary>One truth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval Of(bool value) => value ? new(1, 1) : new(0, 0);

    /// <summary>Whether it is a single number.</summary>
    public bool IsPoint => Low == High && !MayBeNaN;

    /// <summary>Whether it is surely true.</summary>
    public bool IsTrue => Low == 1 && High == 1;

    /// <summary>Whether it is surely false.</summary>
    public bool IsFalse => Low == 0 && High == 0;

    /// <summary>Whether it is -inf and nothing else.</summary>
    public bool IsNegativeInfinity => High == double.NegativeInfinity && Low == double.NegativeInfinity && !MayBeNaN;

    /// <summary>Whether every number of it is finite.</summary>
    public bool IsFinite => !MayBeNaN && Low > double.NegativeInfinity && High < double.PositiveInfinity;

    /// <summary>Whether it lies within bounds and is never NaN.</summary>
    public bool Within(double low, double high) => Low >= low && High <= high && !MayBeNaN;

    private bool HasNumber => Low <= High;

    private bool HasPositiveInfinity => High == double.PositiveInfinity;

    private bool HasNegativeInfinity => Low == double.NegativeInfinity;

    /// <summary>Everything that either can be.</summary>
    public Interval Union(Interval other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High), MayBeNaN || other.MayBeNaN);

    /// <summary>Sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval operator +(Interval x, Interval y)
    {
        bool nan = x.MayBeNaN || y.MayBeNaN || x.HasPositiveInfinity && y.HasNegativeInfinity
            || x.HasNegativeInfinity && y.HasPositiveInfinity;
        double low = x.Low + y.Low, high = x.High + y.High;
        return new(double.IsNaN(low) ? double.NegativeInfinity : low, double.IsNaN(high) ? double.PositiveInfinity : high, nan);
    }

    /// <summary>Difference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval operator -(Interval x, Interval y) => x + -y;

    /// <summary>Negation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval operator -(Interval x) => new(-x.High, -x.Low, x.MayBeNaN);

    /// <summary>Product.</summary>
    public static Interval operator *(Interval x, Interval y)
    {
        if (!x.HasNumber || !y.HasNumber)
            return All;
        bool zeroX = x.Low <= 0 && x.High >= 0, zeroY = y.Low <= 0 && y.High >= 0;
        bool infinite = x.HasNegativeInfinity || x.HasPositiveInfinity, infiniteY = y.HasNegativeInfinity || y.HasPositiveInfinity;
        bool nan = x.MayBeNaN || y.MayBeNaN || zeroX && infiniteY || zeroY && infinite;
        double a = Times(x.Low, y.Low), b = Times(x.Low, y.High), c = Times(x.High, y.Low), d = Times(x.High, y.High);
        return new(Math.Min(Math.Min(a, b), Math.Min(c, d)), Math.Max(Math.Max(a, b), Math.Max(c, d)), nan);
    }

    /// <summary>Quotient of reals.</summary>
    public static Interval operator /(Interval x, Interval y)
    {
        if (!x.HasNumber || !y.HasNumber || y.Low <= 0 && y.High >= 0)
            return All;
        bool nan = x.MayBeNaN || y.MayBeNaN
            || (x.HasNegativeInfinity || x.HasPositiveInfinity) && (y.HasNegativeInfinity || y.HasPositiveInfinity);
        double a = Over(x.Low, y.Low), b = Over(x.Low, y.High), c = Over(x.High, y.Low), d = Over(x.High, y.High);
        return new Interval(Math.Min(Math.Min(a, b), Math.Min(c, d)), Math.Max(Math.Max(a, b), Math.Max(c, d)), nan);
    }

    /// <summary>The integer quotient, truncated.</summary>
    public static Interval Quotient(Interval x, Interval y)
    {
        if (y.Low <= 0 && y.High >= 0)
            return new(Math.Min(x.Low, -x.High), Math.Max(x.High, -x.Low));
        Interval q = x / y;
        return new(Math.Truncate(q.Low), Math.Truncate(q.High));
    }

    /// <summary>The remainder with the divisor's sign, or with the dividend's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval Modulo(Interval x, Interval y, bool signOfDividend)
    {
        if (y.IsPoint && y.Low > 0 && x.IsFinite)
        {
            // Within one period it is a difference.
            double n = y.Low, first = signOfDividend ? Math.Truncate(x.Low / n) : Math.Floor(x.Low / n),
                last = signOfDividend ? Math.Truncate(x.High / n) : Math.Floor(x.High / n);
            if (first == last && !(signOfDividend && x.Low < 0 && x.High > 0))
                return new(x.Low - first * n, x.High - first * n);
            // Reals reach the period itself but for rounding.
            return signOfDividend ? new(x.Low < 0 ? -n : 0, x.High > 0 ? n : 0) : new(0, n);
        }
        double bound = Math.Max(Math.Abs(y.Low), Math.Abs(y.High));
        return double.IsNaN(bound) ? All : new(-bound, bound, x.MayBeNaN || y.MayBeNaN || !x.IsFinite || y.Low <= 0 && y.High >= 0);
    }

    /// <summary>The smaller one.</summary>
    public static Interval Min(Interval x, Interval y) => new(Math.Min(x.Low, y.Low), Math.Min(x.High, y.High), x.MayBeNaN || y.MayBeNaN);

    /// <summary>The larger one.</summary>
    public static Interval Max(Interval x, Interval y) => new(Math.Max(x.Low, y.Low), Math.Max(x.High, y.High), x.MayBeNaN || y.MayBeNaN);

    /// <summary>The magnitude.</summary>
    public static Interval Abs(Interval x) => x.Low >= 0 ? x : x.High <= 0 ? -x : new(0, Math.Max(-x.Low, x.High), x.MayBeNaN);

    /// <summary>A function that never falls.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="function">The function.</param>
    /// <param name="isExact">Whether kernels give exactly what it gives.</param>
    public static Interval Rising(Interval x, Func<double, double> function, bool isExact = false)
    {
        double low = function(x.Low), high = function(x.High);
        bool nan = x.MayBeNaN || double.IsNaN(low) || double.IsNaN(high);
        if (double.IsNaN(low)) low = double.NegativeInfinity;
        if (double.IsNaN(high)) high = double.PositiveInfinity;
        return isExact ? new(low, high, nan) : new(Widened(low, -Slack), Widened(high, Slack), nan);
    }

    /// <summary>x to the power of y.</summary>
    public static Interval Power(Interval x, Interval y)
    {
        if (!x.IsFinite || !y.IsFinite)
            return All;
        // Of 0 itself it is 0, 1 or infinite, and a zero may be negative.
        if (x.Low == 0)
            return y.Low < 0 ? new(double.NegativeInfinity, double.PositiveInfinity)
                : new(0, Widened(Math.Max(1, Math.Max(Math.Pow(x.High, y.Low), Math.Pow(x.High, y.High))), Slack));
        if (x.Low < 0)
        {
            // A small whole power of anything.
            if (y.IsPoint && y.Low == Math.Floor(y.Low) && y.Low is >= 0 and <= 64)
            {
                double bound = Widened(Math.Pow(Math.Max(-x.Low, x.High), y.Low), Slack);
                return new(y.Low % 2 == 0 ? 0 : -bound, Math.Max(bound, 1));
            }
            return All;
        }
        double a = Math.Pow(x.Low, y.Low), b = Math.Pow(x.Low, y.High), c = Math.Pow(x.High, y.Low), d = Math.Pow(x.High, y.High);
        return new(Widened(Math.Min(Math.Min(a, b), Math.Min(c, d)), -Slack), Widened(Math.Max(Math.Max(a, b), Math.Max(c, d)), Slack));
    }

    /// <summary>Whether x &lt; y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval Less(Interval x, Interval y) =>
        x.High < y.Low && !x.MayBeNaN && !y.MayBeNaN ? Of(true) : !(x.Low < y.High) ? Of(false) : Either;

    /// <summary>Whether x &lt;= y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval LessOrEqual(Interval x, Interval y) =>
        x.High <= y.Low && !x.MayBeNaN && !y.MayBeNaN ? Of(true) : !(x.Low <= y.High) ? Of(false) : Either;

    /// <summary>Whether x == y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval Equal(Interval x, Interval y) =>
        x.IsPoint && y.IsPoint && x.Low == y.Low ? Of(true) : !(x.Low <= y.High && y.Low <= x.High) ? Of(false) : Either;

    /// <summary>Both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval And(Interval x, Interval y) => new(Math.Min(x.Low, y.Low), Math.Min(x.High, y.High));

    /// <summary>Either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval Or(Interval x, Interval y) => new(Math.Max(x.Low, y.Low), Math.Max(x.High, y.High));

    /// <summary>Just one.</summary>
    public static Interval Xor(Interval x, Interval y) => x.IsPoint && y.IsPoint ? Of(x.Low != y.Low) : Either;

    /// <summary>Not.</summary>
    public static Interval Not(Interval x) => new(1 - x.High, 1 - x.Low);

    /// <summary>One of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval Select(Interval condition, Interval whenTrue, Interval whenFalse) =>
        condition.IsTrue ? whenTrue : condition.IsFalse ? whenFalse : whenTrue.Union(whenFalse);

    /// <inheritdoc/>
    public bool Equals(Interval other) => Low.Equals(other.Low) && High.Equals(other.High) && MayBeNaN == other.MayBeNaN;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Interval other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Low.GetHashCode() * 31 + High.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"[{Low}, {High}]{(MayBeNaN ? " or NaN" : "")}");

    private static double Widened(double bound, double slack) => double.IsInfinity(bound) ? bound : bound + Math.Abs(bound) * slack;

    // 0 * inf adds nothing to the bounds; that it is NaN is told apart.
    private static double Times(double x, double y) => x == 0 || y == 0 ? 0 : x * y;

    private static double Over(double x, double y)
    {
        double quotient = x / y;
        return double.IsNaN(quotient) ? 0 : quotient;
    }
}
