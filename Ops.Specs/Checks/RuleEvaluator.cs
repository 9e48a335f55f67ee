using Ops.Specs.Binding;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Symbolic;

namespace Ops.Specs.Checks;

/// <summary>
/// What is known of an expression without a call: dims are at least 0, attributes are in their sets, required inputs are there. What it
/// does not understand is unknown.
/// </summary>
internal sealed class RuleEvaluator(OpModel model)
{
    private const int MaxDepth = 64;
    private int depth;

    internal Truth Truth(Expr expr)
    {
        if (depth > MaxDepth)
            return Symbolic.Truth.Unknown;
        depth++;
        try
        {
            return expr switch
            {
                BoolLiteral literal => literal.Value,
                UnaryExpr { Op: UnaryOp.Not } not => !Truth(not.Operand),
                BinaryExpr { Op: BinaryOp.And } and => And(Truth(and.Left), Truth(and.Right)),
                BinaryExpr { Op: BinaryOp.Or } or => !And(!Truth(or.Left), !Truth(or.Right)),
                ConditionalExpr conditional => Choose(Truth(conditional.Condition), Truth(conditional.Then),
                    conditional.Otherwise is null ? true : Truth(conditional.Otherwise)),
                CompareExpr compare => Compare(compare),
                MembershipExpr membership =>
                    membership.Negated ? !In(membership.Item, membership.Set) : In(membership.Item, membership.Set),
                CallExpr { Function: Function.Has, Arguments: { Count: 1 } arguments } when arguments[0].Value is NameExpr name =>
                    IsRequired(name.Name) ? true : Symbolic.Truth.Unknown,
                // Nothing is demanded of no elements, so that only what always holds is known of a loop.
                ComprehensionExpr comprehension => Truth(comprehension.Value).IsTrue ? true : Symbolic.Truth.Unknown,
                NameExpr { Symbol: SymbolKind.Let } let when Definition(let.Name) is { } value => Truth(value),
                _ => Symbolic.Truth.Unknown,
            };
        }
        finally
        {
            depth--;
        }
    }

    private static Truth And(Truth a, Truth b) => a.Fails ? a : b.Fails ? b : a.IsTrue && b.IsTrue ? true : Symbolic.Truth.Unknown;

    private static Truth Choose(Truth condition, Truth then, Truth otherwise) =>
        condition.IsTrue ? then
            : condition.IsFalse ? otherwise
            : then.IsTrue && otherwise.IsTrue ? true
            : then.Fails && otherwise.Fails ? then
            : Symbolic.Truth.Unknown;

    private Truth Compare(CompareExpr compare)
    {
        if (compare.Left.Equals(compare.Right))
            return compare.Op is CompareOp.Equal or CompareOp.LessOrEqual or CompareOp.GreaterOrEqual;
        if (compare.Op is CompareOp.Equal or CompareOp.NotEqual && Equality(compare.Left, compare.Right) is { } equal)
            return compare.Op == CompareOp.Equal ? equal : !equal;
        if (Range(compare.Left) is { } left && Range(compare.Right) is { } right)
            return Ranges(compare.Op, left, right);
        if (compare.Left.Type is not { Kind: ExprKind.Exact, Depth: 0 } || compare.Right.Type is not { Kind: ExprKind.Exact, Depth: 0 })
            return Symbolic.Truth.Unknown;
        return Comparison.Of(compare.Op, Number(compare.Left), Number(compare.Right));
    }

    /// <summary>Whether two values of no order are equal: texts, truth values, element types.</summary>
    private Truth? Equality(Expr left, Expr right)
    {
        if (Values(left) is not { } a || Values(right) is not { } b)
            return null;
        return !a.Any(b.Contains) ? false : a.Count == 1 && b.Count == 1 ? true : Symbolic.Truth.Unknown;
    }

    /// <summary>All values an expression of texts or element types can have; null when nobody knows.</summary>
    private HashSet<object>? Values(Expr expr) => expr switch
    {
        StringLiteral or DtypeLiteral or BoolLiteral => [Constants.Value(expr)!],
        NameExpr { Symbol: SymbolKind.TypeVariable } name when model.Types.FirstOrDefault(t => t.Name == name.Name) is { } type =>
            [.. type.Allowed.Select(t => (object)t)],
        NameExpr { Symbol: SymbolKind.Attribute } name
            when model.Attributes.FirstOrDefault(a => a.Name == name.Name) is { Kind: AttributeKind.String, IsList: false,
                In: ListExpr set } =>
            Constant(set),
        _ => null,
    };

    private static HashSet<object>? Constant(ListExpr set)
    {
        HashSet<object> values = [];
        foreach (ListItem item in set.Items)
            if (item.Spread && item.Value is ListExpr inner && Constant(inner) is { } more)
                values.UnionWith(more);
            else if (!item.Spread && Constants.Value(item.Value) is { } value)
                values.Add(value);
            else
                return null;
        return values;
    }

