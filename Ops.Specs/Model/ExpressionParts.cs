namespace Ops.Specs.Model;

/// <summary>The expressions that an expression is made of.</summary>
internal static class ExpressionParts
{
    /// <summary>Shows a visitor the expressions that one is made of, in the order they stand.</summary>
    /// <param name="expr">The whole.</param>
    /// <param name="state">What the visitor gathers in, so that it need not be a closure.</param>
    /// <param name="visit">The visitor.</param>
    public static void Visit<TState>(Expr expr, TState state, Action<Expr, TState> visit)
    {
        switch (expr)
        {
            case UnaryExpr e:
                visit(e.Operand, state);
                break;
            case BinaryExpr e:
                visit(e.Left, state);
                visit(e.Right, state);
                break;
            case CompareExpr e:
                visit(e.Left, state);
                visit(e.Right, state);
                break;
            case MembershipExpr e:
                visit(e.Item, state);
                visit(e.Set, state);
                break;
            case RangeExpr e:
                VisitAny(e.From, state, visit);
                VisitAny(e.To, state, visit);
                break;
            case ListExpr e:
                foreach (ListItem item in e.Items)
                    visit(item.Value, state);
                break;
            case ComprehensionExpr e:
                visit(e.Value, state);
                foreach (Binder binder in e.Binders)
                {
                    VisitAny(binder.Limit, state, visit);
                    VisitAny(binder.Source, state, visit);
                    VisitAny(binder.Condition, state, visit);
                }
                break;
            case ConditionalExpr e:
                visit(e.Condition, state);
                visit(e.Then, state);
                VisitAny(e.Otherwise, state, visit);
                break;
            case IndexExpr e:
                visit(e.Target, state);
                foreach (IndexItem item in e.Indices)
                {
                    VisitAny(item is PositionIndex position ? position.Position : (item as SliceIndex)?.From, state, visit);
                    VisitAny((item as SliceIndex)?.To, state, visit);
                }
                break;
            case CallExpr e:
                foreach (ListItem argument in e.Arguments)
                    visit(argument.Value, state);
                break;
            case HostExpr e:
                foreach (Expr argument in e.Arguments)
                    visit(argument, state);
                break;
        }
    }

    public static void VisitAny<TState>(Expr? expr, TState state, Action<Expr, TState> visit)
    {
        if (expr is not null)
            visit(expr, state);
    }
}
