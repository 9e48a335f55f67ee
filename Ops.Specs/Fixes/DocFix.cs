using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Fixes;

/// <summary>Adds the beginning of a sentence about a name to <c>docs</c>.</summary>
internal static class DocFix
{
    internal static readonly SpecRule[] Rules = [SpecRules.MissingDoc, SpecRules.UnexplainedRule, SpecRules.LoneDim];

    internal static SpecFix? Make(SpecDiagnostic finding, SpecSyntax spec)
    {
        if (!Rules.Contains(finding.Rule))
            return null;
        string name = spec.Text.Substring(finding.Span.Start, finding.Span.Length);
        if (spec.Documents.LastOrDefault(d => d.Span.Start <= finding.Span.Start) is not { } document)
            return null;
        string sentence = $"{name}: {Beginning(name, finding.Rule)}", newLine = spec.Text.Contains("\r\n") ? "\r\n" : "\n";
        return new SpecFix($"Add a sentence about '{name}' to 'docs'", [Insert(spec, document, sentence, newLine)], IsCertain: false);
    }

    /// <summary>What the name says, for the author to complete.</summary>
    private static string Beginning(string name, SpecRule rule)
    {
        string words = name.Replace('_', ' ').Replace('-', ' ');
        return rule == SpecRules.MissingDoc ? $"TODO what giving {words} does"
            : rule == SpecRules.LoneDim ? $"TODO what {words} counts"
            : $"TODO what {words} demands";
    }

    private static TextEdit Insert(SpecSyntax spec, DocumentSyntax document, string sentence, string newLine)
    {
        if (document.Docs.Count > 0)
        {
            Entry<MappedText> last = document.Docs[document.Docs.Count - 1];
            int line = spec.Source.LineOf(last.Span.End);
            bool flow = spec.Source.LineOf(document.Keys["docs"].Start) == spec.Source.LineOf(last.NameSpan.Start);
            if (flow)
                return new TextEdit(spec.Path, last.Span.End, 0, $", {sentence}");
            int indent = last.NameSpan.Start - spec.Source.LineStart(spec.Source.LineOf(last.NameSpan.Start));
            return new TextEdit(spec.Path, spec.Source.LineEnd(line), 0, newLine + new string(' ', indent) + sentence);
        }
        // Before the body or kernel, as specs usually have it, otherwise at the document's end.
        SourceSpan? next = new[] { "body", "opset", "kernel", "presets" }.Where(document.Keys.ContainsKey)
            .Select(k => (SourceSpan?)document.Keys[k]).OrderBy(s => s!.Value.Start).FirstOrDefault();
        bool inBraces = spec.Text[document.Span.Start] == '{';
        if (inBraces)
            return new TextEdit(spec.Path, document.Span.End - 1, 0, $", docs: {{ {sentence} }} ");
        string section = $"docs:{newLine}  {sentence}{newLine}";
        if (next is { } before)
            return new TextEdit(spec.Path, spec.Source.LineStart(spec.Source.LineOf(before.Start)), 0, section);
        int end = spec.Source.LineEnd(spec.Source.LineOf(document.Span.End));
        return new TextEdit(spec.Path, end, 0, newLine + section.TrimEnd());
    }
}
