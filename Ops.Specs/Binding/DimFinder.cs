using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>Finds where dims are born: by standing alone in an input's shape, as an attribute's length, as a family's count.</summary>
internal sealed class DimFinder(SymbolTable symbols, DiagnosticBag bag)
{
    private readonly HashSet<string> required = [];

    internal void Find(MergedSpec spec)
    {
        foreach (Entry<PortSyntax> port in spec.Inputs.Concat(spec.Outputs))
            if (port.Family is { } family)
                Birth(family.Count, DimKind.FamilyCount, SymbolKind.FamilyCount, ExprTypes.Exact, port.Name, optional: false);
        foreach (Entry<PortSyntax> port in spec.Inputs)
            if (port.Value is { } declaration)
                // A default gives its own extents, so they are known even when the input is absent.
                FromType(declaration.Type, port, declaration.Optional && declaration.Value is null);
        foreach (Entry<AttributeSyntax> attribute in spec.Attributes)
            if (attribute.Value is { Length: NameSyntax name } declaration)
                Birth(name, DimKind.Single, SymbolKind.Dim, ExprTypes.Exact, attribute.Name,
                    declaration.Optional && declaration.Default is null);
        foreach (Entry<PortSyntax> port in spec.Outputs)
            if (port.Value is { } declaration)
                foreach (FreshSyntax fresh in Tensors(declaration.Type).SelectMany(t => t.Items).OfType<FreshSyntax>())
                    symbols.Declare(new Symbol(fresh.Name.Name, SymbolKind.Dim,
                        fresh.Name.Span) { Dim = DimKind.Fresh, Type = ExprTypes.Exact });
        foreach (TensorTypeSyntax tensor in spec.Attributes.SelectMany(a => a.Value?.Arrows ?? [])
            .SelectMany(a => a.Inputs.Concat(a.Outputs)).SelectMany(Tensors))
            foreach (ItemSyntax item in tensor.Items)
                if (item is DimSyntax { Extent: NameSyntax name })
                    Quantify(name, SymbolKind.Dim, ExprTypes.Exact);
                else if (item is SpliceSyntax { Dims: NameSyntax rank })
                    Quantify(rank, SymbolKind.RankVariable, ExprTypes.Dims);
        FindOptional(spec);
    }

    /// <summary>The tensors in a type, those in branches and containers included.</summary>
    internal static IEnumerable<TensorTypeSyntax> Tensors(TypeSyntax type) => type switch
    {
        TensorTypeSyntax tensor => [tensor],
        ConditionalTypeSyntax conditional => Tensors(conditional.Then).Concat(Tensors(conditional.Otherwise)),
        ContainerTypeSyntax container => Tensors(container.Element),
        _ => [],
    };

    /// <summary>The name that an item stands for by itself, if it is such an item.</summary>
    internal static (NameSyntax Name, DimKind Kind)? Alone(ItemSyntax item, string? binder) => item switch
    {
        DimSyntax { Extent: NameSyntax name } => (name, DimKind.Single),
        DimSyntax { Extent: IndexSyntax index } when FamilyName(index, binder) is { } name => (name, DimKind.Family),
        SpliceSyntax { Dims: NameSyntax name } => (name, DimKind.Rank),
        SpliceSyntax { Dims: IndexSyntax index } when FamilyName(index, binder) is { } name => (name, DimKind.FamilyRank),
        _ => null,
    };

    private static NameSyntax? FamilyName(IndexSyntax index, string? binder) =>
        binder is not null && index.Target is NameSyntax name && index.Parts.Count == 1
            && index.Parts[0] is { Slice: false, Position: NameSyntax at } && at.Name == binder ? name : null;

    private void FromType(TypeSyntax type, Entry<PortSyntax> port, bool optional)
    {
        foreach (TensorTypeSyntax tensor in Tensors(type))
            foreach (ItemSyntax item in tensor.Items)
                if (Alone(item, port.Family?.Binder.Name) is var (name, kind) && name.Name != port.Family?.Binder.Name)
                {
                    (SymbolKind symbol, ExprType valueType) = kind switch
                    {
                        DimKind.Single => (SymbolKind.Dim, ExprTypes.Exact),
                        DimKind.Family => (SymbolKind.FamilyDim, ExprTypes.Dims),
                        DimKind.Rank => (SymbolKind.RankVariable, ExprTypes.Dims),
                        _ => (SymbolKind.RankVariable, new ExprType(ExprKind.Exact, 2)),
                    };
                    Birth(name, kind, symbol, valueType, port.Name, optional);
                }
    }

    private void Birth(NameSyntax name, DimKind kind, SymbolKind symbolKind, ExprType type, string by, bool optional)
    {
        Symbol? symbol = symbols.Find(name.Name);
        if (symbol is { Dim: null })
        {
            // A let or an attribute is used here, not born; of the others only a list of dims makes sense, which typing decides.
            if (kind == DimKind.FamilyCount)
                bag.Report(SpecRules.NameClash, name.Span,
                    $"'{name.Name}' is already {symbol.Role} of this spec; the count of a family needs another name", blocking: true);
            return;
        }
        if (symbol is null)
        {
            symbol = new Symbol(name.Name, symbolKind, name.Span) { Dim = kind, Type = type };
            if (!symbols.Declare(symbol))
                return;
        }
        else if (symbol.Dim != kind && !(symbol.Dim == DimKind.FamilyCount && kind == DimKind.Single))
        {
            bag.Report(SpecRules.NameClash, name.Span,
                $"'{name.Name}' is {symbol.Role} elsewhere in this spec; it cannot be {new Symbol("", symbolKind, name.Span).Role} here");
            return;
        }
        if (!symbol.BoundBy.Contains(by))
            symbol.BoundBy.Add(by);
        if (!optional)
            required.Add(name.Name);
    }

    private void Quantify(NameSyntax name, SymbolKind kind, ExprType type)
    {
        if (symbols.Find(name.Name) is null)
            symbols.Declare(new Symbol(name.Name, kind, name.Span) { Dim = DimKind.Quantified, Type = type });
    }

    /// <summary>
    /// Marks the dims that only optional inputs bind. A required input also gives a dim its value through an equation: in
    /// <c>[L, Hq * E]</c> with Hq known, E is known.
    /// </summary>
    private void FindOptional(MergedSpec spec)
    {
        List<List<string>> equations = [];
        foreach (Entry<PortSyntax> port in spec.Inputs)
            if (port.Value is { Optional: false } declaration)
                foreach (ItemSyntax item in Tensors(declaration.Type).SelectMany(t => t.Items))
                    if (item is DimSyntax { Extent: not NameSyntax } dim)
                        equations.Add([.. FreeNames.Of(dim.Extent).Where(n => symbols.Find(n) is { Dim: not null })]);
        bool more = true;
        while (more)
        {
            more = false;
            foreach (List<string> equation in equations)
                if (equation.Where(n => !required.Contains(n)).Distinct().Take(2).ToArray() is { Length: 1 } solved)
                    more |= required.Add(solved[0]);
        }
        foreach (Symbol symbol in symbols.All)
            if (symbol.Dim is not (null or DimKind.Quantified or DimKind.Fresh) && !required.Contains(symbol.Name))
                symbol.OnlyWith.AddRange(symbol.BoundBy);
    }
}
