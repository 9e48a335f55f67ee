using System.Runtime.CompilerServices;

namespace Ops.Simd;

/// <summary>Elementary functions of double, the same operations at every width. Relative errors stay below 1e-15, of erf below 4e-15.</summary>
/// <remarks>
/// Polynomials are minimax fits to the functions named beside them. Where a range is split, both sides are computed and one is selected,
/// so that no lane depends on another.
/// </remarks>
internal static class DoubleMath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private const double Log2E = 1.4426950408889634;

    /// <summary>log 2 in two parts; the first has so few bits that its product with an exponent is exact.</summary>
    private const double Ln2High = 0.693147180369123816490;

    private const double Ln2Low = 1.90821492927058770002e-10;

    [MethodImpl(Inline)]
    internal static V Exp<V>(V x)
        where V : struct, ISimd<V, double>
    {
        // Beyond the bounds the result is 0 or infinite in any case; within them nothing overflows on the way.
        x = V.Clamp(x, V.Constant(-746), V.Constant(710));
        V n = V.Round(x * V.Constant(Log2E));
        V r = Reduce(x, n);
        return V.Scale(V.Constant(1) + ExpMinusOne(r), n);
    }

    [MethodImpl(Inline)]
    internal static V Exp2<V>(V x)
        where V : struct, ISimd<V, double>
    {
        x = V.Clamp(x, V.Constant(-1076), V.Constant(1025));
        V n = V.Round(x);
        return V.Scale(V.Constant(1) + ExpMinusOne((x - n) * V.Constant(0.6931471805599453)), n);
    }

    [MethodImpl(Inline)]
    internal static V Expm1<V>(V x)
        where V : struct, ISimd<V, double>
    {
        V bounded = V.Clamp(x, V.Constant(-746), V.Constant(710));
        V n = V.Round(bounded * V.Constant(Log2E));
        V q = ExpMinusOne(Reduce(bounded, n));

        // 2^n (1 + q) - 1 in halves, because 2^n may overflow where the result does not.
        V half = V.Scale(V.Constant(0.5), n);
        V result = V.FusedMultiplyAdd(half, q, half - V.Constant(0.5)) * V.Constant(2);
        return V.Select(V.Equal(x, V.Zero), x, result);
    }

    [MethodImpl(Inline)]
    internal static V Log<V>(V x)
        where V : struct, ISimd<V, double>
    {
        V e = V.Exponent(x);
        V m = V.Scale(x, -e);
        V upper = V.Greater(m, V.Constant(1.4142135623730951));
        m = V.Select(upper, m * V.Constant(0.5), m);
        e = e + (upper & V.Constant(1));

        // log(1 + f) = 2 artanh s with s = f / (2 + f); (2 artanh s - 2 s) / s^3 in s^2
        V f = m - V.Constant(1);
        V s = f / (f + V.Constant(2));
        V square = s * s;
        V p = V.Constant(0.14797507719017533);
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.15313903245646124));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.1818356973985334));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.22222198475985216));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.2857142874326269));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.3999999999941109));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.6666666666666735));

        // 2 s = f - s f, so that the leading term is exact.
        V tail = s * ((square * p) - f);
        V result = V.FusedMultiplyAdd(e, V.Constant(Ln2High), f + V.FusedMultiplyAdd(e, V.Constant(Ln2Low), tail));

        result = V.Select(V.Equal(x, V.Constant(double.PositiveInfinity)), x, result);
        result = V.Select(V.Equal(x, V.Zero), V.Constant(double.NegativeInfinity), result);
        return V.Select(V.Less(x, V.Zero), V.Constant(double.NaN), result);
    }

    [MethodImpl(Inline)]
    internal static V Log1p<V>(V x)
        where V : struct, ISimd<V, double>
    {
        // The rounding error of 1 + x, which is exact to compute, enters to first order.
        V sum = V.Constant(1) + x;
        V error = x - (sum - V.Constant(1));
        V result = Log(sum);
        V plain = V.Equal(error, V.Zero) | V.IsInfinity(sum);
        return V.Select(V.Equal(x, V.Zero), x, V.Select(plain, result, result + (error / sum)));
    }

    [MethodImpl(Inline)]
    internal static V Tanh<V>(V x)
        where V : struct, ISimd<V, double>
    {
        V magnitude = V.Abs(x);
        V large = V.CopySign(V.Constant(1) - (V.Constant(2) / (Exp(magnitude + magnitude) + V.Constant(1))), x);

        // (tanh x / x - 1) / x^2 in x^2
        V square = x * x;
        V p = V.Constant(6.856927789022621e-05);
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.000229134987093033));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.0005879710743837299));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.0014555686205067297));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.00359210589143769));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.008863234346110464));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.021869488496935038));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.053968253967506444));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.13333333333332628));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.3333333333333333));
        return V.Select(V.Less(magnitude, V.Constant(0.4)), x * V.FusedMultiplyAdd(square, p, V.Constant(1)), large);
    }

    [MethodImpl(Inline)]
    internal static V Erf<V>(V x)
        where V : struct, ISimd<V, double>
    {
        // (1 - erf x) e^(x^2) from 1 to 6, beyond which erf is 1, in u = (x - 2.5) / (x + 2.5)
        V magnitude = V.Abs(x);
        V bounded = V.Clamp(magnitude, V.Constant(1), V.Constant(6));
        V u = (bounded - V.Constant(2.5)) / (bounded + V.Constant(2.5));
        V p = V.Constant(8.135377287503318e-06);
        p = V.FusedMultiplyAdd(p, u, V.Constant(1.813476654098255e-05));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-3.446788415049279e-05));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.0001288824584439943));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.00022840770456592987));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.0008759203175200295));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.0026423665838702587));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.003993701373379635));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.03992253907167088));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.12503305237679072));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.2517131932175494));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.3717367339489748));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.21080636406114353));
        V large = V.CopySign(V.FusedMultiplyAdd(-p, Exp(-(bounded * bounded)), V.Constant(1)), x);

        // erf x / x in x^2 from 0 to 1
        V square = x * x;
        p = V.Constant(-7.801188874097751e-10);
        p = V.FusedMultiplyAdd(p, square, V.Constant(1.3722976265924504e-08));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-1.6209175911748696e-07));
        p = V.FusedMultiplyAdd(p, square, V.Constant(1.6447517677871873e-06));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-1.4924744663335489e-05));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.00012055295320494294));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.0008548325989696758));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.005223977607423468));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.02686617064327622));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.11283791670945253));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.3761263890318355));
        p = V.FusedMultiplyAdd(p, square, V.Constant(1.1283791670955126));
        return V.Select(V.Less(magnitude, V.Constant(1)), x * p, large);
    }

    /// <summary>x - n log 2.</summary>
    [MethodImpl(Inline)]
    private static V Reduce<V>(V x, V n)
        where V : struct, ISimd<V, double> =>
        V.FusedMultiplyAdd(-n, V.Constant(Ln2Low), V.FusedMultiplyAdd(-n, V.Constant(Ln2High), x));

    /// <summary>e^r - 1 for |r| up to log(2) / 2: r + r^2 (1/2 + r/6 + ...).</summary>
    [MethodImpl(Inline)]
    private static V ExpMinusOne<V>(V r)
        where V : struct, ISimd<V, double>
    {
        V p = V.Constant(2.092708691909795e-09);
        p = V.FusedMultiplyAdd(p, r, V.Constant(2.511246925209774e-08));
        p = V.FusedMultiplyAdd(p, r, V.Constant(2.755723286573498e-07));
        p = V.FusedMultiplyAdd(p, r, V.Constant(2.755723358717017e-06));
        p = V.FusedMultiplyAdd(p, r, V.Constant(2.480158737436935e-05));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.00019841269897699897));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.0013888888888858083));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.008333333333316484));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.04166666666666673));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.16666666666666685));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.5));
        return V.FusedMultiplyAdd(r * r, p, r);
    }
}
