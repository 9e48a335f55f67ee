using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>Types arithmetic, comparisons, <c>in</c>, and what joins truth values.</summary>
internal sealed class OperatorBinder(ExpressionBinder expressions, PresenceGuards guards, DiagnosticBag bag)
{
    internal Expr? BindUnary(UnarySyntax unary)
    {
        if (unary.Op == "not")
            return expressions.BindPredicate(unary.Operand) is { } truth ? new UnaryExpr(UnaryOp.Not, truth, truth.Type) : null;
        Expr? operand = expressions.Bind(unary.Operand);
        if (operand is null)
            return null;
        if (!expressions.IsFlat(unary.Operand, operand.Type))
            return null;
        return operand.Type.Kind.IsNumeric()
            ? new UnaryExpr(UnaryOp.Negate, operand, operand.Type) : expressions.Mismatch(unary.Operand, operand.Type, "a number");
    }

    internal Expr? BindLogic(BinarySyntax binary)
    {
        Expr? left = expressions.BindPredicate(binary.Left);
        // `has(x) and x > 0`: the right side is looked at only when the left side leaves it open.
        int guarded = guards.Enter(binary.Left, binary.Op == "and");
        Expr? right = expressions.BindPredicate(binary.Right);
        guards.Exit(guarded);
        return left is null || right is null ? null
            : new BinaryExpr(binary.Op == "and" ? BinaryOp.And : BinaryOp.Or, left, right, Deeper(left.Type, right.Type));
    }

    internal Expr? BindArithmetic(BinarySyntax binary)
    {
        Expr? left = Number(binary.Left), right = Number(binary.Right);
        if (left is null || right is null
            || !expressions.IsFlat(binary.Left, left.Type) || !expressions.IsFlat(binary.Right, right.Type))
            return null;
        BinaryOp op = binary.Op switch
        {
            "+" => BinaryOp.Add,
            "-" => BinaryOp.Subtract,
            "*" => BinaryOp.Multiply,
            "/" => BinaryOp.Divide,
            _ => BinaryOp.Modulo
        };
        return new BinaryExpr(op, left, right, ExprTypes.Arithmetic(left.Type, right.Type));
    }

    private Expr? Number(ExprSyntax syntax)
    {
        Expr? bound = expressions.Bind(syntax);
        return bound is null || bound.Type.Kind.IsNumeric() ? bound : expressions.Mismatch(syntax, bound.Type, "a number");
    }

    internal Expr? BindComparison(ComparisonSyntax comparison)
    {
        Expr? chain = null;
        bool broken = false;
        ExprSyntax leftSyntax = comparison.First;
        Expr? left = comparison.Links[0].Op is "in" or "not in" ? expressions.BindItem(leftSyntax) : expressions.Bind(leftSyntax);
        foreach ((string op, ExprSyntax operand) in comparison.Links)
        {
            Expr? right = expressions.Bind(operand);
            Expr? link = left is null || right is null ? null
                : op is "in" or "not in" ? Membership(leftSyntax, left, operand, right, op == "not in")
                : Comparison(leftSyntax, left, op, operand, right);
            broken |= link is null;
            if (link is not null)
                chain = chain is null ? link : new BinaryExpr(BinaryOp.And, chain, link, Deeper(chain.Type, link.Type));
            (left, leftSyntax) = (right, operand);
        }
        return broken ? null : chain;
    }

