using System.Runtime.CompilerServices;
using Ops.Specs.Collections;

namespace Ops.Specs.Model;

/// <summary>Which names an expression or a port's type reads.</summary>
internal static class ExpressionNames
{
    // Asked of every attribute, many times.
    private static readonly ConditionalWeakTable<OpModel, HashSet<string>> AskedOf = new();

    /// <summary>Every name an expression reads, without its own binders; data of inputs count as their names.</summary>
    public static IEnumerable<NameExpr> Of(Expr? expr) => expr switch
    {
        null => [],
        NameExpr { Symbol: not SymbolKind.Binder } e => [e],
        UnaryExpr e => Of(e.Operand),
        BinaryExpr e => Of(e.Left).Concat(Of(e.Right)),
        CompareExpr e => Of(e.Left).Concat(Of(e.Right)),
        MembershipExpr e => Of(e.Item).Concat(Of(e.Set)),
        RangeExpr e => Of(e.From).Concat(Of(e.To)),
        ListExpr e => e.Items.SelectMany(i => Of(i.Value)),
        ComprehensionExpr e => Of(e.Value).Concat(e.Binders.SelectMany(b => Of(b.Limit).Concat(Of(b.Source)).Concat(Of(b.Condition)))),
        ConditionalExpr e => Of(e.Condition).Concat(Of(e.Then)).Concat(Of(e.Otherwise)),
        IndexExpr e => Of(e.Target).Concat(e.Indices.SelectMany(Of)),
        CallExpr e => e.Arguments.SelectMany(a => Of(a.Value)),
        HostExpr e => e.Arguments.SelectMany(Of),
        _ => [],
    };

    /// <summary>
    /// The names whose values (not only presence, rank or shape) an expression reads one by one; the comparison of a whole tensor with a
    /// number is a pass over its memory and needs no list of its elements.
    /// </summary>
    public static IEnumerable<NameExpr> ValuesOf(Expr? expr) => expr switch
    {
        CallExpr { Function: Function.Has or Function.Rank or Function.Shape or Function.Arity } => [],
        NameExpr { Symbol: not SymbolKind.Binder } e => [e],
        UnaryExpr e => ValuesOf(e.Operand),
        BinaryExpr e => ValuesOf(e.Left).Concat(ValuesOf(e.Right)),
        CompareExpr { Left: NameExpr { Symbol: SymbolKind.Input, Type.Depth: 0 }, Right.Type: { Depth: 0, Kind: not (ExprKind.Tensor or ExprKind.RealTensor or ExprKind.AnyTensor) } } e =>
            ValuesOf(e.Right),
        CompareExpr { Right: NameExpr { Symbol: SymbolKind.Input, Type.Depth: 0 }, Left.Type: { Depth: 0, Kind: not (ExprKind.Tensor or ExprKind.RealTensor or ExprKind.AnyTensor) } } e =>
            ValuesOf(e.Left),
        CompareExpr e => ValuesOf(e.Left).Concat(ValuesOf(e.Right)),
        MembershipExpr { Item: NameExpr { Symbol: SymbolKind.Input, Type.Depth: 0 }, Set: RangeExpr set, Negated: false } => ValuesOf(set),
        MembershipExpr e => ValuesOf(e.Item).Concat(ValuesOf(e.Set)),
        RangeExpr e => ValuesOf(e.From).Concat(ValuesOf(e.To)),
        ListExpr e => e.Items.SelectMany(i => ValuesOf(i.Value)),
        ComprehensionExpr e => ValuesOf(e.Value).Concat(e.Binders.SelectMany(b => ValuesOf(b.Limit).Concat(ValuesOf(b.Source)).Concat(ValuesOf(b.Condition)))),
        ConditionalExpr e => ValuesOf(e.Condition).Concat(ValuesOf(e.Then)).Concat(ValuesOf(e.Otherwise)),
        IndexExpr e => ValuesOf(e.Target).Concat(e.Indices.SelectMany(ValuesOf)),
        CallExpr e => e.Arguments.SelectMany(a => ValuesOf(a.Value)),
        HostExpr e => e.Arguments.Where(a => a is not NameExpr { Symbol: SymbolKind.Input }).SelectMany(ValuesOf),
        _ => [],
    };

    /// <summary>Every call of a C# method inside an expression.</summary>
    public static IEnumerable<HostExpr> Hosts(Expr? expr) => expr switch
    {
        HostExpr e => [e],
        UnaryExpr e => Hosts(e.Operand),
        BinaryExpr e => Hosts(e.Left).Concat(Hosts(e.Right)),
        CompareExpr e => Hosts(e.Left).Concat(Hosts(e.Right)),
        MembershipExpr e => Hosts(e.Item).Concat(Hosts(e.Set)),
        RangeExpr e => Hosts(e.From).Concat(Hosts(e.To)),
        ListExpr e => e.Items.SelectMany(i => Hosts(i.Value)),
        ComprehensionExpr e => Hosts(e.Value).Concat(e.Binders.SelectMany(b => Hosts(b.Limit).Concat(Hosts(b.Source)).Concat(Hosts(b.Condition)))),
        ConditionalExpr e => Hosts(e.Condition).Concat(Hosts(e.Then)).Concat(Hosts(e.Otherwise)),
        IndexExpr e => Hosts(e.Target),
        CallExpr e => e.Arguments.SelectMany(a => Hosts(a.Value)),
        _ => [],
    };

