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

    /// <summary>The weights of scores that are not above the maximum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of(V score)
    {
        // A NaN stays one: of it and a number, the quickest maximum is its second operand.
        V z = V.MaxNative(_floor, score - _base);
        V n = V.Round(z * V.Constant(Log2E));
        V r = V.FusedMultiplyAdd(n, V.Constant(-Ln2), z);
        if (typeof(C) != typeof(float)) return V.Scale(V.Exp(r), n - _whole);

        // e^r for |r| up to half of log 2, minimax
        V p = V.Constant(0.008290284313261509);
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.04189803823828697));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.1666763722896576));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.4999914765357971));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.9999997019767761));
        return V.Scale(V.FusedMultiplyAdd(p, r, V.Constant(1)), n - _whole);
    }

    /// <summary>By what weights for the maximum <paramref name="from"/> are multiplied to become weights for <paramref name="to"/>, which is not below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Factor(V from, V to)
    {
        ScoreWeights<V, C> before = Below(from), after = Below(to);
        V common = V.LessOrEqual(V.Abs(from), V.Constant(Common)) & V.LessOrEqual(V.Abs(to), V.Constant(Common));
        V power = V.Scale(V.Constant(1), before._whole - after._whole);
        if (V.All(common)) return V.Select(V.Equal(from, to), V.Constant(1), power);
        V any = V.Exp(before.Shift - after.Shift);
        any = V.Select(V.Equal(from, V.Constant(double.NegativeInfinity)), V.Zero, any);
        return V.Select(V.Equal(from, to), V.Constant(1), V.Select(common, power, any));
    }

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
