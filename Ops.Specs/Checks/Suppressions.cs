using System.Text.RegularExpressions;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Checks;

/// <summary>
/// Comments that silence findings: <c># ignore OPS0204: the reason</c>, behind what it is about or on a line of its own above it; several
/// rules are parted by commas. Warnings and suggestions can be silenced; an error has no meaning that could be wanted.
/// </summary>
internal static class Suppressions
{
    private static readonly Regex Comment = new(
        @"(^|\s)#\s*ignore\s+(?<id>OPS\d+)\b(\s*,\s*(?<id>OPS\d+)\b)*(\s*:\s*(?<reason>\S.*)?)?",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <param name="spec">The file.</param>
    /// <param name="bag">What was found in it.</param>
    /// <param name="ofCode">Whether the rules were asked that hold a spec against its C#, or all others.</param>
    internal static void Apply(SpecSyntax spec, DiagnosticBag bag, bool ofCode = false)
    {
        SpecText text = spec.Source;
        if (text.Text.IndexOf("ignore", StringComparison.OrdinalIgnoreCase) < 0)
            return;
        SourceSpan[] prose =
            [.. spec.Documents.SelectMany(d => d.Docs.Select(e => e.Span).Concat(d.Summary is { } summary ? [summary.Span] : []))];
        for (int line = 0; line < text.LineCount; line++)
        {
            int start = text.LineStart(line);
            string content = text.Text.Substring(start, text.LineEnd(line) - start);
            // A sentence may speak of comments; an equation may have one.
            if (Comment.Match(content) is not { Success: true } match
                || prose.Any(p => p.Start <= start + match.Index && start + match.Index < p.End))
                continue;
            int about = content.Substring(0, match.Index).Trim().Length > 0 ? line : NextContent(text, line);
            foreach (Capture id in match.Groups["id"].Captures.Cast<Capture>()
                .Where(i => OpCodeCheck.Rules.Any(r => r.Id == i.Value) == ofCode))
                Apply(bag, id.Value, text.Span(start + id.Index, id.Length), about, match.Groups["reason"].Value.Trim());
        }
    }

    private static void Apply(DiagnosticBag bag, string id, SourceSpan span, int about, string reason)
    {
        SpecDiagnostic[] silenced = [.. bag.Found.Where(d => d.Rule.Id == id && d.Span.StartLine == about)];
        if (silenced.FirstOrDefault(d => d.Rule.Severity == SpecSeverity.Error) is not null)
            bag.Report(SpecRules.UnusedSuppression, span, $"{id} is an error, which cannot be ignored");
        else if (silenced.Length == 0)
            bag.Report(SpecRules.UnusedSuppression, span,
                SpecRules.All.Any(r => r.Id == id) ? $"there is no {id} on line {about + 1} to ignore" : $"there is no rule {id}");
        else if (reason.Length == 0)
            bag.Report(SpecRules.SuppressionReason, span, $"'ignore {id}' needs a reason: # ignore {id}: because ...");
        foreach (SpecDiagnostic finding in silenced)
            if (finding.Rule.Severity != SpecSeverity.Error)
                bag.Found.Remove(finding);
    }

    private static int NextContent(SpecText text, int line)
    {
        for (int next = line + 1; next < text.LineCount; next++)
            if (text.Text.Substring(text.LineStart(next), text.LineEnd(next) - text.LineStart(next)).TrimStart() is { Length: > 0 } content
                && content[0] != '#')
                return next;
        return line;
    }
}
