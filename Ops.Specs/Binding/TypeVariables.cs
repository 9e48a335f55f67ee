using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;
using Ops.Specs.Types;

namespace Ops.Specs.Binding;

/// <summary>Finds the element types each type variable could ever stand for, through the others it is related to.</summary>
internal sealed class TypeVariables(SymbolTable symbols, DiagnosticBag bag, IReadOnlyList<Entry<TypeVariableSyntax>> types,
    IReadOnlyList<Entry<AttributeSyntax>> attributes)
{
    private static readonly EquatableArray<ElementType> Everything = [.. ElementTypes.Names.Values];

    private readonly Dictionary<string, EquatableArray<ElementType>> known = [];
    private readonly HashSet<string> open = [];

    /// <summary>All types the variable may stand for, without duplicates, in the order of its set.</summary>
    internal EquatableArray<ElementType> Allowed(string variable)
    {
        if (known.TryGetValue(variable, out EquatableArray<ElementType> allowed))
            return allowed;
        if (types.FirstOrDefault(t => t.Name == variable)?.Value is not { } declaration)
            return Everything;
        if (!open.Add(variable))
        {
            bag.Report(SpecRules.Cycle, declaration.Set.Span, $"the set of '{variable}' needs itself");
            return [];
        }
        // A set that has a name is the same array for all.
        allowed = declaration.Set is NameSyntax name
            && ElementTypes.Sets.TryGetValue(name.Name, out EquatableArray<ElementType> named) ? named
            : Parts(declaration.Set).Distinct().ToEquatableArray();
        open.Remove(variable);
        return known[variable] = allowed;
    }

    /// <summary>Whether the set is the same in every call.</summary>
    internal static bool IsConstant(ExprSyntax set) => set switch
    {
        NameSyntax name => ElementTypes.Names.ContainsKey(name.Name) || ElementTypes.Sets.ContainsKey(name.Name),
        ParenthesizedSyntax p => IsConstant(p.Inner),
        AlternativesSyntax alternatives => alternatives.Parts.All(IsConstant),
        _ => false,
    };

    /// <summary>The types a set of a dtype attribute or type variable holds.</summary>
    internal IEnumerable<ElementType> Parts(ExprSyntax set)
    {
        switch (set)
        {
            case NameSyntax name when ElementTypes.Names.TryGetValue(name.Name, out ElementType one):
                return [one];
            case NameSyntax name when ElementTypes.Sets.TryGetValue(name.Name, out EquatableArray<ElementType> many):
                return many;
            case NameSyntax name when types.Any(t => t.Name == name.Name):
                return Allowed(name.Name);
            case NameSyntax name when attributes.FirstOrDefault(a => a.Name == name.Name) is { } attribute:
                return attribute.Value?.In is { } inside ? Parts(inside) : Everything;
            case ParenthesizedSyntax p:
                return Parts(p.Inner);
            case AlternativesSyntax alternatives:
                return alternatives.Parts.SelectMany(Parts);
            case ConditionalSyntax { Otherwise: { } otherwise } conditional:
                return Parts(conditional.Then).Concat(Parts(otherwise));
            default:
                return Everything;
        }
    }

    /// <summary>Reports the parts of a set that are no element types; false when there are any.</summary>
    internal bool Check(ExprSyntax set)
    {
        switch (set)
        {
            case NameSyntax name when ElementTypes.Names.ContainsKey(name.Name) || ElementTypes.Sets.ContainsKey(name.Name):
                return true;
            case NameSyntax name when symbols.Find(name.Name) is { } symbol:
                if (symbol.Type is null || symbol.Type.Kind == Model.ExprKind.Dtype)
                    return true;
                bag.Report(SpecRules.TypeSet, name.Span, $"'{name.Name}' is {symbol.Role}, not an element type", blocking: true);
                return false;
            case NameSyntax name:
                IEnumerable<string> candidates = ElementTypes.Names.Keys.Concat(ElementTypes.Sets.Keys).Concat(types.Select(t => t.Name));
                bag.Report(SpecRules.UnknownElementType, name.Span,
                    $"there is no element type '{name.Name}'{DidYouMean.Hint(name.Name, candidates)}", blocking: true);
                return false;
            case ParenthesizedSyntax p:
                return Check(p.Inner);
            case AlternativesSyntax alternatives:
                return alternatives.Parts.Aggregate(true, (good, part) => Check(part) & good);
            case ConditionalSyntax { Otherwise: { } otherwise } conditional:
                return Check(conditional.Then) & Check(otherwise);
            case FunctionSyntax { Host: true }:
                return true;
            default:
                bag.Report(SpecRules.TypeSet, set.Span,
                    $"'{ExpressionBinder.Short(set)}' is not a set of element types: names joined by '|'", blocking: true);
                return false;
        }
    }
}
