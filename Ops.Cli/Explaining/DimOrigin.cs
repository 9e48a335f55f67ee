using Ops.Specs.Model;

namespace Ops.Cli.Explaining;

/// <summary>Says where a dim of a spec gets its value.</summary>
internal static class DimOrigin
{
    /// <summary>For instance <c>Q axis 0; the same in K axis 0</c>.</summary>
    public static string Of(OpModel model, DimSymbol dim)
    {
        string[] places = [.. model.Inputs.SelectMany(i => Places(i.Name, i.Type, dim.Name)).Distinct()];
        string[] equations = [.. model.Inputs.SelectMany(i => Equations(i.Name, i.Type, dim.Name)).Distinct()];
        string origin = dim.Kind switch
        {
            DimKind.Fresh => "only running tells",
            DimKind.FamilyCount =>
                $"how many {string.Join(", ", model.Inputs.Concat(model.Outputs).Where(p => p.Family?.Count == dim.Name).Select(p => p.Name))} there are",
            DimKind.Quantified => "any size: it stands only in a graph's signature",
            _ when places.Length > 0 => places[0] + (places.Length > 1 ? $"; the same in {string.Join(", ", places[1..])}" : ""),
            _ => model.Attributes.FirstOrDefault(a => a.Length is NameExpr length && length.Name == dim.Name) is { } list
                ? $"the length of {list.Name}" : equations.FirstOrDefault() ?? "a rule",
        };
        if (places.Length > 0 && equations.Length > 0)
            origin += $"; checked by {string.Join(", ", equations)}";
        return dim.OnlyWith.Count == 0 ? origin : $"{origin}; unknown without {string.Join(" or ", dim.OnlyWith)}";
    }

    private static IEnumerable<string> Places(string port, PortType type, string dim)
    {
        if (type is ConditionalPort choice)
            return Places(port, choice.Then, dim).Concat(Places(port, choice.Otherwise, dim));
        if (type is not TensorPort tensor)
            return [];
        List<string> places = [];
        int splices = tensor.Items.Count(i => i is SpliceItem);
        for (int i = 0; i < tensor.Items.Count; i++)
            if (tensor.Items[i] is SpliceItem { Dims: { } list } && ExpressionNames.Of(list).Any(n => n.Name == dim))
                places.Add(splices == 1 && tensor.Items.Count == 1 ? $"all axes of {port}" : $"axes of {port}");
            else if (tensor.Items[i] is DimItem { Extent: NameExpr or IndexExpr } item
                && ExpressionNames.Of(item.Extent).FirstOrDefault()?.Name == dim)
                places.Add(!tensor.Items.Take(i).Any(IsSplice) ? $"{port} axis {i}"
                    : !tensor.Items.Skip(i).Any(IsSplice) ? $"{port} axis {i - tensor.Items.Count}"
                    : $"an axis of {port}");
        return places;
    }

    private static bool IsSplice(ShapeItem item) => item is SpliceItem;

    private static IEnumerable<string> Equations(string port, PortType type, string dim) => type switch
    {
        ConditionalPort choice => Equations(port, choice.Then, dim).Concat(Equations(port, choice.Otherwise, dim)),
        TensorPort tensor => tensor.Items.Select((item, i) => (item, i))
            .Where(p => p.item is DimItem { Extent: not (NameExpr or IndexExpr) } d && ExpressionNames.Of(d.Extent).Any(n => n.Name == dim))
            .Select(p => $"{port} axis {p.i} = {((DimItem)p.item).Text}"),
        _ => [],
    };
}
