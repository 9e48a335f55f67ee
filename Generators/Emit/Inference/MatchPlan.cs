using Ops.Specs.Model;

namespace Ops.Generators.Emit.Inference;

/// <summary>A step of binding names: an input's shape, a list attribute's length, a computed default, a definition or an equation of a
/// rule.</summary>
internal abstract record MatchStep;

internal sealed record MatchInput(Port Port) : MatchStep;

internal sealed record MatchLength(AttributeShape Attribute) : MatchStep;

internal sealed record MatchDefault(AttributeShape Attribute) : MatchStep;

internal sealed record MatchLet(Let Let) : MatchStep;

/// <summary>A rule <c>name == value</c> that can give a dim its value.</summary>
internal sealed record MatchEquation(string Name, Expr Value, Expr? Condition, string Rule) : MatchStep;

/// <summary>
/// The order in which names get their values: each step after those it reads, as far as there is such an order. Where there is none (an
/// extent is an expression of dims that other inputs bind), the steps repeat until nothing new is learned.
/// </summary>
internal sealed class MatchPlan
{
    private readonly HashSet<string> unbound;

    public MatchPlan(OpVersion version)
    {
        OpModel model = version.Model;
        unbound = [.. model.Dims.Where(d => d.Kind is not (DimKind.Fresh or DimKind.Quantified or DimKind.FamilyCount)).Select(d => d.Name),
            .. model.Lets.Select(l => l.Name)];
        // The elements of an input with a default are there only when the default can be.
        unbound.UnionWith(model.Inputs.Where(p => p.Value is not null).Select(p => p.Name));
        foreach (AttributeShape attribute in version.Attributes)
            if (attribute is { IsGiven: true, HasValue: true })
                unbound.Add(attribute.Name);

        var pending = new List<MatchStep>();
        pending.AddRange(model.Inputs.Select(p => new MatchInput(p)));
        pending.AddRange(version.Attributes.Where(a => a.Model.Length is not null).Select(a => new MatchLength(a)));
        pending.AddRange(version.Attributes.Where(a => a is { IsGiven: true, HasValue: true }).Select(a => new MatchDefault(a)));
        pending.AddRange(model.Lets.Where(l => !ReadsOutput(l.Value)).Select(l => new MatchLet(l)));
        HashSet<string> dims = [.. model.Dims.Where(d => d.Kind == DimKind.Single).Select(d => d.Name)];
        foreach (Rule rule in model.Rules)
            if (Equation(rule, dims) is { } equation)
                pending.Add(equation);

        while (pending.Count > 0)
        {
            MatchStep? ready = pending.FirstOrDefault(s => Reads(s).All(n => !unbound.Contains(n)));
            if (ready is null)
            {
                // No step has all it reads: take the first input there is, and come back to it when more is known.
                Repeats = true;
                ready = pending.FirstOrDefault(s => s is MatchInput) ?? pending[0];
            }
            pending.Remove(ready);
            Steps.Add(ready);
            foreach (string name in Binds(ready))
                unbound.Remove(name);
        }
        Repeats |= model.Inputs.Any(p => Solvable(p.Type).Any());
        Late = [.. model.Lets.Where(l => ReadsOutput(l.Value))];
    }

    /// <summary>The steps in order.</summary>
    public List<MatchStep> Steps { get; } = [];

    /// <summary>Definitions that need the shape of an output.</summary>
    public List<Let> Late { get; }

    /// <summary>Whether one pass may not be enough.</summary>
    public bool Repeats { get; }

    private static IEnumerable<string> Solvable(PortType type) => type switch
    {
        TensorPort t => t.Items.OfType<DimItem>().SelectMany(i => Equations.SolvableNames(i.Extent)),
        ConditionalPort c => Solvable(c.Then).Concat(Solvable(c.Otherwise)),
        _ => [],
    };

    /// <summary>Whether an expression asks for an output's shape, or whether an output is wanted.</summary>
    private static bool ReadsOutput(Expr expr) => ExpressionNames.Of(expr).Any(n => n.Symbol == SymbolKind.Output);

    private static MatchEquation? Equation(Rule rule, HashSet<string> dims)
    {
        Expr predicate = rule.Predicate;
        Expr? condition = null;
        if (predicate is ConditionalExpr { Otherwise: null } conditional)
            (predicate, condition) = (conditional.Then, conditional.Condition);
        if (predicate is not CompareExpr { Op: CompareOp.Equal } equal || equal.Left.Type.Depth > 0 || ReadsOutput(rule.Predicate)
            || rule.ReadsData)
            return null;
        if (equal.Left is NameExpr { Symbol: SymbolKind.Dim } left && dims.Contains(left.Name)
            && equal.Right.Type is { Kind: ExprKind.Exact, Depth: 0 })
            return new MatchEquation(left.Name, equal.Right, condition, rule.Name);
        if (equal.Right is NameExpr { Symbol: SymbolKind.Dim } right && dims.Contains(right.Name)
            && equal.Left.Type is { Kind: ExprKind.Exact, Depth: 0 })
            return new MatchEquation(right.Name, equal.Left, condition, rule.Name);
        return null;
    }

