using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Checks;

/// <summary>
/// Where a body does not fit its signature, either may be wrong. If two neighbouring dims of a port only have to change places for all of
/// it to fit, that is most likely what was meant, and it is told there.
/// </summary>
internal static class DimSwapCheck
{
    private const int MaxTries = 40;

    private static readonly SpecRule[] Misfits = [SpecRules.BodyShape, SpecRules.BodyType, SpecRules.BodyCall];

    /// <param name="syntax">The file.</param>
    /// <param name="bag">What was found in it.</param>
    /// <param name="fits">Whether a file has no errors.</param>
    internal static void Run(SpecSyntax syntax, DiagnosticBag bag, Func<SpecSyntax, bool> fits)
    {
        SpecDiagnostic[] errors = [.. bag.Found.Where(d => d.Rule.Severity == SpecSeverity.Error)];
        if (errors.Length == 0 || errors.Any(e => !Misfits.Contains(e.Rule)))
            return;
        HashSet<int> suspects = [.. errors.SelectMany(e => e.Related).Select(r => r.Start)];
        int tries = 0;
        foreach (Entry<PortSyntax> port in syntax.Documents.SelectMany(d => d.Inputs.Concat(d.Outputs)))
            if (port.Value is { } declaration && suspects.Contains(declaration.Type.Span.Start))
                foreach (TensorTypeSyntax tensor in DimFinder.Tensors(declaration.Type))
                    for (int i = 0; i + 1 < tensor.Items.Count && tries < MaxTries; i++)
                    {
                        SourceSpan both = tensor.Items[i].Span.To(tensor.Items[i + 1].Span);
                        if (Swapped(tensor.Items[i].Span, tensor.Items[i + 1].Span) is not { } swapped)
                            continue;
                        tries++;
                        if (fits(SpecFrontEnd.Parse(syntax.Path, syntax.Text.Remove(both.Start, both.Length).Insert(both.Start, swapped))))
                            bag.Report(SpecRules.DimSwap, both,
                                $"in another order these dims of '{port.Name}' fit the body; did you mean '{swapped}'?");
                    }
    }

    private static string? Swapped(SourceSpan first, SourceSpan second)
    {
        string text = first.Source.Text;
        string one = text.Substring(first.Start, first.Length), other = text.Substring(second.Start, second.Length);
        return one == other ? null : other + text.Substring(first.End, second.Start - first.End) + one;
    }
}
