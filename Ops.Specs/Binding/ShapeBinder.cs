using System.Text;
using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Ops.Specs.Types;

namespace Ops.Specs.Binding;

/// <summary>Where a type stands.</summary>
internal enum TypePlace
{
    Input,
    Output,
    Graph,
}

/// <summary>Binds the types of ports and of graph signatures.</summary>
internal sealed class ShapeBinder(SymbolTable symbols, ExpressionBinder expressions, DiagnosticBag bag)
{
    private string[]? elementNames;

    /// <summary>Null when the element type is not known: without it nothing can be declared. A broken shape becomes any shape.</summary>
    internal PortType? Bind(TypeSyntax type, TypePlace place, string? binder)
    {
        switch (type)
        {
            case TensorTypeSyntax tensor:
                return BindTensor(tensor, place, binder);
            case ConditionalTypeSyntax conditional:
                Expr? condition = expressions.BindPredicate(conditional.Condition);
                PortType? then = Bind(conditional.Then, place, binder), otherwise = Bind(conditional.Otherwise, place, binder);
                // Without its condition the choice is open: any shape of the first type's elements.
                return then is null || otherwise is null ? null
                    : condition is null ? AnyShape(then)
                    : new ConditionalPort(condition, then, otherwise);
            case ContainerTypeSyntax container:
                return Bind(container.Element, place, binder) is not { } element ? null
                    : container.Sequence ? new SequencePort(element) : new OptionalPort(element);
            case HostTypeSyntax host:
                return expressions.Bind(host.Call) is HostExpr call ? new HostPort(call, BindVariable(host.Variable)) : null;
            default:
                return null;
        }
    }

    private string? BindVariable(NameSyntax? name)
    {
        if (name is null)
            return null;
        if (symbols.Find(name.Name) is { Kind: SymbolKind.TypeVariable } symbol)
        {
            symbol.Uses++;
            return name.Name;
        }
        bag.Report(SpecRules.UnknownElementType, name.Span, $"'{name.Name}' is no type variable"
            + DidYouMean.Hint(name.Name, symbols.All.Where(s => s.Kind == SymbolKind.TypeVariable).Select(s => s.Name)));
        return null;
    }

    private static PortType AnyShape(PortType type) => type is TensorPort tensor
        ? tensor with { Items = [new SpliceItem(null, null, "...")], Text = tensor.Text.Substring(0, tensor.Text.IndexOf('[')) + "[...]" }
        : type;

    private TensorPort? BindTensor(TensorTypeSyntax tensor, TypePlace place, string? binder)
    {
        ElementRef? element = BindElement(tensor, binder);
        List<ShapeItem> items = [];
        bool broken = false;
        foreach (ItemSyntax item in tensor.Items)
        {
            ShapeItem? bound = BindItem(item, place);
            broken |= bound is null;
            if (bound is not null)
                items.Add(bound);
        }
        if (element is null)
            return null;
        TensorPort port = new(element, items.ToEquatableArray(), Print(tensor));
        return broken ? (TensorPort)AnyShape(port) : port;
    }

    private ElementRef? BindElement(TensorTypeSyntax tensor, string? binder)
    {
        NameSyntax name = tensor.Element;
        if (tensor.FamilyIndex is { } index)
        {
            if (index.Name != binder)
            {
                bag.Report(SpecRules.FamilyUse, index.Span,
                    binder is null ? $"'{name.Name}[{index.Name}]' stands only in a family" : $"the index of this family is '{binder}'");
                return null;
            }
        }
        if (symbols.Find(name.Name) is { } symbol)
        {
            symbol.Uses++;
            if (symbol.Kind == SymbolKind.TypeVariable)
                return new VariableElement(name.Name, tensor.FamilyIndex?.Name);
            if (symbol.Type is null)
                return null;
            if (symbol.Type == ExprTypes.Dtype)
                return new ComputedElement(new NameExpr(name.Name, symbol.Kind, symbol.Type));
            bag.Report(SpecRules.UnknownElementType, name.Span, $"'{name.Name}' is {symbol.Role}, not an element type", blocking: true);
            return null;
        }
        if (ElementTypes.Names.TryGetValue(name.Name, out ElementType type))
            return new FixedElement(type);
        elementNames ??= [.. ElementTypes.Names.Keys, .. symbols.All.Where(s => s.Type == ExprTypes.Dtype).Select(s => s.Name)];
        bag.Report(SpecRules.UnknownElementType, name.Span, ElementTypes.Sets.ContainsKey(name.Name)
            ? $"'{name.Name}' is a set of element types; 'types' gives it a variable"
            : $"there is no element type '{name.Name}'{DidYouMean.Hint(name.Name, elementNames)}", blocking: true);
        return null;
    }

