using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>An integer of a row's positions, worked out for one row at a time.</summary>
internal sealed class RowNumber
{
    private readonly ModifierOp op;
    private readonly long ofQuery, ofHead, ofBatch, constant;
    private readonly RowNumber[] arguments;
    private readonly long[] factors;

    /// <param name="e">The integer; its extents are known.</param>
    public RowNumber(ModifierExpr e)
    {
        if (e.Op is ModifierOp.Minimum or ModifierOp.Maximum or ModifierOp.Absolute or ModifierOp.Divide)
        {
            (op, arguments, factors) = (e.Op, [.. e.Arguments.Select(a => new RowNumber(a))], []);
            return;
        }
        op = ModifierOp.Linear;
        constant = ModifierExprs.ConstantOf(e);
        var others = new List<(long Factor, RowNumber Number)>();
        foreach (var (factor, atom) in ModifierExprs.Terms(e))
        {
            if (atom is { Op: ModifierOp.Coordinate, Axis: 1 }) ofQuery = factor;
            else if (atom is { Op: ModifierOp.Coordinate, Axis: 2 }) ofHead = factor;
            else if (atom is { Op: ModifierOp.Coordinate, Axis: 3 }) ofBatch = factor;
            else others.Add((factor, new RowNumber(atom)));
        }
        (factors, arguments) = ([.. others.Select(o => o.Factor)], [.. others.Select(o => o.Number)]);
    }

    /// <summary>The number of a row.</summary>
    public long Of(int batch, int head, int query)
    {
        switch (op)
        {
            case ModifierOp.Minimum: return long.Min(arguments[0].Of(batch, head, query), arguments[1].Of(batch, head, query));
            case ModifierOp.Maximum: return long.Max(arguments[0].Of(batch, head, query), arguments[1].Of(batch, head, query));
            case ModifierOp.Absolute: return long.Abs(arguments[0].Of(batch, head, query));
            case ModifierOp.Divide: return arguments[0].Of(batch, head, query) / arguments[1].Of(batch, head, query);
        }
        long sum = constant + ofQuery * query + ofHead * head + ofBatch * batch;
        for (int i = 0; i < factors.Length; i++) sum += factors[i] * arguments[i].Of(batch, head, query);
        return sum;
    }
}
