using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Fixes;

/// <summary>
/// From a finding to the text that repairs it. Pure functions: the command line and the editor's code fixes apply the same edits.
/// </summary>
public static class SpecFixes
{
    private static readonly Func<SpecDiagnostic, SpecSyntax, SpecFix?>[] All = [SpellingFix.Make, DocFix.Make, NewVersionFix.Make,
        SuppressionFix.Make];

    /// <summary>The ids of the rules of which some findings can be fixed.</summary>
    public static IReadOnlyList<string> Rules { get; } = [.. SpecRules.All.Where(r => SpellingFix.Rules.Contains(r)
        || DocFix.Rules.Contains(r) || r == SpecRules.DuplicateKey || r == SpecRules.UnusedSuppression).Select(r => r.Id)];

    /// <summary>What can be done about a finding, the best first.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="spec">The file it is in, with the text it was found in.</param>
    /// <remarks>What is wrong in an older version, or in the op this one is like, is found where it is inherited, and not to be corrected
    /// there.</remarks>
    public static IReadOnlyList<SpecFix> For(SpecDiagnostic finding, SpecSyntax spec) =>
        finding.Path != spec.Path || DiagnosticBag.IsInherited(finding) || finding.Span.Start + finding.Span.Length > spec.Text.Length
            ? [] : [.. All.Select(make => make(finding, spec)).OfType<SpecFix>()];

    /// <summary>A text with edits applied; of two that touch each other the first counts, so that the other can be found again.</summary>
    public static string Apply(string text, IEnumerable<TextEdit> edits)
    {
        var result = new System.Text.StringBuilder(text);
        int free = int.MaxValue;
        foreach (TextEdit edit in edits.Distinct().OrderByDescending(e => e.Start).ThenByDescending(e => e.Length))
        {
            if (edit.Start + edit.Length > free)
                continue;
            result.Remove(edit.Start, edit.Length).Insert(edit.Start, edit.NewText);
            free = edit.Start;
        }
        return result.ToString();
    }
}
