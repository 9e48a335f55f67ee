using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Fixes;

/// <summary>Removes a comment that silences nothing.</summary>
internal static class SuppressionFix
{
    internal static SpecFix? Make(SpecDiagnostic finding, SpecSyntax spec)
    {
        if (finding.Rule != SpecRules.UnusedSuppression)
            return null;
        int line = finding.Span.StartLine, start = spec.Source.LineStart(line), end = spec.Source.LineEnd(line);
        int hash = spec.Text.LastIndexOf('#', finding.Span.Start, finding.Span.Start - start + 1);
        if (hash < 0)
            return null;
        // Of several rules the others stay.
        int id = finding.Span.Start, behind = id + finding.Span.Length;
        if (behind < end && spec.Text[behind] == ',')
            return Remove(id, Skip(spec.Text, behind + 1, end) - id);
        int comma = spec.Text.LastIndexOf(',', id, id - hash + 1);
        if (comma > 0)
            return Remove(comma, behind - comma);
        int from = hash;
        while (from > start && spec.Text[from - 1] is ' ' or '\t')
            from--;
        // A line of its own goes with its line break.
        if (from == start && line + 1 < spec.Source.LineCount)
            end = spec.Source.LineStart(line + 1);
        return Remove(from, end - from);

        SpecFix Remove(int start, int length) =>
            new("Remove the suppression", [new TextEdit(spec.Path, start, length, "")], IsCertain: true);
    }

    private static int Skip(string text, int at, int end)
    {
        while (at < end && text[at] == ' ')
            at++;
        return at;
    }
}
