using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Checks;

/// <summary>A kernel pattern is about ports whose shapes fit together in one way; dims in another order are not what its loops work
/// on.</summary>
internal static class KernelShapesCheck
{
    /// <summary>For each pattern the items that are the same: of which arguments, and which from the end.</summary>
    private static readonly Dictionary<string, (int Left, int LeftItem, int Right, int RightItem)[]> Shared = new()
    {
        ["attention"] = [(2, 1, Output, 1), (0, 1, 1, 1), (1, 2, 2, 2), (1, 3, 2, 3), (1, 4, 2, 4)],
        ["grouped"] = [(0, 1, 1, 2), (1, 1, Output, 1)],
        ["experts"] = [(0, 1, 1, 2), (0, 1, 2, 1), (1, 3, 2, 3), (2, 1, Output, 1)],
    };

    /// <summary>Stands behind the arguments: the first output.</summary>
    private const int Output = 3;

    internal static void Run(BoundVersion version)
    {
        if (version.Spec.Kernel?.Value is not { } kernel)
            return;
        if (kernel is { Pattern.Name: "contraction", Arguments.Count: 3 })
            Contraction(kernel, version);
        if (kernel is { Pattern.Name: "convolution", Arguments.Count: 2 })
            Convolution(kernel, version);
        if (!Shared.TryGetValue(kernel.Pattern.Name, out (int, int, int, int)[]? pairs))
            return;
        Entry<PortSyntax>?[] ports =
            [.. kernel.Arguments.Select(a => version.Spec.Inputs.Concat(version.Spec.Outputs).FirstOrDefault(p => p.Name == a.Name)),
            .. version.Spec.Outputs.Take(1)];
        foreach ((int left, int leftItem, int right, int rightItem) in pairs)
            if (Item(ports, left, leftItem) is { } one && Item(ports, right, rightItem) is { } other && one != other)
            {
                Report(ports[left]!, one, ports[right]!, other);
                Report(ports[right]!, other, ports[left]!, one);
            }

        void Report(Entry<PortSyntax> port, string has, Entry<PortSyntax> other, string wanted) => version.Bag.Report(
            SpecRules.KernelShapes, port.Value!.Type.Span,
            $"a kernel '{kernel.Pattern.Name}' wants the '{has}' of '{port.Name}' to be the '{wanted}' of '{other.Name}'",
            related: [other.Value!.Type.Span]);
    }

    /// <summary>The result of a contraction has the rows before the columns.</summary>
    private static void Contraction(KernelSyntax kernel, BoundVersion version)
    {
        string rows = kernel.Arguments[0].Name, columns = kernel.Arguments[1].Name;
        foreach (Entry<PortSyntax> output in version.Spec.Outputs.Take(1))
            if (output.Value?.Type is TensorTypeSyntax tensor && tensor.Items.Select(Text).ToList() is var items
                && items.IndexOf(columns) is >= 0 and int at && items.IndexOf(rows) > at)
                version.Bag.Report(SpecRules.KernelShapes, tensor.Span,
                    $"a kernel 'contraction' wants the rows '{rows}' of '{output.Name}' before its columns '{columns}'",
                    related: [kernel.Arguments[0].Span]);
    }

    /// <summary>Images are batch, channels, places; filters are filters, channels of a group, places.</summary>
    private static void Convolution(KernelSyntax kernel, BoundVersion version)
    {
        Entry<PortSyntax>? images = version.Spec.Inputs.FirstOrDefault(p => p.Name == kernel.Arguments[0].Name),
            filters = version.Spec.Inputs.FirstOrDefault(p => p.Name == kernel.Arguments[1].Name);
        if (images?.Value?.Type is not TensorTypeSyntax image || filters?.Value?.Type is not TensorTypeSyntax filter)
            return;
        string[] channels = NamesOf(image, 1), many = NamesOf(filter, 0), part = NamesOf(filter, 1);
        if (channels.Intersect(part).Any() && !channels.Intersect(many).Any())
            return;
        version.Bag.Report(SpecRules.KernelShapes, image.Span,
            $"a kernel 'convolution' wants the second dim of '{images.Name}' to be the channels, of which the second of '{filters.Name}' is a part",
            related: [filter.Span]);
        version.Bag.Report(SpecRules.KernelShapes, filter.Span,
            $"a kernel 'convolution' wants the second dim of '{filters.Name}' to be a part of the channels, the second of '{images.Name}'",
            related: [image.Span]);
    }

    private static string[] NamesOf(TensorTypeSyntax tensor, int item) =>
        item < tensor.Items.Count && tensor.Items[item] is DimSyntax dim ? [.. FreeNames.Of(dim.Extent)] : [];

    private static string? Item(Entry<PortSyntax>?[] ports, int argument, int fromEnd) =>
        argument < ports.Length && ports[argument]?.Value?.Type is TensorTypeSyntax tensor && tensor.Items.Count >= fromEnd
            ? Text(tensor.Items[tensor.Items.Count - fromEnd]) : null;

    private static string Text(ItemSyntax item) => item switch
    {
        DimSyntax dim => dim.Extent.ToString(),
        SpliceSyntax { Dims: { } dims } => dims.ToString(),
        _ => "...",
    };
}
