using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Checks;

/// <summary>A choice between two things that are the same is none: one of them was meant to be something else.</summary>
internal static class SameBranchesCheck
{
    internal static void Run(BoundVersion version)
    {
        foreach (Entry<PortSyntax> port in version.Spec.Inputs.Concat(version.Spec.Outputs))
            if (port.Value?.Type is ConditionalTypeSyntax choice)
                Run(choice, version);
    }

    private static void Run(ConditionalTypeSyntax choice, BoundVersion version)
    {
        if (Text(choice.Then) == Text(choice.Otherwise))
            version.Bag.Report(SpecRules.SameBranches, choice.Otherwise.Span, "the type is the same whether or not the condition holds",
                related: [choice.Then.Span]);
        foreach (TypeSyntax side in new[] { choice.Then, choice.Otherwise })
            if (side is ConditionalTypeSyntax inner)
                Run(inner, version);
    }

    private static string Text(TypeSyntax type) => type.Span.Source.Text.Substring(type.Span.Start, type.Span.Length).Replace(" ", "");
}
