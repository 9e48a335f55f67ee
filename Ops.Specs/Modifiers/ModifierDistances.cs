using Ops.Specs.Symbolic;

namespace Ops.Specs.Modifiers;

/// <summary>Parts of an expression that depend on how far a key is from its query, and on nothing else but the head: tables can stand for
/// them.</summary>
public static class ModifierDistances
{
    /// <summary>The part as an expression of the head and of a distance, which is counted from that of the first key to the last query;
    /// null if it is no such part.</summary>
    /// <param name="exprs">What made it.</param>
    /// <param name="e">The part.</param>
    /// <param name="dims">The extents of the scores.</param>
    public static ModifierExpr? Of(ModifierExprs exprs, ModifierExpr e, IReadOnlyList<Dim> dims)
    {
        const ModifierUses Both = ModifierUses.Key | ModifierUses.Query;
        if (e.HasScore || (e.Uses & Both) != Both || (e.Uses & ModifierUses.Batch) != 0 || !IsWorthIt(e))
            return null;
        Dim queries = dims[dims.Count - 2], keys = dims[dims.Count - 1];
        ModifierExpr query = exprs.Coordinate(1, queries), distance = exprs.Coordinate(0, queries + keys - 1);
        ModifierExpr keyAt = exprs.Sum(exprs.Sum(exprs.Sum(distance, query, 1), exprs.Extent(queries), -1), exprs.Integer(1), 1);
        ModifierExpr ofDistance = exprs.Substitute(e, c => c.Axis == 0 ? keyAt : c);
        return (ofDistance.Uses & ModifierUses.Query) == 0 ? ofDistance : null;
    }

    /// <summary>Whether a part takes vectors no longer than reading a table would, of which hardly any read lies within a cache
    /// line.</summary>
    public static bool IsQuick(ModifierExpr e) => Steps(e) <= 4;

    private static int Steps(ModifierExpr e)
    {
        if ((e.Uses & ModifierUses.Key) == 0)
            return 0;
        int arguments = e.Arguments.Sum(Steps);
        return e.Op switch
        {
            ModifierOp.Coordinate => 0,
            ModifierOp.Linear =>
                arguments + e.Arguments.Count(a => (a.Uses & ModifierUses.Key) != 0) + e.Factors.Count(f => f is not (1 or -1)),
            ModifierOp.ToReal when e.Arguments[0].IsInteger => arguments,
            ModifierOp.Add or ModifierOp.Subtract or ModifierOp.Multiply or ModifierOp.Minimum or ModifierOp.Maximum or ModifierOp.Negate
                or ModifierOp.Absolute
                or ModifierOp.Less or ModifierOp.LessOrEqual or ModifierOp.Equal or ModifierOp.And or ModifierOp.Or
                or ModifierOp.Not => arguments + 1,
            _ => 100,
        };
    }

    /// <summary>A single sum or comparison, or a run of a table, is as quick as reading its result.</summary>
    private static bool IsWorthIt(ModifierExpr e) => e.Op switch
    {
        ModifierOp.Linear or ModifierOp.Read or ModifierOp.LessOrEqual or ModifierOp.Less
            or ModifierOp.Equal => e.Arguments.Any(a => !IsCheap(a)),
        ModifierOp.ToReal => !e.Arguments[0].IsInteger || IsWorthIt(e.Arguments[0]),
        _ => true,
    };

    private static bool IsCheap(ModifierExpr e) =>
        e.Op is ModifierOp.Coordinate or ModifierOp.Constant
        || (e.Uses & (ModifierUses.Key | ModifierUses.Query)) != (ModifierUses.Key | ModifierUses.Query)
        || e.Op == ModifierOp.Linear && e.Arguments.All(IsCheap);
}
