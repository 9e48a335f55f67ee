using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Checks;

/// <summary>The name of a rule is what a caller reads first; a word in it that is nearly a name of the spec is that name
/// misspelt.</summary>
internal static class RuleSpellingCheck
{
    private const int Shortest = 4;

    internal static void Run(BoundVersion version)
    {
        if (version.IsHuge)
            return;
        HashSet<string> words =
            [.. version.Symbols.All.SelectMany(s => s.Name.ToLowerInvariant().Split('_')).Where(w => w.Length >= Shortest)];
        foreach (Entry<ExprSyntax> rule in version.Spec.Constraints)
            foreach (string word in rule.Name.Split('-'))
                if (word.Length >= Shortest - 1 && words.All(w => Stem(w) != Stem(word))
                    && words.FirstOrDefault(w => DidYouMean.Distance(w, word) == 1) is { } near)
                    version.Bag.Report(SpecRules.RuleSpelling, rule.NameSpan, $"'{word}' in '{rule.Name}' looks like '{near}' misspelt");
    }

    /// <summary>The word without the ending that makes it many or past: axes and axis, ignored and ignore.</summary>
    private static string Stem(string word) =>
        (word.EndsWith("es", StringComparison.Ordinal) ? word.Substring(0, word.Length - 2) + "is" : word).TrimEnd('s', 'd', 'e', 'i');
}
