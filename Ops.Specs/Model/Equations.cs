namespace Ops.Specs.Model;

/// <summary>Solves the extents of inputs for the dims that stand in them.</summary>
internal static class Equations
{
    /// <summary>The dims that the extent of an input could be solved for: those that stand once in it, under + - * / only.</summary>
    internal static IEnumerable<string> SolvableNames(Expr extent)
    {
        if (extent is NameExpr)
            yield break;
        foreach (NameExpr name in ExpressionNames.Of(extent).GroupBy(n => n.Name).Where(g => g.Count() == 1).Select(g => g.First()))
            if (name.Symbol == SymbolKind.Dim && Inverse(extent, name.Name, new IntLiteral(0)) is not null)
                yield return name.Name;
    }

    /// <summary>The value of <paramref name="name"/> when <paramref name="expr"/> equals <paramref name="value"/>; null when it cannot be
    /// solved.</summary>
    internal static Expr? Inverse(Expr expr, string name, Expr value)
    {
        ExprType exact = new(ExprKind.Exact);
        bool Stands(Expr e) => ExpressionNames.Of(e).Any(n => n.Name == name);
        switch (expr)
        {
            case NameExpr n when n.Name == name:
                return value;
            case UnaryExpr { Op: UnaryOp.Negate } u:
                return Inverse(u.Operand, name, new UnaryExpr(UnaryOp.Negate, value, exact));
            case BinaryExpr b when Stands(b.Left):
                return b.Op switch
                {
                    BinaryOp.Add => Inverse(b.Left, name, new BinaryExpr(BinaryOp.Subtract, value, b.Right, exact)),
                    BinaryOp.Subtract => Inverse(b.Left, name, new BinaryExpr(BinaryOp.Add, value, b.Right, exact)),
                    BinaryOp.Multiply => Inverse(b.Left, name, new BinaryExpr(BinaryOp.Divide, value, b.Right, exact)),
                    BinaryOp.Divide => Inverse(b.Left, name, new BinaryExpr(BinaryOp.Multiply, value, b.Right, exact)),
                    _ => null,
                };
            case BinaryExpr b when Stands(b.Right):
                return b.Op switch
                {
                    BinaryOp.Add => Inverse(b.Right, name, new BinaryExpr(BinaryOp.Subtract, value, b.Left, exact)),
                    BinaryOp.Subtract => Inverse(b.Right, name, new BinaryExpr(BinaryOp.Subtract, b.Left, value, exact)),
                    BinaryOp.Multiply => Inverse(b.Right, name, new BinaryExpr(BinaryOp.Divide, value, b.Left, exact)),
                    BinaryOp.Divide => Inverse(b.Right, name, new BinaryExpr(BinaryOp.Divide, b.Left, value, exact)),
                    _ => null,
                };
            default:
                return null;
        }
    }
}