    private Truth In(Expr item, Expr set)
    {
        if (set is ListExpr list && Values(item) is { } values && Constant(list) is { } allowed)
            return values.IsSubsetOf(allowed) ? true : !values.Overlaps(allowed) ? false : Symbolic.Truth.Unknown;
        if (set is not RangeExpr range)
            return Symbolic.Truth.Unknown;
        ExprType type = new(ExprKind.Bool);
        Truth low = range.From is null ? true : Truth(new CompareExpr(CompareOp.LessOrEqual, range.From, item, type));
        Truth high = range.To is null
            ? true : Truth(new CompareExpr(range.HalfOpen ? CompareOp.Less : CompareOp.LessOrEqual, item, range.To, type));
        return And(low, high);
    }

    /// <summary>The least and greatest value of a constant or of an attribute that has a range.</summary>
    private (double Low, double High)? Range(Expr expr)
    {
        if (Constants.Value(expr) is double constant)
            return (constant, constant);
        if (expr is not NameExpr { Symbol: SymbolKind.Attribute, Type.Depth: 0 } name
            || model.Attributes.FirstOrDefault(a => a.Name == name.Name) is not { In: RangeExpr range })
            return null;
        double? low = range.From is null ? double.NegativeInfinity : Constants.Value(range.From) as double?,
            high = range.To is null ? double.PositiveInfinity : Constants.Value(range.To) as double?;
        if (low is null || high is null)
            return null;
        // The greatest integer below a half-open end; for reals a little too much, which only makes less known.
        return (low.Value, range.HalfOpen && expr.Type.Kind == ExprKind.Exact ? high.Value - 1 : high.Value);
    }

    private static Truth Ranges(CompareOp op, (double Low, double High) a, (double Low, double High) b) => op switch
    {
        CompareOp.Less => a.High < b.Low ? true : a.Low >= b.High ? false : Symbolic.Truth.Unknown,
        CompareOp.LessOrEqual => a.High <= b.Low ? true : a.Low > b.High ? false : Symbolic.Truth.Unknown,
        CompareOp.Greater => Ranges(CompareOp.Less, b, a),
        CompareOp.GreaterOrEqual => Ranges(CompareOp.LessOrEqual, b, a),
        CompareOp.Equal => a.High < b.Low || b.High < a.Low ? false : a.Low == a.High && a == b ? true : Symbolic.Truth.Unknown,
        _ => !Ranges(CompareOp.Equal, a, b),
    };

    private Dim Number(Expr expr)
    {
        if (depth > MaxDepth)
            return Dim.Unknown;
        depth++;
        try
        {
            return expr switch
            {
                IntLiteral literal => literal.Value,
                NameExpr { Symbol: SymbolKind.Dim or SymbolKind.FamilyCount, Type.Depth: 0 } dim => Dim.Symbol(dim.Name),
                NameExpr { Symbol: SymbolKind.Attribute, Type.Depth: 0 } attribute when Range(attribute) is { Low: >= 0 } =>
                    Dim.Symbol(attribute.Name),
                NameExpr { Symbol: SymbolKind.Let, Type.Depth: 0 } let when Definition(let.Name) is { } value => Number(value),
                CallExpr { Function: Function.Len, Arguments: { Count: 1 } arguments }
                    when arguments[0].Value is NameExpr { Symbol: SymbolKind.RankVariable } list => Dim.Symbol($"len({list.Name})"),
                CallExpr { Function: Function.Rank, Arguments: { Count: 1 } arguments } when arguments[0].Value is NameExpr port =>
                    Rank(port.Name),
                UnaryExpr { Op: UnaryOp.Negate } negation => -Number(negation.Operand),
                BinaryExpr { Type.Depth: 0 } binary => binary.Op switch
                {
                    BinaryOp.Add => Number(binary.Left) + Number(binary.Right),
                    BinaryOp.Subtract => Number(binary.Left) - Number(binary.Right),
                    BinaryOp.Multiply => Number(binary.Left) * Number(binary.Right),
                    // A division by what may be zero decides nothing.
                    BinaryOp.Divide when Number(binary.Right) is { IsKnown: true, Value: not 0 } divisor => Number(binary.Left) / divisor,
                    BinaryOp.Modulo when Number(binary.Right) is { IsKnown: true, Value: not 0 } divisor => Number(binary.Left) % divisor,
                    _ => Dim.Unknown,
                },
                _ => Dim.Unknown,
            };
        }
        finally
        {
            depth--;
        }
    }

    private Dim Rank(string port) =>
        model.Inputs.FirstOrDefault(i => i.Name == port)?.Type is TensorPort tensor && tensor.Items.All(i => i is DimItem)
            ? tensor.Items.Count : Dim.Symbol($"rank({port})");

    private Expr? Definition(string name) => model.Lets.FirstOrDefault(l => l.Name == name)?.Value;

    private bool IsRequired(string name) =>
        model.Inputs.Any(i => i.Name == name && !i.Optional) || model.Outputs.Any(o => o.Name == name && !o.Optional)
            || model.Attributes.Any(a => a.Name == name && (!a.Optional || a.Default is not null));
}
