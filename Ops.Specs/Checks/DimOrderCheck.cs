using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Checks;

/// <summary>
/// Two dims that stand in one order in one port and in the other order in another one are swapped by mistake, unless the op is about order.
/// A comment says so then.
/// </summary>
internal static class DimOrderCheck
{
    internal static void Run(BoundVersion version)
    {
        if (version.IsHuge)
            return;
        // Where a port has alternatives, each of its orders is meant.
        (Entry<PortSyntax> Port, string[][] Dims)[] ports =
            [.. version.Spec.Inputs.Concat(version.Spec.Outputs).Where(p => p.Value is not null)
                .Select(p => (p, DimFinder.Tensors(p.Value!.Type).Select(Plain).ToArray()))];
        for (int i = 0; i < ports.Length; i++)
            for (int j = i + 1; j < ports.Length; j++)
                if (Swapped(ports[i].Dims, ports[j].Dims) is var (first, second))
                {
                    // The odd one out is the mistake; of two nobody knows which.
                    int like = ports.Count(p => Before(p.Dims, first, second)), unlike = ports.Count(p => Before(p.Dims, second, first));
                    if (like <= unlike)
                        Report(version, ports[i].Port, ports[j].Port, first, second);
                    if (like >= unlike)
                        Report(version, ports[j].Port, ports[i].Port, first, second);
                }
    }

    private static void Report(BoundVersion version, Entry<PortSyntax> odd, Entry<PortSyntax> other, string first, string second) =>
        version.Bag.Report(SpecRules.DimOrder, odd.Value!.Type.Span, $"'{first}' and '{second}' stand in the other order in '{other.Name}'",
            related: [other.Value!.Type.Span]);

    private static string[] Plain(TensorTypeSyntax tensor) =>
        [.. tensor.Items.Select(i => DimFinder.Alone(i, null)?.Name.Name ?? (i is DimSyntax dim ? dim.Extent.ToString() : ""))
            .Where(n => n.Length > 0)];

    private static (string First, string Second)? Swapped(string[][] a, string[][] b)
    {
        foreach (string[] dims in a)
            for (int i = 0; i < dims.Length; i++)
                for (int j = i + 1; j < dims.Length; j++)
                    if (dims[i] != dims[j] && Before(b, dims[j], dims[i]) && !Before(b, dims[i], dims[j]))
                        return (dims[i], dims[j]);
        return null;
    }

    private static bool Before(string[][] alternatives, string first, string second) =>
        Array.Exists(alternatives, dims => Array.IndexOf(dims, first) is >= 0 and int at && Array.LastIndexOf(dims, second) > at);
}
