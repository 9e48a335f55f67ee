using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Checks;

/// <summary>The same dim twice, side by side, is most likely a slip; of square matrices a sentence about the dim says that it is
/// meant.</summary>
internal static class RepeatedDimCheck
{
    internal static void Run(BoundVersion version)
    {
        if (version.IsHuge)
            return;
        foreach (Entry<PortSyntax> port in version.Spec.Inputs.Concat(version.Spec.Outputs))
            if (port.Value is { } declaration)
                foreach (TensorTypeSyntax tensor in DimFinder.Tensors(declaration.Type))
                    for (int i = 1; i < tensor.Items.Count; i++)
                        if (DimFinder.Alone(tensor.Items[i], port.Family?.Binder.Name) is var (name, kind)
                            && DimFinder.Alone(tensor.Items[i - 1], port.Family?.Binder.Name) is var (before, other)
                            && kind == other && name.Name == before.Name && !version.IsDocumented(name.Name))
                            version.Bag.Report(SpecRules.RepeatedDim, tensor.Items[i].Span,
                                $"'{name.Name}' stands twice side by side in '{port.Name}'; a sentence about it in 'docs' says that this is meant");
    }
}
