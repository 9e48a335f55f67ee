using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>The weights of scores in a softmax, e^(score - shift), for a shift near the greatest score.</summary>
/// <remarks>
/// Where scores are of common sizes the shift is a whole number of log 2, so that no rounding comes between a score and its weight, and weights
/// of different shifts differ by powers of two: a key far below the maximum keeps its relative precision. Of greater scores the maximum
/// itself is taken off first, which is exact there.
/// </remarks>
internal readonly struct ScoreWeights<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    private const double Log2E = 1.4426950408889634;

    /// <summary>log 2 as a float; both a float's reduction and its undoing use this very number.</summary>
    private const double FloatLn2 = 0.69314718246459961;

    private const double DoubleLn2 = 0.69314718055994531;

    // The coefficients of e^r for |r| up to half of log 2, minimax; that of r^0 is 1.
    private const double P1 = 0.9999997019767761, P2 = 0.4999914765357971, P3 = 0.1666763722896576, P4 = 0.04189803823828697, P5 = 0.008290284313261509;

    /// <summary>What is beyond log2 of the smallest number.</summary>
    private static double Lowest
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(C) == typeof(float) ? -152 : -1078;
    }

    /// <summary>Up to which maximum the shift is a multiple of log 2.</summary>
    private const double Common = 1 << 20;

    private static double Ln2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(C) == typeof(float) ? FloatLn2 : DoubleLn2;
    }

    private readonly V _base;
    private readonly V _whole;
    private readonly V _floor;

    private ScoreWeights(V start, V whole)
    {
        _base = start;
        _whole = whole;
        _floor = (whole + V.Constant(Lowest)) * V.Constant(Ln2);
    }

    /// <summary>Weights for maxima; one of -inf weighs -inf with 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScoreWeights<V, C> Below(V max)
    {
        V common = V.LessOrEqual(V.Abs(max), V.Constant(Common)), empty = V.Equal(max, V.Constant(double.NegativeInfinity));
        return new(V.Select(common | empty, V.Zero, max), V.Select(common, V.Round(max * V.Constant(Log2E)), V.Zero));
    }

    /// <summary>Whether the shift for a maximum is whole, or of no matter because all scores are -inf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWhole(C max) => Math.Abs(ToDouble(max)) <= Common || double.IsNegativeInfinity(ToDouble(max));

    /// <summary>The weights of scores that are not above the maximum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of(V score) => OfWhole(score - _base);

    /// <summary>As <see cref="Of(V)"/>, where <see cref="IsWhole"/> of the maximum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V OfWhole(V score)
    {
        // A NaN stays one: of it and a number, the quickest maximum is its second operand.
        V z = V.MaxNative(_floor, score);
        V n = V.Round(z * V.Constant(Log2E));
        V r = V.FusedMultiplyAdd(n, V.Constant(-Ln2), z);
        if (typeof(C) != typeof(float)) return V.Scale(V.Exp(r), n - _whole);

        V p = V.Constant(P5);
        p = V.FusedMultiplyAdd(p, r, V.Constant(P4));
        p = V.FusedMultiplyAdd(p, r, V.Constant(P3));
        p = V.FusedMultiplyAdd(p, r, V.Constant(P2));
        p = V.FusedMultiplyAdd(p, r, V.Constant(P1));
        return V.Scale(V.FusedMultiplyAdd(p, r, V.Constant(1)), n - _whole);
    }

    /// <summary>As <see cref="OfWhole(V)"/> four times, of floats: step by step, so that no step waits for the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void OfWhole(ref V a, ref V b, ref V c, ref V d)
    {
        V za = V.MaxNative(_floor, a), zb = V.MaxNative(_floor, b), zc = V.MaxNative(_floor, c), zd = V.MaxNative(_floor, d);
        V log = V.Constant(Log2E), ln = V.Constant(-Ln2), one = V.Constant(1);
        V na = V.Round(za * log), nb = V.Round(zb * log), nc = V.Round(zc * log), nd = V.Round(zd * log);
        za = V.FusedMultiplyAdd(na, ln, za);
        zb = V.FusedMultiplyAdd(nb, ln, zb);
        zc = V.FusedMultiplyAdd(nc, ln, zc);
        zd = V.FusedMultiplyAdd(nd, ln, zd);
        V p = V.Constant(P5), q = V.Constant(P4);
        V pa = V.FusedMultiplyAdd(p, za, q), pb = V.FusedMultiplyAdd(p, zb, q), pc = V.FusedMultiplyAdd(p, zc, q), pd = V.FusedMultiplyAdd(p, zd, q);
        Step(V.Constant(P3), za, zb, zc, zd, ref pa, ref pb, ref pc, ref pd);
        Step(V.Constant(P2), za, zb, zc, zd, ref pa, ref pb, ref pc, ref pd);
        Step(V.Constant(P1), za, zb, zc, zd, ref pa, ref pb, ref pc, ref pd);
        Step(one, za, zb, zc, zd, ref pa, ref pb, ref pc, ref pd);
        a = V.Scale(pa, na - _whole);
        b = V.Scale(pb, nb - _whole);
        c = V.Scale(pc, nc - _whole);
        d = V.Scale(pd, nd - _whole);
    }

    /// <summary>One step of four polynomials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(V coefficient, V za, V zb, V zc, V zd, ref V pa, ref V pb, ref V pc, ref V pd)
    {
        pa = V.FusedMultiplyAdd(pa, za, coefficient);
        pb = V.FusedMultiplyAdd(pb, zb, coefficient);
        pc = V.FusedMultiplyAdd(pc, zc, coefficient);
        pd = V.FusedMultiplyAdd(pd, zd, coefficient);
    }

    /// <summary>By what weights for the maximum <paramref name="from"/> are multiplied to become weights for <paramref name="to"/>, which is not below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Factor(V from, V to)
    {
        V same = V.Equal(from, to), none = V.Equal(from, V.Constant(double.NegativeInfinity));
        V common = V.LessOrEqual(V.Abs(from), V.Constant(Common)) & V.LessOrEqual(V.Abs(to), V.Constant(Common));
        V power = V.Scale(V.Constant(1), V.Round(from * V.Constant(Log2E)) - V.Round(to * V.Constant(Log2E)));
        if (!V.All(same | none | common)) power = V.Select(common, power, FarFactor(from, to));
        return V.Select(same, V.Constant(1), V.Select(none, V.Zero, power));
    }

    /// <summary>The factor for maxima of which one is not of a common size.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V FarFactor(V from, V to) => V.Exp(Below(from).Shift - Below(to).Shift);

    /// <summary>The shift of weights for a maximum.</summary>
    public static double ShiftOf(C max)
    {
        ScoreWeights<V, C> weights = Below(V.Create(max));
        return ToDouble(V.First(weights._base)) + ToDouble(V.First(weights._whole)) * Ln2;
    }

    /// <summary>A number as a double.</summary>
    public static double ToDouble(C value) =>
        typeof(C) == typeof(float) ? Unsafe.BitCast<C, float>(value) : Unsafe.BitCast<C, double>(value);

    /// <summary>The shift.</summary>
    private V Shift => V.FusedMultiplyAdd(_whole, V.Constant(Ln2), _base);
}
