namespace Ops.Specs.Model;

/// <summary>Which names expressions read, and what they ask of them.</summary>
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
            ExpressionParts.Visit(expr, names, AddNames);
    }

    /// <summary>
    /// The names whose values (not only presence, rank or shape) an expression reads one by one; the comparison of a whole tensor with a
    /// number is a pass over its memory and needs no list of its elements.
    /// </summary>
    public static IReadOnlyList<NameExpr> ValuesOf(Expr? expr)
    {
        List<NameExpr> names = [];
        ExpressionParts.VisitAny(expr, names, AddValues);
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
            case CompareExpr { Left: NameExpr { Symbol: SymbolKind.Input, Type.Depth: 0 } } e when !e.Right.Type.IsSequence():
                AddValues(e.Right, names);
                break;
            case CompareExpr { Right: NameExpr { Symbol: SymbolKind.Input, Type.Depth: 0 } } e when !e.Left.Type.IsSequence():
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
                ExpressionParts.Visit(expr, names, AddValues);
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
            ExpressionParts.Visit(expr, hosts, AddHosts);
    }

    /// <summary>The names of which some expressions ask <c>has(name)</c>.</summary>
    public static HashSet<string> PresenceAsked(IEnumerable<Expr> expressions) => [.. Gather<string>(expressions, AddAsked)];

    private static void AddAsked(Expr expr, List<string> asked)
    {
        if (expr is not CallExpr { Function: Function.Has } has)
            ExpressionParts.Visit(expr, asked, AddAsked);
        else if (has.Arguments[0].Value is NameExpr name)
            asked.Add(name.Name);
    }
}
