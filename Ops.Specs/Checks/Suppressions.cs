using System.Text.RegularExpressions;
using Ops.Specs.Diagnostics;
using Ops.Specs.Text;

namespace Ops.Specs.Checks;

/// <summary>
/// Comments that silence a finding: <c># ignore OPS0204: the reason</c>, behind what it is about or on a line of its own above it. Warnings
/// and suggestions can be silenced; an error has no meaning that could be wanted.
/// </summary>
internal static class Suppressions
{
    private static readonly Regex Comment = new(@"(^|\s)#\s*ignore\s+(?<id>OPS\d{4})\b(\s*:\s*(?<reason>\S.*)?)?", RegexOptions.CultureInvariant);

    /// <param name="text">The file.</param>
    /// <param name="bag">What was found in it.</param>
    /// <param name="rules">The rules that were asked, if not all that need no C#.</param>
    internal static void Apply(SpecText text, DiagnosticBag bag, IReadOnlyList<SpecRule>? rules = null)
    {
        if (text.Text.IndexOf("ignore", StringComparison.Ordinal) < 0)
            return;
        for (int line = 0; line < text.LineCount; line++)
        {
            int start = text.LineStart(line);
            string content = text.Text.Substring(start, text.LineEnd(line) - start);
            if (Comment.Match(content) is not { Success: true } match)
                continue;
            string id = match.Groups["id"].Value;
            if (rules is null ? OpCodeCheck.Rules.Any(r => r.Id == id) : rules.All(r => r.Id != id))
                continue;
            SourceSpan span = text.Span(start + match.Groups["id"].Index, id.Length);
            int about = content.Substring(0, match.Index).Trim().Length > 0 ? line : NextContent(text, line);
            SpecDiagnostic[] silenced = [.. bag.Found.Where(d => d.Rule.Id == id && d.Span.StartLine == about)];
            if (silenced.FirstOrDefault(d => d.Rule.Severity == SpecSeverity.Error) is not null)
                bag.Report(SpecRules.UnusedSuppression, span, $"{id} is an error, which cannot be ignored");
            else if (silenced.Length == 0)
                bag.Report(SpecRules.UnusedSuppression, span, SpecRules.All.Any(r => r.Id == id) ? $"there is no {id} on line {about + 1} to ignore" : $"there is no rule {id}");
            else if (match.Groups["reason"].Value.Trim().Length == 0)
                bag.Report(SpecRules.SuppressionReason, span, $"'ignore {id}' needs a reason: # ignore {id}: because ...");
            foreach (SpecDiagnostic finding in silenced)
                if (finding.Rule.Severity != SpecSeverity.Error)
                    bag.Found.Remove(finding);
        }
    }

    private static int NextContent(SpecText text, int line)
    {
        for (int next = line + 1; next < text.LineCount; next++)
            if (text.Text.Substring(text.LineStart(next), text.LineEnd(next) - text.LineStart(next)).TrimStart() is { Length: > 0 } content && content[0] != '#')
                return next;
        return line;
    }
}
