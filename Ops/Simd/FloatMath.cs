using System.Runtime.CompilerServices;

namespace Ops.Simd;

/// <summary>Elementary functions of float, the same operations at every width. Relative errors stay below 2.5e-7.</summary>
/// <remarks>
/// Polynomials are minimax fits to the functions named beside them. Where a range is split, both sides are computed and one is selected,
/// so that no lane depends on another.
/// </remarks>
internal static class FloatMath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private const double Log2E = 1.4426950408889634;

    /// <summary>log 2 in two parts; the first has so few bits that its product with an exponent is exact.</summary>
    private const double Ln2High = 0.693359375;

    private const double Ln2Low = -2.12194440054690583e-4;

    [MethodImpl(Inline)]
    internal static V Exp<V>(V x)
        where V : struct, ISimd<V, float>
    {
        // Beyond the bounds the result is 0 or infinite in any case; within them nothing overflows on the way.
        x = V.Clamp(x, V.Constant(-104), V.Constant(89));
        V n = V.Round(x * V.Constant(Log2E));
        V r = Reduce(x, n);
        return V.Scale(V.Constant(1) + ExpMinusOne(r), n);
    }

    [MethodImpl(Inline)]
    internal static V Exp2<V>(V x)
        where V : struct, ISimd<V, float>
    {
        x = V.Clamp(x, V.Constant(-151), V.Constant(129));
        V n = V.Round(x);
        return V.Scale(V.Constant(1) + ExpMinusOne((x - n) * V.Constant(0.6931471805599453)), n);
    }

    [MethodImpl(Inline)]
    internal static V Expm1<V>(V x)
        where V : struct, ISimd<V, float>
    {
        V bounded = V.Clamp(x, V.Constant(-104), V.Constant(89));
        V n = V.Round(bounded * V.Constant(Log2E));
        V q = ExpMinusOne(Reduce(bounded, n));

        // 2^n (1 + q) - 1 in halves, because 2^n may overflow where the result does not.
        V half = V.Scale(V.Constant(0.5), n);
        V result = V.FusedMultiplyAdd(half, q, half - V.Constant(0.5)) * V.Constant(2);
        return V.Select(V.Equal(x, V.Zero), x, result);
    }

    [MethodImpl(Inline)]
    internal static V Log<V>(V x)
        where V : struct, ISimd<V, float>
    {
        V e = V.Exponent(x);
        V m = V.Scale(x, -e);
        V upper = V.Greater(m, V.Constant(1.4142135623730951));
        m = V.Select(upper, m * V.Constant(0.5), m);
        e = e + (upper & V.Constant(1));

        // ((log(1 + f) - f) / f^2 + 1/2) / f
        V f = m - V.Constant(1);
        V p = V.Constant(0.0674664688);
        p = V.FusedMultiplyAdd(p, f, V.Constant(-0.116756541));
        p = V.FusedMultiplyAdd(p, f, V.Constant(0.118881607));
        p = V.FusedMultiplyAdd(p, f, V.Constant(-0.124055885));
        p = V.FusedMultiplyAdd(p, f, V.Constant(0.142195525));
        p = V.FusedMultiplyAdd(p, f, V.Constant(-0.166679959));
        p = V.FusedMultiplyAdd(p, f, V.Constant(0.200021187));
        p = V.FusedMultiplyAdd(p, f, V.Constant(-0.250000096));
        p = V.FusedMultiplyAdd(p, f, V.Constant(0.333333126));
        V square = f * f;
        V tail = V.FusedMultiplyAdd(square * f, p, square * V.Constant(-0.5));
        V result = V.FusedMultiplyAdd(e, V.Constant(Ln2High), f + V.FusedMultiplyAdd(e, V.Constant(Ln2Low), tail));

        result = V.Select(V.Equal(x, V.Constant(double.PositiveInfinity)), x, result);
        result = V.Select(V.Equal(x, V.Zero), V.Constant(double.NegativeInfinity), result);
        return V.Select(V.Less(x, V.Zero), V.Constant(double.NaN), result);
    }

    [MethodImpl(Inline)]
    internal static V Log1p<V>(V x)
        where V : struct, ISimd<V, float>
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
        where V : struct, ISimd<V, float>
    {
        V magnitude = V.Abs(x);
        V large = V.CopySign(V.Constant(1) - (V.Constant(2) / (Exp(magnitude + magnitude) + V.Constant(1))), x);

        // (tanh x / x - 1) / x^2 in x^2
        V square = x * x;
        V p = V.Constant(-0.00571704345);
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.0206505858));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.0537434976));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.133314913));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.333332839));
        return V.Select(V.Less(magnitude, V.Constant(0.625)), x * V.FusedMultiplyAdd(square, p, V.Constant(1)), large);
    }

    [MethodImpl(Inline)]
    internal static V Erf<V>(V x)
        where V : struct, ISimd<V, float>
    {
        // -log(1 - erf x) from 0.9 to 4, beyond which erf is 1
        V magnitude = V.Abs(x);
        V bounded = V.Clamp(magnitude, V.Zero, V.Constant(4));
        V p = V.Constant(2.08287743e-05);
        p = V.FusedMultiplyAdd(p, bounded, V.Constant(-0.000431395333));
        p = V.FusedMultiplyAdd(p, bounded, V.Constant(0.00415626332));
        p = V.FusedMultiplyAdd(p, bounded, V.Constant(-0.0250806382));
        p = V.FusedMultiplyAdd(p, bounded, V.Constant(0.108220417));
        p = V.FusedMultiplyAdd(p, bounded, V.Constant(0.633400822));
        p = V.FusedMultiplyAdd(p, bounded, V.Constant(1.12948842));
        p = V.FusedMultiplyAdd(p, bounded, V.Constant(-0.000169207924));
        V large = V.CopySign(V.Constant(1) - Exp(-p), x);

        // erf x / x in x^2 from 0 to 1
        V square = x * x;
        p = V.Constant(7.88912692e-05);
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.000802084386));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.00518953567));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.0268544448));
        p = V.FusedMultiplyAdd(p, square, V.Constant(0.112836002));
        p = V.FusedMultiplyAdd(p, square, V.Constant(-0.376126271));
        p = V.FusedMultiplyAdd(p, square, V.Constant(1.12837917));
        return V.Select(V.Less(magnitude, V.Constant(0.95)), x * p, large);
    }

    /// <summary>x - n log 2.</summary>
    [MethodImpl(Inline)]
    private static V Reduce<V>(V x, V n)
        where V : struct, ISimd<V, float> =>
        V.FusedMultiplyAdd(-n, V.Constant(Ln2Low), V.FusedMultiplyAdd(-n, V.Constant(Ln2High), x));

    /// <summary>e^r - 1 for |r| up to log(2) / 2: r + r^2 (1/2 + r/6 + ...).</summary>
    [MethodImpl(Inline)]
    private static V ExpMinusOne<V>(V r)
        where V : struct, ISimd<V, float>
    {
        V p = V.Constant(0.00139507253);
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.00836902485));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.0416662023));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.166665177));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.50000001));
        return V.FusedMultiplyAdd(r * r, p, r);
    }
}
