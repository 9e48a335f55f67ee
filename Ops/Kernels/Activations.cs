using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Functions that several activations are made of.</summary>
internal static class Activations
{
    /// <summary>1 / (1 + e^-x), without overflow and with full precision on both sides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Sigmoid<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V e = QuickExp<V, T>(-V.Abs(x)), one = V.Constant(1);
        return V.Select(V.Less(x, V.Zero), e, one) / (one + e);
    }

    /// <summary>log(1 + e^x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Softplus<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged =>
        // Of e^x and e^-x the one that cannot overflow.
        V.Max(x, V.Zero) + V.Log1p(V.Exp(-V.Abs(x)));

    /// <summary>x times the normal distribution function of x: errors of floats stay below 2.5e-7 of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Gelu<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V half = V.Constant(0.5);
        if (typeof(T) != typeof(float)) return x * V.FusedMultiplyAdd(half, V.Erf(x * V.Constant(0.7071067811865476)), half);

        // erf(x / sqrt(2)) / 2, a quotient of polynomials up to where it is 1/2.
        V u = x * x, p = V.Constant(0.01933966763317585), q = u + V.Constant(58.347023010253906);
        p = V.FusedMultiplyAdd(p, u, V.Constant(5.184128761291504));
        q = V.FusedMultiplyAdd(q, u, V.Constant(1507.3140869140625));
        p = V.FusedMultiplyAdd(p, u, V.Constant(131.73670959472656));
        q = V.FusedMultiplyAdd(q, u, V.Constant(23101.796875));
        p = V.FusedMultiplyAdd(p, u, V.Constant(3794.782470703125));
        q = V.FusedMultiplyAdd(q, u, V.Constant(204504.03125));
        p = V.FusedMultiplyAdd(p, u, V.Constant(27077.205078125));
        q = V.FusedMultiplyAdd(q, u, V.Constant(819790.25));
        p = V.FusedMultiplyAdd(p, u, V.Constant(327048.96875));
        V end = V.GreaterOrEqual(V.Abs(x), V.Constant(5.4));
        return x * (half + V.Select(end, V.CopySign(half, x), x * p / q));
    }

    /// <summary>The same, approximated by way of the hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V GeluTanh<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        // (1 + tanh z) / 2 is the logistic function of 2z, which loses nothing where the hyperbolic tangent is close to -1.
        V z = V.Constant(2 * 0.7978845608028654) * V.FusedMultiplyAdd(V.Constant(0.044715) * x * x, x, x);
        return x * Sigmoid<V, T>(z);
    }

    /// <summary>e^x of anything but +infinity, which gives NaN, in less time: relative errors of floats stay below 5e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V QuickExp<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged => new QuickExponential<V, T>(QuickExponential.Coefficients).Of(x);

    /// <summary>The hyperbolic tangent in half the time: of floats a quotient of polynomials, minimax in relative error, which stays below
    /// 3.5e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V QuickTanh<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        if (typeof(T) != typeof(float)) return V.Tanh(x);
        // Where the quotient is 1 first, and never more before.
        x = V.Clamp(x, V.Constant(-8.00507832), V.Constant(8.00507832));
        V u = x * x;
        V p = V.Constant(1.33538824e-08), q = V.Constant(7.77623654e-07);
        p = V.FusedMultiplyAdd(p, u, V.Constant(2.06085133e-05));
        q = V.FusedMultiplyAdd(q, u, V.Constant(0.000328557828));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.00349555374));
        q = V.FusedMultiplyAdd(q, u, V.Constant(0.0258768518));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.133809969));
        q = V.FusedMultiplyAdd(q, u, V.Constant(0.467143118));
        p = V.FusedMultiplyAdd(p, u, V.Constant(1));
        q = V.FusedMultiplyAdd(q, u, V.Constant(1));
        return x * p / q;
    }
}
