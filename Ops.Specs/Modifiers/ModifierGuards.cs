namespace Ops.Specs.Modifiers;

/// <summary>The tests of positions that decide whether a score becomes -inf.</summary>
public static class ModifierGuards
{
    /// <summary>The tests of an expression, each with the answer that leaves scores in.</summary>
    public static Dictionary<ModifierExpr, bool> Of(ModifierExpr root)
    {
        var answers = new Dictionary<ModifierExpr, bool>();
        var undecided = new HashSet<ModifierExpr>();
        var seen = new HashSet<ModifierExpr>();
        Visit(root);
        foreach (ModifierExpr test in undecided)
            answers.Remove(test);
        return answers;

        void Visit(ModifierExpr e)
        {
            if (!seen.Add(e))
                return;
            if (e.Op == ModifierOp.Where && !e.Arguments[0].HasScore && IsMasked(e.Arguments[1]) != IsMasked(e.Arguments[2]))
            {
                bool answer = IsMasked(e.Arguments[2]);
                if (answers.TryGetValue(e.Arguments[0], out bool before) && before != answer)
                    undecided.Add(e.Arguments[0]);
                answers[e.Arguments[0]] = answer;
            }
            foreach (ModifierExpr argument in e.Arguments)
                Visit(argument);
        }
    }

    /// <summary>The tests of positions alone that something else than a test uses.</summary>
    public static List<ModifierExpr> TestsOf(ModifierExpr root)
    {
        var seen = new HashSet<ModifierExpr>();
        var found = new List<ModifierExpr>();
        Visit(root);
        return found;

        void Visit(ModifierExpr e)
        {
            if (!seen.Add(e)) return;
            foreach (ModifierExpr argument in e.Arguments)
            {
                if (argument.IsTruth && !argument.HasScore && !argument.IsConstant && (!e.IsTruth || e.HasScore))
                {
                    if (!found.Contains(argument)) found.Add(argument);
                }
                else
                {
                    Visit(argument);
                }
            }
        }
    }

    private static bool IsMasked(ModifierExpr e) => e.IsConstant && !e.IsInteger && double.IsNegativeInfinity(e.Real);
}
