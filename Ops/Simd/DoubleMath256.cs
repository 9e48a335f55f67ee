using System.Runtime.CompilerServices;
using Doubles = System.Runtime.Intrinsics.Vector256<double>;
using Power = Ops.Simd.PowerOfTwo256;
using Vector = System.Runtime.Intrinsics.Vector256;

namespace Ops.Simd;

/// <summary>Elementary functions of double. Relative errors stay below 1e-15, of erf below 4e-15.</summary>
/// <remarks>
/// Vectors without a wrapper, because the compiler inlines only so many small methods into one. Polynomials are minimax fits to the
/// functions named beside them. Where a range is split, both sides are computed and one is selected, so that no lane depends on another.
/// </remarks>
internal static class DoubleMath256
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private const double Log2E = 1.4426950408889634;

    /// <summary>log 2 in two parts; the first has so few bits that its product with an exponent is exact.</summary>
    private const double Ln2High = 0.693147180369123816490;

    private const double Ln2Low = 1.90821492927058770002e-10;

    [MethodImpl(Inline)]
    internal static Doubles Exp(Doubles x)
    {
        // Beyond the bounds the result is 0 or infinite in any case; within them nothing overflows on the way.
        x = Vector.MinNative(Vector.Create(710.0), Vector.MaxNative(Vector.Create(-746.0), x));
        Doubles n = Vector.Round(x * Vector.Create(Log2E));
        Doubles r = Reduce(x, n);
        return Power.Scale(Vector.Create(1.0) + ExpMinusOne(r), n);
    }

    [MethodImpl(Inline)]
    internal static Doubles Exp2(Doubles x)
    {
        x = Vector.MinNative(Vector.Create(1025.0), Vector.MaxNative(Vector.Create(-1076.0), x));
        Doubles n = Vector.Round(x);
        return Power.Scale(Vector.Create(1.0) + ExpMinusOne((x - n) * Vector.Create(0.6931471805599453)), n);
    }

    [MethodImpl(Inline)]
    internal static Doubles ExpOver(Doubles x, Doubles whole)
    {
        x = Vector.MaxNative(Vector.Create(-2097152.0), x);
        Doubles n = Vector.Round(x * Vector.Create(Log2E));
        Doubles r = Vector.FusedMultiplyAdd(n, Vector.Create(-Constants.DoubleLn2), x);
        return Power.Scale(Vector.Create(1.0) + ExpMinusOne(r), n - whole);
    }

    [MethodImpl(Inline)]
    internal static Doubles Exp2Over(Doubles x, Doubles whole) =>
        Power.Scale(Vector.Create(1.0) + ExpMinusOne(Power.Residue(x) * Vector.Create(Constants.DoubleLn2)), Vector.Round(x) - whole);

    [MethodImpl(Inline)]
    internal static Doubles Expm1(Doubles x)
    {
        Doubles bounded = Vector.MinNative(Vector.Create(710.0), Vector.MaxNative(Vector.Create(-746.0), x));
        Doubles n = Vector.Round(bounded * Vector.Create(Log2E));
        Doubles q = ExpMinusOne(Reduce(bounded, n));

        // 2^n (1 + q) - 1 in halves, because 2^n may overflow where the result does not.
        Doubles half = Power.Scale(Vector.Create(0.5), n);
        Doubles result = Vector.FusedMultiplyAdd(half, q, half - Vector.Create(0.5)) * Vector.Create(2.0);
        return Vector.ConditionalSelect(Vector.Equals(x, Doubles.Zero), x, result);
    }

    [MethodImpl(Inline)]
    internal static Doubles Log(Doubles x)
    {
        Doubles e = Power.Exponent(x);
        Doubles m = Power.Scale(x, -e);
        Doubles upper = Vector.GreaterThan(m, Vector.Create(1.4142135623730951));
        m = Vector.ConditionalSelect(upper, m * Vector.Create(0.5), m);
        e = e + (upper & Vector.Create(1.0));

        // log(1 + f) = 2 artanh s with s = f / (2 + f); (2 artanh s - 2 s) / s^3 in s^2
        Doubles f = m - Vector.Create(1.0);
        Doubles s = f / (f + Vector.Create(2.0));
        Doubles square = s * s;
        Doubles p = Vector.Create(0.14797507719017533);
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.15313903245646124));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.1818356973985334));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.22222198475985216));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.2857142874326269));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.3999999999941109));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.6666666666666735));

        // 2 s = f - s f, so that the leading term is exact.
        Doubles tail = s * ((square * p) - f);
        Doubles result = Vector.FusedMultiplyAdd(e, Vector.Create(Ln2High), f + Vector.FusedMultiplyAdd(e, Vector.Create(Ln2Low), tail));

        result = Vector.ConditionalSelect(Vector.Equals(x, Vector.Create(double.PositiveInfinity)), x, result);
        result = Vector.ConditionalSelect(Vector.Equals(x, Doubles.Zero), Vector.Create(double.NegativeInfinity), result);
        return Vector.ConditionalSelect(Vector.LessThan(x, Doubles.Zero), Vector.Create(double.NaN), result);
    }

    [MethodImpl(Inline)]
    internal static Doubles Log1p(Doubles x)
    {
        // The rounding error of 1 + x, which is exact to compute, enters to first order.
        Doubles sum = Vector.Create(1.0) + x;
        Doubles error = x - (sum - Vector.Create(1.0));
        Doubles result = Log(sum);
        Doubles plain = Vector.Equals(error, Doubles.Zero) | Vector.Equals(Vector.Abs(sum), Vector.Create(double.PositiveInfinity));
        return Vector.ConditionalSelect(Vector.Equals(x, Doubles.Zero), x, Vector.ConditionalSelect(plain, result, result + (error / sum)));
    }

    [MethodImpl(Inline)]
    internal static Doubles Tanh(Doubles x)
    {
        Doubles magnitude = Vector.Abs(x);
        Doubles large = Vector.CopySign(Vector.Create(1.0) - (Vector.Create(2.0) / (Exp(magnitude + magnitude) + Vector.Create(1.0))), x);

        // (tanh x / x - 1) / x^2 in x^2
        Doubles square = x * x;
        Doubles p = Vector.Create(6.856927789022621e-05);
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.000229134987093033));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.0005879710743837299));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.0014555686205067297));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.00359210589143769));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.008863234346110464));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.021869488496935038));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.053968253967506444));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.13333333333332628));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.3333333333333333));
        return Vector.ConditionalSelect(Vector.LessThan(magnitude, Vector.Create(0.4)), x * Vector.FusedMultiplyAdd(square, p,
            Vector.Create(1.0)), large);
    }

    [MethodImpl(Inline)]
    internal static Doubles Erf(Doubles x)
    {
        // (1 - erf x) e^(x^2) from 1 to 6, beyond which erf is 1, in u = (x - 2.5) / (x + 2.5)
        Doubles magnitude = Vector.Abs(x);
        Doubles bounded = Vector.MinNative(Vector.Create(6.0), Vector.MaxNative(Vector.Create(1.0), magnitude));
        Doubles u = (bounded - Vector.Create(2.5)) / (bounded + Vector.Create(2.5));
        Doubles p = Vector.Create(8.135377287503318e-06);
        p = Vector.FusedMultiplyAdd(p, u, Vector.Create(1.813476654098255e-05));
        p = Vector.FusedMultiplyAdd(p, u, Vector.Create(-3.446788415049279e-05));
        p = Vector.FusedMultiplyAdd(p, u, Vector.Create(-0.0001288824584439943));
        p = Vector.FusedMultiplyAdd(p, u, Vector.Create(0.00022840770456592987));
        p = Vector.FusedMultiplyAdd(p, u, Vector.Create(0.0008759203175200295));
        p = Vector.FusedMultiplyAdd(p, u, Vector.Create(-0.0026423665838702587));
        p = Vector.FusedMultiplyAdd(p, u, Vector.Create(-0.003993701373379635));
        p = Vector.FusedMultiplyAdd(p, u, Vector.Create(0.03992253907167088));
        p = Vector.FusedMultiplyAdd(p, u, Vector.Create(-0.12503305237679072));
        p = Vector.FusedMultiplyAdd(p, u, Vector.Create(0.2517131932175494));
        p = Vector.FusedMultiplyAdd(p, u, Vector.Create(-0.3717367339489748));
        p = Vector.FusedMultiplyAdd(p, u, Vector.Create(0.21080636406114353));
        Doubles large = Vector.CopySign(Vector.FusedMultiplyAdd(-p, Exp(-(bounded * bounded)), Vector.Create(1.0)), x);

        // erf x / x in x^2 from 0 to 1
        Doubles square = x * x;
        p = Vector.Create(-7.801188874097751e-10);
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(1.3722976265924504e-08));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-1.6209175911748696e-07));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(1.6447517677871873e-06));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-1.4924744663335489e-05));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.00012055295320494294));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.0008548325989696758));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.005223977607423468));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.02686617064327622));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(0.11283791670945253));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(-0.3761263890318355));
        p = Vector.FusedMultiplyAdd(p, square, Vector.Create(1.1283791670955126));
        return Vector.ConditionalSelect(Vector.LessThan(magnitude, Vector.Create(1.0)), x * p, large);
    }

    /// <summary>x - n log 2.</summary>
    [MethodImpl(Inline)]
    private static Doubles Reduce(Doubles x, Doubles n) =>
        Vector.FusedMultiplyAdd(n, Vector.Create(-Ln2Low), Vector.FusedMultiplyAdd(n, Vector.Create(-Ln2High), x));

    /// <summary>e^r - 1 for |r| up to log(2) / 2: r + r^2 (1/2 + r/6 + ...).</summary>
    [MethodImpl(Inline)]
    private static Doubles ExpMinusOne(Doubles r)
    {
        Doubles p = Vector.Create(2.092708691909795e-09);
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(2.511246925209774e-08));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(2.755723286573498e-07));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(2.755723358717017e-06));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(2.480158737436935e-05));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.00019841269897699897));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.0013888888888858083));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.008333333333316484));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.04166666666666673));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.16666666666666685));
        p = Vector.FusedMultiplyAdd(p, r, Vector.Create(0.5));
        return Vector.FusedMultiplyAdd(r * r, p, r);
    }
}
