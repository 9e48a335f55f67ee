using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>Which positions a modifier hides: where the modified score is -inf for every finite score.</summary>
/// <remarks>What this does not see is not hidden: the test never holds where a finite score may leave something else.</remarks>
public sealed class ModifierVisibility
{
    private readonly ModifierExprs exprs;
    private readonly Dictionary<(ModifierExpr, bool), ModifierExpr> known = [];
    private readonly Dictionary<ModifierExpr, Interval> ranges = [];

    private ModifierVisibility(ModifierExprs exprs) => this.exprs = exprs;

    /// <summary>The test of positions that holds where an expression is -inf, whatever the score.</summary>
    /// <param name="exprs">What made the expression.</param>
    /// <param name="root">The expression.</param>
    public static ModifierExpr Hidden(ModifierExprs exprs, ModifierExpr root) => new ModifierVisibility(exprs).Infinite(root, false);

    /// <summary>Whether a test of what is hidden asks for more than where arithmetic comes to infinity.</summary>
    public static bool IsMask(ModifierExpr hidden) => hidden.Op switch
    {
        ModifierOp.Constant => false,
        ModifierOp.And or ModifierOp.Or or ModifierOp.Not or ModifierOp.Xor => hidden.Arguments.Any(IsMask),
        ModifierOp.Equal => !IsInfinity(hidden.Arguments[0]) && !IsInfinity(hidden.Arguments[1])
            || hidden.Arguments.Any(a => a.Op == ModifierOp.Read),
        _ => true,
    };

    private static bool IsInfinity(ModifierExpr e) => e.IsConstant && e.Type.IsFloat() && double.IsInfinity(e.Real);

    /// <summary>Where a real is infinite, of one sign.</summary>
    private ModifierExpr Infinite(ModifierExpr e, bool isPositive)
    {
        if (!known.TryGetValue((e, isPositive), out ModifierExpr? test))
            known[(e, isPositive)] = test = Make(e, isPositive);
        return test;
    }

    private ModifierExpr Make(ModifierExpr e, bool isPositive)
    {
        if (!e.Type.IsFloat() || !(isPositive ? double.IsPositiveInfinity(RangeOf(e).High) : double.IsNegativeInfinity(RangeOf(e).Low)))
            return exprs.Truth(false);
        ModifierExpr x = e.Arguments.Count > 0 ? e.Arguments[0] : e, y = e.Arguments.Count > 1 ? e.Arguments[1] : x;
        switch (e.Op)
        {
            case ModifierOp.Where when x.HasScore: return And(Infinite(y, isPositive), Infinite(e.Arguments[2], isPositive));
            case ModifierOp.Where: return exprs.Where(x, Infinite(y, isPositive), Infinite(e.Arguments[2], isPositive));
            case ModifierOp.Negate: return Infinite(x, !isPositive);
            // A finite number may round to an infinite one of few bits.
            case ModifierOp.ToReal when x.Type.IsFloat(): return Infinite(x, isPositive);
            case ModifierOp.Log when !isPositive && Truth(x) is { } truth: return exprs.Not(truth);
        }
        if (!e.HasScore)
            return exprs.Apply(ModifierOp.Equal, e, exprs.Real(isPositive ? double.PositiveInfinity : double.NegativeInfinity, e.Type));
        switch (e.Op)
        {
            case ModifierOp.Add: return Or(Absorbs(x, y, isPositive, isPositive), Absorbs(y, x, isPositive, isPositive));
            case ModifierOp.Subtract: return Or(Absorbs(x, y, isPositive, !isPositive), Absorbs(y, x, !isPositive, isPositive));
            case ModifierOp.Minimum when !isPositive:
            case ModifierOp.Maximum when isPositive:
                return Or(And(Infinite(x, isPositive), IsNumber(y)), And(Infinite(y, isPositive), IsNumber(x)));
            case ModifierOp.Minimum or ModifierOp.Maximum: return And(Infinite(x, isPositive), Infinite(y, isPositive));
            case ModifierOp.Multiply or ModifierOp.Divide when RangeOf(y) is { IsFinite: true } factor && (factor.Low > 0 || factor.High < 0):
                return Infinite(x, isPositive == factor.Low > 0);
            case ModifierOp.Multiply when RangeOf(x) is { IsFinite: true } factor && (factor.Low > 0 || factor.High < 0):
                return Infinite(y, isPositive == factor.Low > 0);
            default: return exprs.Truth(false);
        }
    }

    /// <summary>Where one term is infinite and the other, which counts as its opposite if the signs differ, does not undo it.</summary>
    private ModifierExpr Absorbs(ModifierExpr infinite, ModifierExpr other, bool isPositive, bool isOtherPositive)
    {
        ModifierExpr test = Infinite(infinite, isPositive);
        if (test.Range.IsFalse)
            return test;
        Interval range = RangeOf(other);
        if (!range.MayBeNaN && !(isOtherPositive ? double.IsNegativeInfinity(range.Low) : double.IsPositiveInfinity(range.High)))
            return test;
        if (other.HasScore)
            return exprs.Truth(false);
        // No comparison with NaN holds.
        ModifierExpr opposite = exprs.Real(isOtherPositive ? double.NegativeInfinity : double.PositiveInfinity, other.Type);
        return And(test, isOtherPositive ? exprs.Apply(ModifierOp.Less, opposite, other) : exprs.Apply(ModifierOp.Less, other, opposite));
    }

    private ModifierExpr IsNumber(ModifierExpr e) =>
        !RangeOf(e).MayBeNaN ? exprs.Truth(true)
        : e.HasScore ? exprs.Truth(false)
        : exprs.Not(exprs.Apply(ModifierOp.IsNaN, e));

    /// <summary>The truth that a number is 1 or 0 for.</summary>
    private static ModifierExpr? Truth(ModifierExpr e) => e.Op == ModifierOp.ToReal && e.Arguments[0].IsTruth ? e.Arguments[0] : null;

    private ModifierExpr And(ModifierExpr x, ModifierExpr y) => exprs.Apply(ModifierOp.And, x, y);

    private ModifierExpr Or(ModifierExpr x, ModifierExpr y) => exprs.Apply(ModifierOp.Or, x, y);

    /// <summary>What a value can be for finite scores.</summary>
    private Interval RangeOf(ModifierExpr e)
    {
        if (!e.HasScore || !e.Type.IsFloat())
            return e.Range;
        if (ranges.TryGetValue(e, out Interval range))
            return range;
        range = e.Op switch
        {
            ModifierOp.Read => Intervals.FiniteScores(e.Type),
            ModifierOp.Reduce => Interval.All,
            ModifierOp.Where => RangeOf(e.Arguments[1]).Union(RangeOf(e.Arguments[2])),
            ModifierOp.ToReal => RangeOf(e.Arguments[0]),
            _ => Intervals.Of(e.Op, RangeOf(e.Arguments[0]), RangeOf(e.Arguments[e.Arguments.Count - 1])),
        };
        return ranges[e] = Intervals.Rounded(range, e.Type);
    }
}
