using System.Text.RegularExpressions;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Checks;

/// <summary>A sentence with TODO in it is one that its author, or a repair, only began.</summary>
internal static class UnfinishedTextCheck
{
    private static readonly Regex Todo = new(@"\bTODO\b", RegexOptions.CultureInvariant);

    internal static void Run(BoundVersion version)
    {
        if (version.Spec.Summary is { } summary)
            Check(version, "the summary", summary.Span);
        foreach (Entry<MappedText> doc in version.Spec.Docs)
            Check(version, $"the sentence about '{doc.Name}'", doc.Span);
    }

    private static void Check(BoundVersion version, string what, SourceSpan span)
    {
        if (Todo.Match(span.Source.Text, span.Start, span.Length) is { Success: true } todo)
            version.Bag.Report(SpecRules.UnfinishedText, span.Source.Span(todo.Index, todo.Length), $"{what} is not written yet");
    }
}
