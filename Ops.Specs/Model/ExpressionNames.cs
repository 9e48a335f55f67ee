using Ops.Specs.Collections;

namespace Ops.Specs.Model;

/// <summary>Which names an expression or a port's type reads.</summary>
internal static class ExpressionNames
{
    /// <summary>Every name an expression reads, without its own binders; data of inputs count as their names.</summary>
    public static IReadOnlyList<NameExpr> Of(Expr? expr)
    {
        if (expr is null or IntLiteral)
            return [];
        List<NameExpr> names = [];
        AddNames(expr, names);
        return names;
    }

    /// <summary>Every name that some expressions read.</summary>
    public static IReadOnlyList<NameExpr> Of(IEnumerable<Expr> expressions) => Gather<NameExpr>(expressions, AddNames);

    private static List<T> Gather<T>(IEnumerable<Expr> expressions, Action<Expr, List<T>> add)
    {
        List<T> found = [];
        foreach (Expr expr in expressions)
            add(expr, found);
        return found;
    }

    private static void AddNames(Expr expr, List<NameExpr> names)
    {
        if (expr is NameExpr { Symbol: not SymbolKind.Binder } name)
            names.Add(name);
        else
            VisitParts(expr, names, AddNames);
    }

    /// <summary>Shows a visitor the expressions that one is made of, in the order they stand.</summary>
    /// <param name="expr">The whole.</param>
    /// <param name="state">What the visitor gathers in, so that it need not be a closure.</param>
    /// <param name="visit">The visitor.</param>
    private static void VisitParts<TState>(Expr expr, TState state, Action<Expr, TState> visit)
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

    private static void VisitAny<TState>(Expr? expr, TState state, Action<Expr, TState> visit)
    {
        if (expr is not null)
            visit(expr, state);
    }

    /// <summary>
    /// The names whose values (not only presence, rank or shape) an expression reads one by one; the comparison of a whole tensor with a
    /// number is a pass over its memory and needs no list of its elements.
    /// </summary>
    public static IReadOnlyList<NameExpr> ValuesOf(Expr? expr)
    {
        List<NameExpr> names = [];
        VisitAny(expr, names, AddValues);
        return names;
    }

    /// <summary>The names whose values some expressions read one by one.</summary>
    public static IReadOnlyList<NameExpr> ValuesOf(IEnumerable<Expr> expressions) => Gather<NameExpr>(expressions, AddValues);

    private static void AddValues(Expr expr, List<NameExpr> names)
    {
        switch (expr)
        {
            case IntLiteral or CallExpr { Function: Function.Has or Function.Rank or Function.Shape or Function.Arity }:
                break;
            case NameExpr { Symbol: not SymbolKind.Binder } e:
                names.Add(e);
                break;
            case CompareExpr { Left: NameExpr { Symbol: SymbolKind.Input, Type.Depth: 0 },
                Right.Type: { Depth: 0, Kind: not (ExprKind.Tensor or ExprKind.RealTensor or ExprKind.AnyTensor) } } e:
                AddValues(e.Right, names);
                break;
            case CompareExpr { Right: NameExpr { Symbol: SymbolKind.Input, Type.Depth: 0 },
                Left.Type: { Depth: 0, Kind: not (ExprKind.Tensor or ExprKind.RealTensor or ExprKind.AnyTensor) } } e:
                AddValues(e.Left, names);
                break;
            case MembershipExpr { Item: NameExpr { Symbol: SymbolKind.Input, Type.Depth: 0 }, Set: RangeExpr set, Negated: false }:
                AddValues(set, names);
                break;
            case HostExpr e:
                foreach (Expr argument in e.Arguments)
                    if (argument is not NameExpr { Symbol: SymbolKind.Input })
                        AddValues(argument, names);
                break;
            default:
                VisitParts(expr, names, AddValues);
                break;
        }
    }

    /// <summary>Every call of a C# method inside an expression.</summary>
    public static IReadOnlyList<HostExpr> Hosts(Expr expr) => Hosts([expr]);

    /// <summary>Every call of a C# method inside some expressions.</summary>
    public static IReadOnlyList<HostExpr> Hosts(IEnumerable<Expr> expressions) => Gather<HostExpr>(expressions, AddHosts);

    private static void AddHosts(Expr expr, List<HostExpr> hosts)
    {
        if (expr is HostExpr host)
            hosts.Add(host);
        else
            VisitParts(expr, hosts, AddHosts);
    }

    /// <summary>Every expression that stands in a port's type.</summary>
    public static IReadOnlyList<Expr> Expressions(PortType type)
    {
        List<Expr> expressions = [];
        Add(type, expressions);
        return expressions;
    }