    private ShapeItem? BindItem(ItemSyntax item, TypePlace place)
    {
        switch (item)
        {
            case DimSyntax dim:
                Expr? extent = expressions.Bind(dim.Extent, ExprTypes.Exact);
                if (extent is null)
                    return null;
                if (ExprTypes.Fits(extent.Type, ExprTypes.Exact))
                    return new DimItem(extent, dim.Extent.ToString());
                bag.Report(SpecRules.ShapeItem, dim.Span,
                    $"'{ExpressionBinder.Short(dim.Extent)}' is {extent.Type.Say()}, not one dim{(extent.Type.IsSequence() ? "; '...' splices a list" : "")}");
                return null;
            case SpliceSyntax splice:
                if (splice.End is not null && place != TypePlace.Input)
                {
                    bag.Report(SpecRules.ShapeItem, splice.End.Span,
                        "'@' fixes where a rank variable ends in an input; an output's shape follows from its items");
                    return null;
                }
                Expr? dims = splice.Dims is null ? null : expressions.Bind(splice.Dims, ExprTypes.Dims);
                Expr? end = splice.End is null ? null : expressions.BindAs(splice.End, ExprTypes.Exact, "a position");
                if ((splice.Dims is not null && dims is null) || (splice.End is not null && end is null))
                    return null;
                if (dims is null || ExprTypes.Fits(dims.Type, ExprTypes.Dims))
                    return new SpliceItem(dims, end, Print(splice));
                bag.Report(SpecRules.ShapeItem, splice.Dims!.Span,
                    $"'{ExpressionBinder.Short(splice.Dims)}' is {dims.Type.Say()}; '...' splices a list of dims");
                return null;
            case FreshSyntax fresh:
                if (place != TypePlace.Output)
                {
                    bag.Report(SpecRules.ShapeItem, fresh.Span,
                        $"'?{fresh.Name.Name}' is an extent that running tells; it stands only in an output");
                    return null;
                }
                Expr? bound = fresh.Bound is null ? null : expressions.BindAs(fresh.Bound, ExprTypes.Exact);
                if (symbols.Find(fresh.Name.Name) is { } symbol)
                    symbol.Uses++;
                return fresh.Bound is not null && bound is null ? null : new FreshItem(fresh.Name.Name, bound);
            default:
                return null;
        }
    }

    /// <summary>
    /// Reports an input shape that can be split in more than one way: two rank variables whose lengths nothing fixes. A length is fixed by
    /// <c>@</c>, or by another input where it is the only open one.
    /// </summary>
    internal void CheckOpenRanks(IReadOnlyList<Entry<PortSyntax>> inputs)
    {
        TensorTypeSyntax[] tensors = [.. inputs.SelectMany(p => p.Value is null ? [] : DimFinder.Tensors(p.Value.Type))];
        if (tensors.All(t => t.Items.Count(i => i is SpliceSyntax) < 2))
            return;
        HashSet<string> settled = [];
        bool more = true;
        while (more)
        {
            more = false;
            foreach (TensorTypeSyntax tensor in tensors)
                foreach (List<SpliceSyntax> open in Open(tensor, settled))
                    if (open.Count == 1 && open[0].Dims is NameSyntax only)
                        more |= settled.Add(only.Name);
        }
        foreach (TensorTypeSyntax tensor in tensors)
            foreach (List<SpliceSyntax> open in Open(tensor, settled))
                if (open.Count > 1)
                    bag.Report(SpecRules.OpenRank, open[1].Span,
                        $"the length of '{Print(open[1])}' is open, and so is that of '{Print(open[0])}' before it; '@' says where that one ends");
    }

    /// <summary>The rank variables of yet unknown length, between places that are known: the start, the end, and where an '@' says that one
    /// ends.</summary>
    private static List<List<SpliceSyntax>> Open(TensorTypeSyntax tensor, HashSet<string> settled)
    {
        List<List<SpliceSyntax>> parts = [[]];
        foreach (SpliceSyntax splice in tensor.Items.OfType<SpliceSyntax>())
        {
            if (splice.Dims is null || (splice.Dims is NameSyntax name && !settled.Contains(name.Name)))
                parts[parts.Count - 1].Add(splice);
            if (splice.End is not null)
                parts.Add([]);
        }
        return parts;
    }

    private static string Print(SpliceSyntax splice) =>
        "..." + splice.Dims + (splice.End is null ? "" : "@" + splice.End);

    /// <summary>The type in the language's own spacing.</summary>
    internal static string Print(TensorTypeSyntax tensor)
    {
        var text = new StringBuilder(tensor.Element.Name);
        if (tensor.FamilyIndex is { } index)
            text.Append('[').Append(index.Name).Append(']');
        text.Append('[');
        SyntaxPrinter.Join(text, tensor.Items, ", ", (t, item) => t.Append(item switch
        {
            DimSyntax dim => dim.Extent.ToString(),
            SpliceSyntax splice => Print(splice),
            FreshSyntax fresh => $"?{fresh.Name.Name}{(fresh.Bound is null ? "" : " <= " + fresh.Bound)}",
            _ => "",
        }));
        return text.Append(']').ToString();
    }
}
