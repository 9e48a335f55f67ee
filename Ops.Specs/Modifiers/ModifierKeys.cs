using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>The keys that a modifier of scores leaves as they are, where those of each row follow one another and all others are
/// -inf.</summary>
/// <param name="From">The first key of a row, which may lie before all there are; null for the first of all.</param>
/// <param name="To">The end of its keys, which may lie beyond all there are; null for that of all.</param>
/// <remarks>Both are integers of the row's positions.</remarks>
public sealed record ModifierKeys(ModifierExpr? From, ModifierExpr? To)
{
    /// <summary>More tests than this are no mask that anyone writes.</summary>
    private const int MaxTests = 8;

    /// <summary>The keys of a modifier; null if it does anything else, or if they do not follow one another.</summary>
    public static ModifierKeys? Of(ModifierProgram program)
    {
        List<ModifierExpr> tests = ModifierGuards.TestsOf(program.Root);
        if (program.IsProbability || tests.Count is 0 or > MaxTests) return null;
        var finder = new Finder(program.Exprs);
        ModifierExpr rest = program.Root;
        ModifierKeys? keys = null;
        foreach (ModifierExpr test in tests)
        {
            // The answer that hides a score decides alone, whatever the other tests say.
            ModifierExpr passed = finder.Assume(rest, test, true), failed = finder.Assume(rest, test, false);
            bool passes = IsHidden(failed);
            if (!passes && !IsHidden(passed)) return null;
            if (finder.Seen(test, passes) is not { } seen) return null;
            keys = keys is null ? seen : finder.Both(keys, seen);
            rest = passes ? passed : failed;
        }
        return IsScore(rest) && IsOfRow(keys!.From) && IsOfRow(keys.To) ? keys : null;
    }

    /// <summary>The value of a constant; the logarithms of 1 and 0 are what they are in every kernel.</summary>
    private static double? ValueOf(ModifierExpr e) =>
        e.IsConstant && e.Type.IsFloat() ? e.Real
        : e.Op == ModifierOp.Log && ValueOf(e.Arguments[0]) is { } x ? x == 1 ? 0 : x == 0 ? double.NegativeInfinity : null
        : null;

    /// <summary>Whether an expression is the score; a zero's sign is nothing to a softmax.</summary>
    private static bool IsScore(ModifierExpr e) => e.Op switch
    {
        ModifierOp.Read => e.Source!.Kind == ModifierTensorKind.Score,
        ModifierOp.Add => IsScore(e.Arguments[0]) && ValueOf(e.Arguments[1]) == 0 || ValueOf(e.Arguments[0]) == 0 && IsScore(e.Arguments[1]),
        ModifierOp.Subtract => IsScore(e.Arguments[0]) && ValueOf(e.Arguments[1]) == 0,
        ModifierOp.Minimum => IsScore(e.Arguments[0]) && ValueOf(e.Arguments[1]) == double.PositiveInfinity
            || ValueOf(e.Arguments[0]) == double.PositiveInfinity && IsScore(e.Arguments[1]),
        _ => false,
    };

    /// <summary>Whether an expression is -inf whatever the finite score.</summary>
    private static bool IsHidden(ModifierExpr e) => e.Op switch
    {
        ModifierOp.Add => IsHidden(e.Arguments[0]) && IsAtMostScore(e.Arguments[1])
            || IsAtMostScore(e.Arguments[0]) && IsHidden(e.Arguments[1]),
        ModifierOp.Subtract => IsAtMostScore(e.Arguments[0]) && ValueOf(e.Arguments[1]) == double.PositiveInfinity
            || IsHidden(e.Arguments[0]) && IsAtMostScore(e.Arguments[1]),
        ModifierOp.Minimum => IsHidden(e.Arguments[0]) || IsHidden(e.Arguments[1]),
        ModifierOp.Where => IsHidden(e.Arguments[1]) && IsHidden(e.Arguments[2]),
        _ => ValueOf(e) == double.NegativeInfinity,
    };

    /// <summary>Whether it can be the finite score, 0, -inf and nothing else.</summary>
    private static bool IsAtMostScore(ModifierExpr e) => e.Op switch
    {
        ModifierOp.Where => IsAtMostScore(e.Arguments[1]) && IsAtMostScore(e.Arguments[2]),
        ModifierOp.Add => IsAtMostScore(e.Arguments[0]) && IsAtMostScore(e.Arguments[1]),
        _ => ValueOf(e) is 0 or double.NegativeInfinity || IsScore(e),
    };