    /// <summary>Every expression that stands in a port's type.</summary>
    public static IEnumerable<Expr> Expressions(PortType type) => type switch
    {
        TensorPort t => t.Items.SelectMany(Expressions),
        ConditionalPort c => Expressions(c.Then).Concat(Expressions(c.Otherwise)).Prepend(c.Condition),
        SequencePort s => Expressions(s.Element),
        OptionalPort o => Expressions(o.Element),
        HostPort h => [h.Call],
        _ => [],
    };

    /// <summary>Every expression of a model, wherever it stands.</summary>
    public static IEnumerable<Expr> Expressions(OpModel model) =>
        ExpressionsToBind(model).Concat(model.Outputs.Select(o => o.Value!).Where(v => v is not null));

    /// <summary>Every expression of a model but the values that its outputs are known to have.</summary>
    public static IEnumerable<Expr> ExpressionsToBind(OpModel model)
    {
        IEnumerable<Expr?> all = model.Inputs.SelectMany(p => Expressions(p.Type).Append(p.In!).Append(p.Value!))
            .Concat(model.Outputs.SelectMany(p => Expressions(p.Type).Append(p.In!)))
            .Concat(model.Attributes.SelectMany(a => new[] { a.Default, a.In, a.Length }))
            .Concat(model.Lets.Select(l => l.Value))
            .Concat(model.Rules.Select(r => r.Predicate))
            .Concat(model.Types.SelectMany(t => new[] { t.Set, t.Default }));
        return all.Where(e => e is not null)!;
    }

    /// <summary>Every call in the bodies of a model, those in graphs included.</summary>
    public static IEnumerable<BodyCall> Calls(OpModel model) => BodyValues(model).OfType<BodyCall>();

    /// <summary>Every expression that stands in the bodies of a model.</summary>
    public static IEnumerable<Expr> Body(OpModel model) => BodyValues(model).SelectMany(v => v switch
    {
        BodyConstant constant => [constant.Value],
        BodyConditional choice => [choice.Condition],
        BodyCall call => call.Attributes.Select(a => a.Value).OfType<Expr>(),
        _ => (IEnumerable<Expr>)[],
    });

    private static IEnumerable<BodyValue> BodyValues(OpModel model) => model.Body is null ? []
        : model.LaterBodies.Select(l => l.Body).Prepend(model.Body).SelectMany(b => Parts(b.Equations, []));

    private static List<BodyValue> Parts(IEnumerable<BodyEquation> equations, List<BodyValue> parts)
    {
        foreach (BodyEquation equation in equations)
            Add(equation.Value, parts);
        return parts;
    }

    private static void Add(BodyValue value, List<BodyValue> parts)
    {
        parts.Add(value);
        if (value is BodyConditional choice)
        {
            Add(choice.Then, parts);
            Add(choice.Otherwise, parts);
        }
        if (value is not BodyCall call)
            return;
        foreach (BodyValue operand in call.Operands)
            Add(operand, parts);
        foreach (BodyAttribute attribute in call.Attributes)
            if (attribute.Graph is { } graph)
                Parts(graph.Equations, parts);
    }

    /// <summary>Whether <c>has(name)</c> stands anywhere in a model.</summary>
    public static bool AsksPresence(OpModel model, string name) =>
        AskedOf.GetValue(model, static m => [.. Expressions(m).Concat(Body(m)).SelectMany(Asked)]).Contains(name);

    private static IEnumerable<NameExpr> Of(IndexItem item) => item switch
    {
        PositionIndex p => Of(p.Position),
        SliceIndex s => Of(s.From).Concat(Of(s.To)),
        _ => [],
    };

    private static IEnumerable<NameExpr> ValuesOf(IndexItem item) => item switch
    {
        PositionIndex p => ValuesOf(p.Position),
        SliceIndex s => ValuesOf(s.From).Concat(ValuesOf(s.To)),
        _ => [],
    };

    private static IEnumerable<Expr> Expressions(ShapeItem item) => item switch
    {
        DimItem d => [d.Extent],
        SpliceItem s => new[] { s.Dims, s.End }.OfType<Expr>(),
        FreshItem { Bound: { } bound } => [bound],
        _ => [],
    };

    private static IEnumerable<string> Asked(Expr? expr) => expr switch
    {
        null => [],
        CallExpr { Function: Function.Has } e => e.Arguments[0].Value is NameExpr n ? [n.Name] : [],
        CallExpr e => e.Arguments.SelectMany(a => Asked(a.Value)),
        UnaryExpr e => Asked(e.Operand),
        BinaryExpr e => Asked(e.Left).Concat(Asked(e.Right)),
        CompareExpr e => Asked(e.Left).Concat(Asked(e.Right)),
        MembershipExpr e => Asked(e.Item).Concat(Asked(e.Set)),
        RangeExpr e => Asked(e.From).Concat(Asked(e.To)),
        ListExpr e => e.Items.SelectMany(i => Asked(i.Value)),
        ComprehensionExpr e => Asked(e.Value).Concat(e.Binders.SelectMany(b => Asked(b.Limit).Concat(Asked(b.Source)).Concat(Asked(b.Condition)))),
        ConditionalExpr e => Asked(e.Condition).Concat(Asked(e.Then)).Concat(Asked(e.Otherwise)),
        IndexExpr e => Asked(e.Target),
        HostExpr e => e.Arguments.SelectMany(Asked),
        _ => [],
    };
}