    /// <summary>Every expression of a model, wherever it stands.</summary>
    public static IReadOnlyList<Expr> Expressions(OpModel model)
    {
        List<Expr> expressions = ToBind(model);
        foreach (Port output in model.Outputs)
            Add(output.Value, expressions);
        return expressions;
    }

    /// <summary>Every expression of a model but the values that its outputs are known to have.</summary>
    public static IReadOnlyList<Expr> ExpressionsToBind(OpModel model) => ToBind(model);

    private static List<Expr> ToBind(OpModel model)
    {
        List<Expr> expressions = [];
        foreach (Port input in model.Inputs)
        {
            Add(input.Type, expressions);
            Add(input.In, expressions);
            Add(input.Value, expressions);
        }
        foreach (Port output in model.Outputs)
        {
            Add(output.Type, expressions);
            Add(output.In, expressions);
        }
        foreach (AttributeModel attribute in model.Attributes)
        {
            Add(attribute.Default, expressions);
            Add(attribute.In, expressions);
            Add(attribute.Length, expressions);
        }
        foreach (Let let in model.Lets)
            expressions.Add(let.Value);
        foreach (Rule rule in model.Rules)
            expressions.Add(rule.Predicate);
        foreach (TypeVariable variable in model.Types)
        {
            Add(variable.Set, expressions);
            Add(variable.Default, expressions);
        }
        return expressions;
    }

    private static void Add(Expr? expr, List<Expr> expressions)
    {
        if (expr is not null)
            expressions.Add(expr);
    }

    private static void Add(PortType type, List<Expr> expressions)
    {
        switch (type)
        {
            case TensorPort tensor:
                foreach (ShapeItem item in tensor.Items)
                {
                    Add(item is DimItem dim ? dim.Extent : item is FreshItem fresh ? fresh.Bound : (item as SpliceItem)?.Dims, expressions);
                    Add((item as SpliceItem)?.End, expressions);
                }
                break;
            case ConditionalPort conditional:
                expressions.Add(conditional.Condition);
                Add(conditional.Then, expressions);
                Add(conditional.Otherwise, expressions);
                break;
            case SequencePort sequence:
                Add(sequence.Element, expressions);
                break;
            case OptionalPort optional:
                Add(optional.Element, expressions);
                break;
            case HostPort host:
                expressions.Add(host.Call);
                break;
        }
    }

    /// <summary>Every call in the bodies of a model, those in graphs included.</summary>
    public static IEnumerable<BodyCall> Calls(OpModel model) => BodyValues(model).OfType<BodyCall>();

    /// <summary>Every expression that stands in the bodies of a model.</summary>
    public static IReadOnlyList<Expr> Body(OpModel model)
    {
        List<Expr> expressions = [];
        foreach (BodyValue value in BodyValues(model))
        {
            if (value is BodyConstant constant)
                expressions.Add(constant.Value);
            else if (value is BodyConditional choice)
                expressions.Add(choice.Condition);
            else if (value is BodyCall call)
                foreach (BodyAttribute attribute in call.Attributes)
                    Add(attribute.Value, expressions);
        }
        return expressions;
    }

    private static List<BodyValue> BodyValues(OpModel model)
    {
        List<BodyValue> values = [];
        if (model.Body is null)
            return values;
        Add(model.Body.Equations, values);
        foreach (BodyOverride later in model.LaterBodies)
            Add(later.Body.Equations, values);
        return values;
    }

    private static void Add(EquatableArray<BodyEquation> equations, List<BodyValue> values)
    {
        foreach (BodyEquation equation in equations)
            Add(equation.Value, values);
    }

    private static void Add(BodyValue value, List<BodyValue> values)
    {
        values.Add(value);
        if (value is BodyConditional choice)
        {
            Add(choice.Then, values);
            Add(choice.Otherwise, values);
        }
        if (value is not BodyCall call)
            return;
        foreach (BodyValue operand in call.Operands)
            Add(operand, values);
        foreach (BodyAttribute attribute in call.Attributes)
            if (attribute.Graph is { } graph)
                Add(graph.Equations, values);
    }

    /// <summary>The names of which some expressions ask <c>has(name)</c>.</summary>
    public static HashSet<string> PresenceAsked(IEnumerable<Expr> expressions)
    {
        HashSet<string> asked = [];
        foreach (Expr expr in expressions)
            AddAsked(expr, asked);
        return asked;
    }

    private static void AddAsked(Expr expr, HashSet<string> asked)
    {
        if (expr is not CallExpr { Function: Function.Has } has)
            VisitParts(expr, asked, AddAsked);
        else if (has.Arguments[0].Value is NameExpr name)
            asked.Add(name.Name);
    }
}