    /// <summary>Whether an integer is made of the row's positions by whole arithmetic alone.</summary>
    private static bool IsOfRow(ModifierExpr? e) => e is null || e.Op switch
    {
        ModifierOp.Constant or ModifierOp.Extent => true,
        ModifierOp.Coordinate => e.Axis is > 0 and < 4,
        ModifierOp.Linear or ModifierOp.Minimum or ModifierOp.Maximum or ModifierOp.Absolute
            or ModifierOp.Divide => e.IsInteger && e.Arguments.All(IsOfRow),
        _ => false,
    };

    private sealed class Finder(ModifierExprs exprs)
    {
        /// <summary>An expression where the answer of a test is known.</summary>
        public ModifierExpr Assume(ModifierExpr e, ModifierExpr test, bool answer) =>
            exprs.Rewrite(e, part => ReferenceEquals(part, test) ? exprs.Truth(answer) : null);

        /// <summary>The keys that pass a test, or fail it.</summary>
        public ModifierKeys? Seen(ModifierExpr test, bool passes)
        {
            ModifierExpr x = test.Arguments.Count > 0 ? test.Arguments[0] : test, y = test.Arguments.Count > 1 ? test.Arguments[1] : x;
            switch (test.Op)
            {
                case ModifierOp.Not: return Seen(x, !passes);
                case ModifierOp.And or ModifierOp.Or: return Join(test.Op == ModifierOp.And == passes, Seen(x, passes), Seen(y, passes));
                case ModifierOp.LessOrEqual when x.IsInteger:
                    return NotAbove(passes ? exprs.Sum(x, y, -1) : exprs.Sum(exprs.Sum(y, x, -1), exprs.Integer(1), 1));
                case ModifierOp.Equal when x.IsInteger && passes:
                    return Join(true, NotAbove(exprs.Sum(x, y, -1)), NotAbove(exprs.Sum(y, x, -1)));
                default: return null;
            }
        }

        /// <summary>The keys for which a sum is not above 0.</summary>
        private ModifierKeys? NotAbove(ModifierExpr sum)
        {
            var (factor, atom) = ModifierExprs.Terms(sum).FirstOrDefault(t => UsesKey(t.Atom));
            if (atom is null) return null;
            ModifierExpr rest = exprs.Sum(sum, atom, -factor);
            if (UsesKey(rest)) return null;
            switch (atom.Op)
            {
                case ModifierOp.Coordinate when factor == 1: return new(null, exprs.Sum(exprs.Integer(1), rest, -1));
                case ModifierOp.Coordinate when factor == -1: return new(rest, null);
                case ModifierOp.Absolute:
                    return Join(factor > 0, NotAbove(exprs.Sum(rest, atom.Arguments[0], factor)),
                        NotAbove(exprs.Sum(rest, atom.Arguments[0], -factor)));
                case ModifierOp.Minimum or ModifierOp.Maximum:
                    return Join(factor > 0 == (atom.Op == ModifierOp.Maximum), NotAbove(exprs.Sum(rest, atom.Arguments[0], factor)),
                        NotAbove(exprs.Sum(rest, atom.Arguments[1], factor)));
                case ModifierOp.Divide when factor is 1 or -1 && atom.Arguments[0].Range.Low >= 0
                    && atom.Arguments[1] is { IsConstant: true, Integer: > 0 and var divisor }:
                    // x / c is at most n where x is below (n + 1) c, and at least n where x is not below n c.
                    ModifierExpr whole = exprs.Sum(exprs.Integer(factor > 0 ? 1 - divisor : 0), rest, divisor);
                    return NotAbove(exprs.Sum(whole, atom.Arguments[0], factor));
                default: return null;
            }
        }

        private static bool UsesKey(ModifierExpr e) => (e.Uses & ModifierUses.Key) != 0;

        private ModifierKeys? Join(bool needsBoth, ModifierKeys? x, ModifierKeys? y) =>
            x is null || y is null ? null : needsBoth ? Both(x, y) : Either(x, y);

        /// <summary>What lies in both.</summary>
        public ModifierKeys Both(ModifierKeys x, ModifierKeys y) =>
            new(Of(ModifierOp.Maximum, x.From, y.From), Of(ModifierOp.Minimum, x.To, y.To));

        /// <summary>What lies in either, if both begin or both end with all keys: otherwise there may be a gap.</summary>
        private ModifierKeys? Either(ModifierKeys x, ModifierKeys y) =>
            x.From is null && y.From is null ? new(null, Of(ModifierOp.Maximum, x.To, y.To))
            : x.To is null && y.To is null ? new(Of(ModifierOp.Minimum, x.From, y.From), null)
            : null;

        private ModifierExpr? Of(ModifierOp op, ModifierExpr? x, ModifierExpr? y) => x is null ? y : y is null ? x : exprs.Apply(op, x, y);
    }
}
