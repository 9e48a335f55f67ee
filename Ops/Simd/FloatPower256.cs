using System.Runtime.CompilerServices;
using Floats = System.Runtime.Intrinsics.Vector256<float>;
using Power = Ops.Simd.PowerOfTwo256;
using Vector = System.Runtime.Intrinsics.Vector256;

namespace Ops.Simd;

/// <summary>Powers of float to any exponent, with IEEE 754's special cases. Relative errors stay below 2.5e-7.</summary>
/// <remarks>
/// Written as <see cref="FloatMath256"/> is. The logarithm is a sum of two floats, since the exponent multiplies its error.
/// </remarks>
internal static class FloatPower256
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    internal static Floats Pow(Floats x, Floats y)
    {
        Floats magnitude = Vector.Abs(x), infinity = Vector.Create(float.PositiveInfinity), one = Vector.Create(1f);
        Floats high = Log2(magnitude, out Floats low);
        Floats special = Vector.Equals(magnitude, Floats.Zero) | Vector.Equals(magnitude, infinity);
        high = Vector.ConditionalSelect(special, Vector.ConditionalSelect(Vector.Equals(magnitude, infinity), infinity, -infinity), high);

        Floats product = y * high, rest = Vector.FusedMultiplyAdd(y, high, -product) + (y * low);
        // Far beyond the least and the greatest result only the side matters, and what the rounding left may be infinite.
        Floats far = special | Vector.GreaterThanOrEqual(Vector.Abs(product), Vector.Create(200f));
        rest = Vector.ConditionalSelect(far, Floats.Zero, rest);
        Floats bounded = Vector.Min(Vector.Create(200f), Vector.Max(Vector.Create(-200f), product));
        Floats n = Vector.Round(bounded);
        Floats r = ((bounded - n) + rest) * Vector.Create(0.693147182f);
        Floats result = Power.Scale(one + FloatMath256.ExpMinusOne(r), n);

        // A whole exponent is odd if its half is not whole.
        Floats half = y * Vector.Create(0.5f), whole = Vector.Equals(Vector.Truncate(y), y),
            odd = Vector.AndNot(whole, Vector.Equals(Vector.Truncate(half), half));
        result = Vector.ConditionalSelect(Vector.Equals(magnitude, one), one, result);
        result |= x & odd & Vector.Create(-0f);
        Floats undefined = Vector.AndNot(Vector.LessThan(x, Floats.Zero) & Vector.LessThan(magnitude, infinity), whole)
            | ~(Vector.Equals(x, x) & Vector.Equals(y, y));
        result = Vector.ConditionalSelect(undefined, Vector.Create(float.NaN), result);
        return Vector.ConditionalSelect(Vector.Equals(y, Floats.Zero) | Vector.Equals(x, one), one, result);
    }

    /// <summary>The logarithm to the base 2 of positive finite numbers, as a sum of two floats.</summary>
    [MethodImpl(Inline)]
    private static Floats Log2(Floats x, out Floats low)
    {
        Floats e = Power.Exponent(x);
        Floats m = Power.Scale(x, -e);
        Floats upper = Vector.GreaterThan(m, Vector.Create(1.4142135623730951f));
        m = Vector.ConditionalSelect(upper, m * Vector.Create(0.5f), m);
        e += upper & Vector.Create(1f);

        // log m = 2 artanh s with s = (m - 1) / (m + 1), both s and the denominator as a sum of two.
        Floats f = m - Vector.Create(1f), denominator = m + Vector.Create(1f), small = m - (denominator - Vector.Create(1f));
        Floats s = f / denominator;
        Floats error = Vector.FusedMultiplyAdd(-s, small, Vector.FusedMultiplyAdd(-s, denominator, f)) / denominator;

        // (2 artanh s - 2 s) / (s^3 log 2) in s^2
        Floats square = s * s, p = Vector.Create(0.3402205f);
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.411706237f));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.577082854f));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.961796679f));
        p = square * s * p;

        // 2 / log 2 in two parts.
        Floats t = s * Vector.Create(2.88539004f);
        Floats rest = Vector.FusedMultiplyAdd(s, Vector.Create(2.88539004f), -t);
        rest = Vector.FusedMultiplyAdd(s, Vector.Create(3.85192607e-08f), rest);
        rest = Vector.FusedMultiplyAdd(error, Vector.Create(2.88539004f), rest);
        Floats sum = t + p;
        rest += p - (sum - t);
        Floats high = e + sum;
        low = rest + (sum - (high - e));
        return high;
    }
}
