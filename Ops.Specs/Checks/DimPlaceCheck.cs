using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Checks;

/// <summary>
/// An output of as many items as an input keeps the dims they share where they are: batches first, channels second. One that stands
/// elsewhere is swapped by mistake, unless the op moves dims. A comment says so then.
/// </summary>
internal static class DimPlaceCheck
{
    internal static void Run(BoundVersion version)
    {
        if (version.IsHuge)
            return;
        (Entry<PortSyntax> Port, TensorTypeSyntax Tensor)[] tensors =
            [.. version.Spec.Inputs.Concat(version.Spec.Outputs).Where(p => p.Value is not null)
                .SelectMany(p => DimFinder.Tensors(p.Value!.Type).Where(t => t.Items.Count > 0).Select(t => (p, t)))];
        for (int i = 0; i < tensors.Length; i++)
            for (int j = i + 1; j < tensors.Length; j++)
                if (tensors[i].Tensor is var one && tensors[j].Tensor is var other
                    && (Turned(one, other) ?? Inside(one, other)) is { } turned)
                {
                    version.Bag.Report(SpecRules.DimPlace, one.Span, $"'{turned}' stands at the other end than in '{tensors[j].Port.Name}'",
                        related: [other.Span]);
                    version.Bag.Report(SpecRules.DimPlace, other.Span,
                        $"'{turned}' stands at the other end than in '{tensors[i].Port.Name}'", related: [one.Span]);
                }
        // Dims in another order are at other places, too.
        if (version.Bag.Has(SpecRules.DimOrder))
            return;
        foreach (Entry<PortSyntax> output in version.Spec.Outputs)
            foreach (Entry<PortSyntax> input in version.Spec.Inputs)
                if (input.Value?.Type is TensorTypeSyntax from && output.Value?.Type is TensorTypeSyntax to
                    && Moved(Names(from, version), Names(to, version),
                        few: ReferenceEquals(input, version.Spec.Inputs[0]) ? 1 : 2) is { } dim)
                {
                    version.Bag.Report(SpecRules.DimPlace, from.Span, $"'{dim}' stands at another place than in '{output.Name}'",
                        related: [to.Span]);
                    version.Bag.Report(SpecRules.DimPlace, to.Span, $"'{dim}' stands at another place than in '{input.Name}'",
                        related: [from.Span]);
                }
    }

    /// <summary>A rank variable that ends one shape and starts the other.</summary>
    private static string? Turned(TensorTypeSyntax from, TensorTypeSyntax to) =>
        from.Items.Count > 1 && to.Items.Count > 1 && Outer(from, last: true) is { } last && last == Outer(to, last: false) ? last
        : from.Items.Count > 1 && to.Items.Count > 1 && Outer(from, last: false) is { } first && first == Outer(to, last: true)
        ? first : null;

    /// <summary>A rank variable that starts one shape and stands among single dims in the other: batches come first.</summary>
    private static string? Inside(TensorTypeSyntax from, TensorTypeSyntax to) =>
        Inner(from, Outer(to, last: false)) ?? Inner(to, Outer(from, last: false));

    private static string? Inner(TensorTypeSyntax tensor, string? name) =>
        name is not null && tensor.Items.Count > 2 && tensor.Items[0] is DimSyntax && tensor.Items[tensor.Items.Count - 1] is DimSyntax
        && tensor.Items.Skip(1).All(i => i is DimSyntax or SpliceSyntax { Dims: NameSyntax })
        && tensor.Items.Any(i => i is SpliceSyntax { Dims: NameSyntax n } && n.Name == name) ? name : null;

    private static string? Outer(TensorTypeSyntax tensor, bool last) =>
        tensor.Items[last ? tensor.Items.Count - 1 : 0] is SpliceSyntax { Dims: NameSyntax name } ? name.Name : null;

    // Weights share one dim with the output, which stands where it likes; the first input need not share more.
    private static string? Moved(string[] from, string[] to, int few)
    {
        if (from.Length != to.Length || from.Where(n => n.Length > 0).Distinct().Count(to.Contains) < few)
            return null;
        for (int i = 0; i < from.Length; i++)
            if (from[i].Length > 0 && from.Count(n => n == from[i]) == 1 && to.Count(n => n == from[i]) == 1 && to[i] != from[i])
                return from[i];
        return null;
    }

    /// <summary>For each item the dim it is made of, where that is one: <c>C * 4</c> is of C.</summary>
    private static string[] Names(TensorTypeSyntax tensor, BoundVersion version) => [.. tensor.Items.Select(i => Name(i, version))];

    private static string Name(ItemSyntax item, BoundVersion version) => item switch
    {
        SpliceSyntax { Dims: NameSyntax name } => name.Name,
        DimSyntax dim =>
            FreeNames.Of(dim.Extent).Where(n => version.Symbols.Find(n) is { Dim: not null }).Distinct().ToArray() is { Length: 1 } only
                ? only[0] : "",
        _ => "",
    };
}
