using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>Binds attributes.</summary>
internal sealed class AttributeBinder(
    MergedSpec spec, SymbolTable symbols, ExpressionBinder expressions, ShapeBinder shapes, DiagnosticBag bag)
{
    /// <summary>Whether a mistake keeps the op from being declared.</summary>
    internal bool IsBroken { get; private set; }

    /// <summary>An attribute; null when its declaration does not parse.</summary>
    internal AttributeModel? Bind(Entry<AttributeSyntax> attribute)
    {
        if (attribute.Value is not { } declaration)
        {
            IsBroken = true;
            return null;
        }
        expressions.Begin();
        ExprType type = AttributeTypes.Of(declaration.Kind, declaration.IsList);
        bool valueless = type.Kind is ExprKind.Opaque || declaration.Kind == AttributeKind.Tensor;
        Expr? length = declaration.Length is null ? null : expressions.BindAs(declaration.Length, ExprTypes.Exact, "the length of a list");
        Expr? inside = null, value = null;
        if (valueless && (declaration.In ?? declaration.Default) is { } misplaced)
            bag.Report(SpecRules.NoValue, misplaced.Span,
                $"'{attribute.Name}' is a {declaration.Kind.ToString().ToLowerInvariant()}; it has neither a set of values nor a default");
        else
        {
            inside = declaration.In is null ? null : expressions.BindSet(declaration.In, new ExprType(type.Kind), $"'{attribute.Name}'");
            value = declaration.Default is null
                ? null : expressions.BindAs(declaration.Default, type, $"{type.Say()}, the default of '{attribute.Name}',");
            expressions.Unguarded.RemoveAll(u => u.Symbol.Name == attribute.Name);
            expressions.ReportUnguarded();
        }
        if (inside is not null && value is not null && Constants.Outside(value, inside) is { } outside)
            bag.Report(SpecRules.DefaultOutside, declaration.Default!.Span,
                $"the default {outside} of '{attribute.Name}' is not in {declaration.In}");
        expressions.InArrow = true;
        EquatableArray<Arrow> arrows = declaration.Arrows.Select(BindArrow).OfType<Arrow>().ToEquatableArray();
        expressions.InArrow = false;
        IsBroken |= arrows.Count < declaration.Arrows.Count;
        return new AttributeModel
        {
            Name = attribute.Name,
            Kind = declaration.Kind,
            IsList = declaration.IsList,
            Length = length,
            Optional = declaration.Optional || declaration.Default is not null,
            Default = value,
            In = inside,
            InText = inside is null ? "" : declaration.In!.ToString(),
            Hint = declaration.Hint,
            Arrows = arrows,
        };
    }

    private Arrow? BindArrow(ArrowSyntax arrow)
    {
        PortType?[] inputs = [.. arrow.Inputs.Select(t => shapes.Bind(t, TypePlace.Graph, null))];
        PortType?[] outputs = [.. arrow.Outputs.Select(t => shapes.Bind(t, TypePlace.Graph, null))];
        if (arrow.Rest is { } rest)
        {
            Symbol? symbol = symbols.Find(rest.Name);
            if (symbol is not { Kind: SymbolKind.Input } || spec.Inputs.All(i => i.Name != rest.Name || i.Value?.Type is null))
            {
                bag.Report(SpecRules.UnknownName, rest.Span,
                    $"there is no input '{rest.Name}'{DidYouMean.Hint(rest.Name, symbols.All.Where(s => s.Kind == SymbolKind.Input).Select(s => s.Name))}");
                return null;
            }
            symbol.Uses++;
        }
        return inputs.Contains(null) || outputs.Contains(null) ? null
            : new Arrow(inputs.Select(t => t!).ToEquatableArray(), outputs.Select(t => t!).ToEquatableArray()) { Rest = arrow.Rest?.Name };
    }
}
