using System.Runtime.CompilerServices;
using Floats = System.Runtime.Intrinsics.Vector256<float>;
using Power = Ops.Simd.PowerOfTwo256;
using Vector = System.Runtime.Intrinsics.Vector256;

namespace Ops.Simd;

/// <summary>Elementary functions of float. Relative errors stay below 2.5e-7.</summary>
/// <remarks>
/// Vectors without a wrapper, because the compiler inlines only so many small methods into one. Polynomials are minimax fits to the
/// functions named beside them. Where a range is split, both sides are computed and one is selected, so that no lane depends on another.
/// </remarks>
internal static class FloatMath256
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private const float Log2E = 1.4426950408889634f;

    /// <summary>log 2 in two parts; the first has so few bits that its product with an exponent is exact.</summary>
    private const float Ln2High = 0.693359375f;

    private const float Ln2Low = -2.12194440054690583e-4f;

    [MethodImpl(Inline)]
    internal static Floats Exp(Floats x)
    {
        // Beyond the bounds the result is 0 or infinite in any case; within them nothing overflows on the way.
        x = Vector.MinNative(Vector.Create(89f), Vector.MaxNative(Vector.Create(-104f), x));
        Floats n = Vector.Round(x * Vector.Create(Log2E));
        Floats r = Reduce(x, n);

        // ((e^r - 1) / r - 1) / r up to log(2) / 2
        Floats p = Vector.Create(0.00831252057f);
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.0418901555f));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.166671142f));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.499992311f));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(1f));
        return Power.Scale(Vector.FusedMultiplyAdd(p, r, Vector.Create(1f)), n);
    }

    [MethodImpl(Inline)]
    internal static Floats Exp2(Floats x)
    {
        // The fraction, and the whole part in the exponent: an instruction each, which need no bounds, or the same by hand.
        Floats r, n = x;
        if (Power.HasFraction)
        {
            r = Power.Fraction(x);
        }
        else
        {
            x = Vector.MinNative(Vector.Create(129f), Vector.MaxNative(Vector.Create(-151f), x));
            n = Vector.Floor(x);
            r = x - n;
        }

        // (2^r - 1) / r from 0 to 1
        Floats p = Vector.Create(0.00186713052f);
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.00901702885f));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.0557999127f));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.240164444f));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.693151295f));
        return Power.Scale(Vector.FusedMultiplyAdd(p, r, Vector.Create(1f)), n);
    }

    [MethodImpl(Inline)]
    internal static Floats ExpOver(Floats x, Floats whole)
    {
        // Less is 0 in any case; a NaN, as the second operand, stays.
        x = Vector.MaxNative(Vector.Create(-2097152f), x);
        Floats n = Vector.Round(x * Vector.Create(Log2E));
        Floats r = Vector.FusedMultiplyAdd(n, Vector.Create(-(float)Constants.FloatLn2), x);

        // e^r up to log(2) / 2; few of its steps wait for each other.
        Floats square = r * r;
        Floats high = Vector.FusedMultiplyAdd(Vector.Create(0.00829028431f), r, Vector.Create(0.0418980382f));
        Floats middle = Vector.FusedMultiplyAdd(Vector.Create(0.166676372f), r, Vector.Create(0.499991477f));
        Floats low = Vector.FusedMultiplyAdd(Vector.Create(0.999999702f), r, Vector.Create(1f));
        return Power.Scale(Vector.FusedMultiplyAdd(Vector.FusedMultiplyAdd(high, square, middle), square, low), n - whole);
    }

    [MethodImpl(Inline)]
    internal static Floats Exp2Over(Floats x, Floats whole)
    {
        Floats r = Power.Residue(x), square = r * r;

        // 2^r up to 1/2, as above
        Floats high = Vector.FusedMultiplyAdd(Vector.Create(0.00132646952f), r, Vector.Create(0.00967153779f));
        Floats middle = Vector.FusedMultiplyAdd(Vector.Create(0.0555073409f), r, Vector.Create(0.240222412f));
        Floats low = Vector.FusedMultiplyAdd(Vector.Create(0.693146974f), r, Vector.Create(1f));
        return Power.Scale(Vector.FusedMultiplyAdd(Vector.FusedMultiplyAdd(high, square, middle), square, low), Vector.Round(x) - whole);
    }

    [MethodImpl(Inline)]
    internal static Floats Expm1(Floats x)
    {
        Floats bounded = Vector.MinNative(Vector.Create(89f), Vector.MaxNative(Vector.Create(-104f), x));
        Floats n = Vector.Round(bounded * Vector.Create(Log2E));
        Floats q = ExpMinusOne(Reduce(bounded, n));

        // 2^n (1 + q) - 1 in halves, because 2^n may overflow where the result does not.
        Floats half = Power.Scale(Vector.Create(0.5f), n);
        Floats result = Vector.FusedMultiplyAdd(half, q, half - Vector.Create(0.5f)) * Vector.Create(2f);
        return Vector.ConditionalSelect(Vector.Equals(x, Floats.Zero), x, result);
    }

    [MethodImpl(Inline)]
    internal static Floats Log(Floats x)
    {
        Floats e = Power.Exponent(x);
        Floats m = Power.Scale(x, -e);
        Floats upper = Vector.GreaterThan(m, Vector.Create(1.4142135623730951f));
        m = Vector.ConditionalSelect(upper, m * Vector.Create(0.5f), m);
        e = e + (upper & Vector.Create(1f));

        // ((log(1 + f) - f) / f^2 + 1/2) / f
        Floats f = m - Vector.Create(1f);
        Floats p = Vector.Create(0.0674664688f);
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(-0.116756541f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(0.118881607f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(-0.124055885f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(0.142195525f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(-0.166679959f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(0.200021187f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(-0.250000096f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(0.333333126f));
        Floats square = f * f;
        Floats tail = Vector.FusedMultiplyAdd(square * f, p, square * Vector.Create(-0.5f));
        Floats result = Vector.FusedMultiplyAdd(e, Vector.Create(Ln2High), f + Vector.FusedMultiplyAdd(e, Vector.Create(Ln2Low), tail));

        result = Vector.ConditionalSelect(Vector.Equals(x, Vector.Create(float.PositiveInfinity)), x, result);
        result = Vector.ConditionalSelect(Vector.Equals(x, Floats.Zero), Vector.Create(float.NegativeInfinity), result);
        return Vector.ConditionalSelect(Vector.LessThan(x, Floats.Zero), Vector.Create(float.NaN), result);
    }

    [MethodImpl(Inline)]
    internal static Floats Log1p(Floats x)
    {
        // The rounding error of 1 + x, which is exact to compute, enters to first order.
        Floats sum = Vector.Create(1f) + x;
        Floats error = x - (sum - Vector.Create(1f));
        Floats result = Log(sum);
        Floats plain = Vector.Equals(error, Floats.Zero) | Vector.Equals(Vector.Abs(sum), Vector.Create(float.PositiveInfinity));
        return Vector.ConditionalSelect(Vector.Equals(x, Floats.Zero), x, Vector.ConditionalSelect(plain, result, result + (error / sum)));
    }

    [MethodImpl(Inline)]
    internal static Floats Tanh(Floats x)
    {
        Floats magnitude = Vector.Abs(x);
        Floats large = Vector.CopySign(Vector.Create(1f) - (Vector.Create(2f) / (Exp(magnitude + magnitude) + Vector.Create(1f))), x);

        // (tanh x / x - 1) / x^2 in x^2
        Floats square = x * x;
        Floats p = Vector.Create(-0.00571704345f);
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.0206505858f));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.0537434976f));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.133314913f));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.333332839f));
        return Vector.ConditionalSelect(Vector.LessThan(magnitude, Vector.Create(0.625f)), x * Vector.FusedMultiplyAdd(square, p,
            Vector.Create(1f)), large);
    }

    [MethodImpl(Inline)]
    internal static Floats Erf(Floats x)
    {
        // -log(1 - erf x) from 0.9 to 4, beyond which erf is 1
        Floats magnitude = Vector.Abs(x);
        Floats bounded = Vector.MinNative(Vector.Create(4f), Vector.MaxNative(Floats.Zero, magnitude));
        Floats p = Vector.Create(2.08287743e-05f);
        p = Vector.FusedMultiplyAdd(p, bounded, Vector.Create(-0.000431395333f));
        p = Vector.FusedMultiplyAdd(p, bounded, Vector.Create(0.00415626332f));
        p = Vector.FusedMultiplyAdd(p, bounded, Vector.Create(-0.0250806382f));
        p = Vector.FusedMultiplyAdd(p, bounded, Vector.Create(0.108220417f));
        p = Vector.FusedMultiplyAdd(p, bounded, Vector.Create(0.633400822f));
        p = Vector.FusedMultiplyAdd(p, bounded, Vector.Create(1.12948842f));
        p = Vector.FusedMultiplyAdd(p, bounded, Vector.Create(-0.000169207924f));
        Floats large = Vector.CopySign(Vector.Create(1f) - Exp(-p), x);

        // erf x / x in x^2 from 0 to 1
        Floats square = x * x;
        p = Vector.Create(7.88912692e-05f);
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.000802084386f));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.00518953567f));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.0268544448f));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.112836002f));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.376126271f));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(1.12837917f));
        return Vector.ConditionalSelect(Vector.LessThan(magnitude, Vector.Create(0.95f)), x * p, large);
    }

    /// <summary>x - n log 2.</summary>
    [MethodImpl(Inline)]
    private static Floats Reduce(Floats x, Floats n) =>
        Vector.FusedMultiplyAdd(n, Vector.Create(-Ln2Low), Vector.FusedMultiplyAdd(n, Vector.Create(-Ln2High), x));

    /// <summary>e^r - 1 for |r| up to log(2) / 2: r + r^2 (1/2 + r/6 + ...).</summary>
    [MethodImpl(Inline)]
    internal static Floats ExpMinusOne(Floats r)
    {
        Floats p = Vector.Create(0.00139507253f);
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.00836902485f));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.0416662023f));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.166665177f));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.50000001f));
        return Vector.FusedMultiplyAdd(r * r, p, r);
    }
}
