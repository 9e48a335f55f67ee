namespace Ops.Specs.Modifiers;

/// <summary>The numbers of whole rows that a modifier of probabilities needs.</summary>
public static class ModifierReductions
{
    /// <summary>The most numbers that a kernel makes for a row.</summary>
    public const int Most = 8;

    /// <summary>The reductions of an expression, in an order in which they can be made.</summary>
    /// <exception cref="ModifierException">There are too many.</exception>
    public static IReadOnlyList<ModifierExpr> Of(ModifierExpr root)
    {
        var seen = new HashSet<ModifierExpr>();
        Visit(root);
        ModifierExpr[] found = [.. seen.Where(e => e.Op == ModifierOp.Reduce).OrderBy(e => e.Id)];
        return found.Length <= Most
            ? found : throw new ModifierException($"the probabilities are reduced {found.Length} times, at most {Most} are fused");

        void Visit(ModifierExpr e)
        {
            if (!seen.Add(e))
                return;
            if (e.Body is { } body)
                Visit(body);
            foreach (ModifierExpr argument in e.Arguments)
                Visit(argument);
        }
    }

    /// <summary>Whether a probability of 0 stays 0 and adds nothing to any number of its row.</summary>
    public static bool SkipZeros(ModifierProgram program, IReadOnlyList<ModifierExpr> numbers)
    {
        return StaysZero(program.Root) && numbers.All(n => n.Reduction == ModifierReduction.Sum && StaysZero(n.Body!));

        bool StaysZero(ModifierExpr e) =>
            program.Exprs.Rewrite(e,
                x => x.Source?.Kind == ModifierTensorKind.Score ? program.Exprs.Real(0, x.Type) : null).Range is { Low: 0, High: 0,
                    MayBeNaN: false };
    }
}
