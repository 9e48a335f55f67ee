using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>The weights of scores in a softmax, e^(score - shift) or 2^(score - shift), for a shift near the greatest score.</summary>
/// <remarks>
/// Where scores are of common sizes the shift is a whole power of two, so that no rounding comes between a score and its weight, and
/// weights of different shifts differ by powers of two: a key far below the maximum keeps its relative precision. Of greater scores the
/// maximum itself is taken off first, which is exact there.
/// </remarks>
internal readonly struct ScoreWeights<V, C, M>
    where V : struct, ISimd<V, C>
    where C : unmanaged
    where M : struct, IScoreModifier
{
    /// <summary>Up to which maximum the shift is a whole power.</summary>
    private const double Common = 1 << 20;

    /// <summary>What a factor of two adds to a score: what <see cref="ISimd{V, T}.ExpOver"/> takes for it.</summary>
    private static double Ln2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => M.IsBinary ? 1 : typeof(C) == typeof(float) ? Constants.FloatLn2 : Constants.DoubleLn2;
    }

    private readonly V _base;
    private readonly V _whole;

    private ScoreWeights(V start, V whole)
    {
        _base = start;
        _whole = whole;
    }

    /// <summary>Weights for maxima; one of -inf weighs -inf with 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScoreWeights<V, C, M> Below(V max)
    {
        V common = V.LessOrEqual(V.Abs(max), V.Constant(Common)), empty = V.Equal(max, V.Constant(double.NegativeInfinity));
        return new(V.Select(common | empty, V.Zero, max), V.Select(common, Whole(max), V.Zero));
    }

    /// <summary>Whether the shift for a maximum is whole, or of no matter because all scores are -inf.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWhole(C max) => Math.Abs(ToDouble(max)) <= Common || double.IsNegativeInfinity(ToDouble(max));

    /// <summary>The weights of scores that are not above the maximum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of(V score) => OfWhole(score - _base);

    /// <summary>As <see cref="Of"/>, where <see cref="IsWhole"/> of the maximum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V OfWhole(V score) => M.IsBinary ? V.Exp2Over(score, _whole) : V.ExpOver(score, _whole);

    /// <summary>By what weights for the maximum <paramref name="from"/> are multiplied to become weights for <paramref name="to"/>, which
    /// is not below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Factor(V from, V to)
    {
        V same = V.Equal(from, to), none = V.Equal(from, V.Constant(double.NegativeInfinity));
        V common = V.LessOrEqual(V.Abs(from), V.Constant(Common)) & V.LessOrEqual(V.Abs(to), V.Constant(Common));
        V power = V.Scale(V.Constant(1), Whole(from) - Whole(to));
        if (!V.All(same | none | common)) power = V.Select(common, power, FarFactor(from, to));
        return V.Select(same, V.Constant(1), V.Select(none, V.Zero, power));
    }

    /// <summary>The shift of weights for a maximum, as a natural logarithm.</summary>
    public static double ShiftOf(C max)
    {
        ScoreWeights<V, C, M> weights = Below(V.Create(max));
        return (ToDouble(V.First(weights._base)) + ToDouble(V.First(weights._whole)) * Ln2) * (M.IsBinary ? Constants.DoubleLn2 : 1);
    }

    /// <summary>A number as a double.</summary>
    public static double ToDouble(C value) =>
        typeof(C) == typeof(float) ? Unsafe.BitCast<C, float>(value) : Unsafe.BitCast<C, double>(value);

    /// <summary>The shift.</summary>
    private V Shift => V.FusedMultiplyAdd(_whole, V.Constant(Ln2), _base);

    /// <summary>The nearest whole power of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Whole(V score) => V.Round(M.IsBinary ? score : score * V.Constant(Constants.Log2E));

    /// <summary>The factor for maxima of which one is not of a common size.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V FarFactor(V from, V to)
    {
        V difference = Below(from).Shift - Below(to).Shift;
        return M.IsBinary ? V.Exp2(difference) : V.Exp(difference);
    }
}