    private IEnumerable<string> Reads(MatchStep step) => step switch
    {
        MatchInput m => ReadsOf(m.Port.Type).Concat(m.Port.Value is null ? [] : NamesIn(m.Port.Value).Except(BindsOf(m.Port.Type))),
        MatchLength m => m.Attribute.Model.Length is NameExpr { Symbol: SymbolKind.Dim } ? [] : NamesIn(m.Attribute.Model.Length),
        MatchDefault m => NamesIn(m.Attribute.Model.Default),
        MatchLet m => NamesIn(m.Let.Value),
        MatchEquation m => NamesIn(m.Value).Concat(NamesIn(m.Condition)),
        _ => [],
    };

    private static IEnumerable<string> Binds(MatchStep step) => step switch
    {
        MatchInput m => BindsOf(m.Port.Type).Concat(SolvedBy(m.Port.Type)).Append(m.Port.Name),
        MatchLength m => m.Attribute.Model.Length is NameExpr n ? [n.Name] : [],
        MatchDefault m => [m.Attribute.Name],
        MatchLet m => [m.Let.Name],
        MatchEquation m => [m.Name],
        _ => [],
    };

    private static IEnumerable<string> NamesIn(Expr? expr) => ExpressionNames.Of(expr).Select(n => n.Name);

    private static IEnumerable<string> BindsOf(PortType type) => type switch
    {
        TensorPort t => t.Items.Select(i => i switch
        {
            DimItem { Extent: NameExpr { Symbol: SymbolKind.Dim } n } => n.Name,
            DimItem { Extent: IndexExpr { Target: NameExpr { Symbol: SymbolKind.FamilyDim } n } } => n.Name,
            SpliceItem { Dims: NameExpr { Symbol: SymbolKind.RankVariable } n } => n.Name,
            SpliceItem { Dims: IndexExpr { Target: NameExpr n } } => n.Name,
            _ => "",
        }).Where(n => n.Length > 0),
        ConditionalPort c => BindsOf(c.Then).Concat(BindsOf(c.Otherwise)).Distinct(),
        _ => [],
    };

    private static IEnumerable<string> SolvedBy(PortType type) => type switch
    {
        TensorPort t => t.Items.OfType<DimItem>().SelectMany(i => i.Extent is NameExpr ? [] : NamesIn(i.Extent)),
        ConditionalPort c => SolvedBy(c.Then).Concat(SolvedBy(c.Otherwise)),
        _ => [],
    };

    /// <summary>What a shape must know before it can bind: ends, conditions, all but one dim that an expression can be solved
    /// for.</summary>
    private IEnumerable<string> ReadsOf(PortType type)
    {
        switch (type)
        {
            case ConditionalPort c:
                return NamesIn(c.Condition).Concat(ReadsOf(c.Then)).Concat(ReadsOf(c.Otherwise));
            case TensorPort t:
                var reads = new List<string>();
                int open = 0;
                HashSet<string> own = [.. BindsOf(type)];
                foreach (ShapeItem item in t.Items)
                {
                    switch (item)
                    {
                        case DimItem { Extent: NameExpr or IndexExpr }:
                            break;
                        case DimItem d:
                            string[] free = [.. NamesIn(d.Extent).Where(n => unbound.Contains(n) && !own.Contains(n)).Distinct()];
                            string[] solvable = [.. Equations.SolvableNames(d.Extent)];
                            string? solved = free.FirstOrDefault(solvable.Contains);
                            reads.AddRange(free.Where(n => n != solved));
                            break;
                        case SpliceItem { End: { } end }:
                            reads.AddRange(NamesIn(end).Where(n => !own.Contains(n)));
                            break;
                        case SpliceItem { Dims: NameExpr { Symbol: SymbolKind.RankVariable } n }:
                            // One rank variable may be open; a second one must have its length from elsewhere.
                            if (unbound.Contains(n.Name) && ++open > 1)
                                reads.Add(n.Name);
                            break;
                        case SpliceItem { Dims: { } dims }:
                            reads.AddRange(NamesIn(dims).Where(n => !own.Contains(n)));
                            break;
                    }
                }
                return reads;
            default:
                return [];
        }
    }
}
