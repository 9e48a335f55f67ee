using System.Text.RegularExpressions;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Checks;

/// <summary>A word with an underscore in a sentence is a name; one that the spec does not have and that is nearly another is that name
/// misspelt.</summary>
internal static class SentenceSpellingCheck
{
    private static readonly Regex Name = new(@"(?<![\w./'-])[A-Za-z]\w*_\w+", RegexOptions.CultureInvariant);

    internal static void Run(BoundVersion version)
    {
        if (version.IsHuge)
            return;
        HashSet<string> names = [.. version.Symbols.All.Select(s => s.Name)];
        if (version.Spec.Summary is { } summary)
            Check(summary.Span);
        foreach (Entry<MappedText> doc in version.Spec.Docs)
            Check(doc.Span);

        void Check(SourceSpan sentence)
        {
            foreach (Match word in Name.Matches(sentence.Source.Text.Substring(sentence.Start, sentence.Length)))
                if (!names.Contains(word.Value) && names.FirstOrDefault(n => DidYouMean.Distance(n, word.Value) == 1) is { } near)
                    version.Bag.Report(SpecRules.SentenceSpelling, sentence.Source.Span(sentence.Start + word.Index, word.Length),
                        $"there is no '{word.Value}' in this spec; did you mean '{near}'?");
        }
    }
}
