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
        NameExpr { Symbol: not SymbolKind.Binder } e => [e],
        _ => Parts(expr).SelectMany(Of),
    };

    /// <summary>The expressions that one is made of, in the order they stand; null for what is left out.</summary>
    private static IEnumerable<Expr?> Parts(Expr? expr) => expr switch
    {
        UnaryExpr e => [e.Operand],
        BinaryExpr e => [e.Left, e.Right],
        CompareExpr e => [e.Left, e.Right],
        MembershipExpr e => [e.Item, e.Set],
        RangeExpr e => [e.From, e.To],
        ListExpr e => [.. e.Items.Select(i => i.Value)],
        ComprehensionExpr e => [e.Value, .. e.Binders.SelectMany(b => new[] { b.Limit, b.Source, b.Condition })],
        ConditionalExpr e => [e.Condition, e.Then, e.Otherwise],
        IndexExpr e => [e.Target, .. e.Indices.SelectMany(Bounds)],
        CallExpr e => [.. e.Arguments.Select(a => a.Value)],
        HostExpr e => [.. e.Arguments],
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
        CompareExpr { Left: NameExpr { Symbol: SymbolKind.Input, Type.Depth: 0 }, Right.Type: { Depth: 0, Kind: not (ExprKind.Tensor or ExprKind.RealTensor or ExprKind.AnyTensor) } } e =>
            ValuesOf(e.Right),
        CompareExpr { Right: NameExpr { Symbol: SymbolKind.Input, Type.Depth: 0 }, Left.Type: { Depth: 0, Kind: not (ExprKind.Tensor or ExprKind.RealTensor or ExprKind.AnyTensor) } } e =>
            ValuesOf(e.Left),
        MembershipExpr { Item: NameExpr { Symbol: SymbolKind.Input, Type.Depth: 0 }, Set: RangeExpr set, Negated: false } => ValuesOf(set),
        HostExpr e => e.Arguments.Where(a => a is not NameExpr { Symbol: SymbolKind.Input }).SelectMany(ValuesOf),
        _ => Parts(expr).SelectMany(ValuesOf),
    };

    /// <summary>Every call of a C# method inside an expression.</summary>
    public static IEnumerable<HostExpr> Hosts(Expr? expr) => expr is HostExpr host ? [host] : Parts(expr).SelectMany(Hosts);

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

    private static IEnumerable<Expr?> Bounds(IndexItem item) => item switch
    {
        PositionIndex p => [p.Position],
        SliceIndex s => [s.From, s.To],
        _ => [],
    };

    private static IEnumerable<Expr> Expressions(ShapeItem item) => item switch
    {
        DimItem d => [d.Extent],
        SpliceItem s => new[] { s.Dims, s.End }.OfType<Expr>(),
        FreshItem { Bound: { } bound } => [bound],
        _ => [],
    };

    private static IEnumerable<string> Asked(Expr? expr) => expr is CallExpr { Function: Function.Has } has
        ? has.Arguments[0].Value is NameExpr name ? [name.Name] : []
        : Parts(expr).SelectMany(Asked);
}
