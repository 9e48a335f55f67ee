using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Checks;

/// <summary>
/// A caller who breaks a rule sees its name, its text and the values. A text with a loop, a choice or C# in it explains nothing: such a
/// rule needs a sentence in <c>docs</c>.
/// </summary>
internal static class UnexplainedRuleCheck
{
    internal static void Run(BoundVersion version)
    {
        foreach (Entry<ExprSyntax> rule in version.Spec.Constraints)
            if (rule.Value is { } predicate && IsInvolved(predicate) && !version.IsDocumented(rule.Name))
                version.Bag.Report(SpecRules.UnexplainedRule, rule.NameSpan,
                    $"'{rule.Name}' is too involved to explain itself; a sentence in 'docs' says what it demands");
    }

    /// <summary>Whether a rule has a loop, a choice or C# in it.</summary>
    internal static bool IsInvolved(ExprSyntax syntax) =>
        syntax is ComprehensionSyntax or FunctionSyntax { Host: true } || syntax is BinarySyntax { Op: "or" }
            || syntax.Children.Any(IsInvolved);
}