    private Expr? Comparison(ExprSyntax leftSyntax, Expr left, string op, ExprSyntax rightSyntax, Expr right)
    {
        bool ordered = op is not ("==" or "!=");
        if (ordered && !left.Type.Kind.IsNumeric())
            return expressions.Mismatch(leftSyntax, left.Type, "a number");
        if (ordered && !right.Type.Kind.IsNumeric())
            return expressions.Mismatch(rightSyntax, right.Type, "a number");
        bool comparable = left.Type.Kind == right.Type.Kind || (left.Type.Kind.IsNumeric() && right.Type.Kind.IsNumeric());
        if (!expressions.IsFlat(leftSyntax, left.Type) || !expressions.IsFlat(rightSyntax, right.Type))
            return null;
        if (!comparable || left.Type.Kind == ExprKind.Opaque || (!ordered && !HaveEquality(left.Type, right.Type)))
        {
            bag.Report(SpecRules.TypeMismatch, rightSyntax.Span,
                $"'{ExpressionBinder.Short(leftSyntax)}' is {left.Type.Say()} and '{ExpressionBinder.Short(rightSyntax)}' is {right.Type.Say()}; they cannot be compared");
            return null;
        }
        CompareOp compare = op switch
        {
            "==" => CompareOp.Equal,
            "!=" => CompareOp.NotEqual,
            "<" => CompareOp.Less,
            "<=" => CompareOp.LessOrEqual,
            ">" => CompareOp.Greater,
            _ => CompareOp.GreaterOrEqual,
        };
        // A tensor counts as a list beside a list, and as one truth about all its elements beside a scalar.
        int leftDepth = left.Type.Depth, rightDepth = right.Type.Depth;
        if (leftDepth == 0 && left.Type.Kind.IsTensor())
            leftDepth = Math.Min(1, rightDepth);
        if (rightDepth == 0 && right.Type.Kind.IsTensor())
            rightDepth = Math.Min(1, leftDepth);
        return new CompareExpr(compare, left, right, new ExprType(ExprKind.Bool, Math.Abs(leftDepth - rightDepth)));
    }

    /// <summary>Whether lists can be equal: two of the same numbers, texts or element types, or numbers or truths beside one.</summary>
    private static bool HaveEquality(ExprType left, ExprType right)
    {
        if (left.Kind == ExprKind.AnyTensor || right.Kind == ExprKind.AnyTensor)
            return true;
        bool isText = left.Kind is ExprKind.String or ExprKind.Dtype;
        (left, right) = (left.Listed(), right.Listed());
        return (left.Depth, right.Depth) switch
        {
            (0, 0) => true,
            (1, 1) => left == right && left.Kind != ExprKind.Bool,
            _ => !isText,
        };
    }

    private Expr? Membership(ExprSyntax itemSyntax, Expr item, ExprSyntax setSyntax, Expr set, bool negated)
    {
        set = ExpressionBinder.AsSet(set);
        ExprKind element = set.Type.Kind.Scalar(), value = item.Type.Kind;
        bool fits = element == value.Scalar() || (element.IsNumeric() && value.IsNumeric());
        if (!expressions.IsFlat(itemSyntax, item.Type))
            return null;
        if (item.Type.Listed().Kind == ExprKind.Real && set is ListExpr { Type: { Kind: ExprKind.Exact, Depth: 1 } } list
            && list.Items.All(i => !i.Spread && i.Value.Type == ExprTypes.Exact))
            set = ExprTypes.Coerce(set, ExprTypes.Real);
        if (set is not RangeExpr && item.Type.Kind != ExprKind.AnyTensor && set.Type.Kind != ExprKind.AnyTensor)
            fits &= value != ExprKind.Bool && set.Type.Listed() is { Depth: 1 } listed
                && ExprTypes.StandsFor(new ExprType(item.Type.Listed().Kind), listed.Element());
        if (!fits || value == ExprKind.Opaque)
        {
            bag.Report(SpecRules.TypeMismatch, setSyntax.Span,
                $"'{ExpressionBinder.Short(itemSyntax)}' is {item.Type.Say()}; it cannot be in '{ExpressionBinder.Short(setSyntax)}', {set.Type.Say()}");
            return null;
        }
        int depth = Math.Max(0, item.Type.Depth - Math.Max(0, set.Type.Depth - 1));
        return new MembershipExpr(item, set, negated, new ExprType(ExprKind.Bool, depth));
    }

    private static ExprType Deeper(ExprType a, ExprType b) => a.Depth >= b.Depth ? a : b;
}
