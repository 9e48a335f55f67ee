using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Checks;

/// <summary>
/// Names that should have a sentence and have none are told where it would stand, too: attributes, optional inputs and involved rules, and
/// whatever is the only one of its kind without.
/// </summary>
internal static class MissingSentenceCheck
{
    /// <summary>How many of a kind there are before the one without a sentence is odd.</summary>
    private const int Few = 3;

    internal static void Run(BoundVersion version)
    {
        if (version.IsHuge || version.HasUnparsed)
            return;
        MergedSpec spec = version.Spec;
        IEnumerable<SourceName> missing =
            version.Symbols.All.Where(s => MissingDocCheck.Needs(s, version)).Select(s => new SourceName(s.Name, s.Span))
            .Concat(spec.Constraints.Where(c => c.Value is { } rule && UnexplainedRuleCheck.IsInvolved(rule)).Select(Name))
            .Concat(OddOne(spec.Inputs)).Concat(OddOne(spec.Outputs)).Concat(OddOne(spec.Lets)).Concat(OddOne(spec.Constraints))
            .Concat(OddOne(spec.Presets));
        // What an older version lacks is told there.
        string[] names = [.. missing.Where(m => !version.IsDocumented(m.Name) && (spec.First is null || spec.IsOwn(m.Span)))
            .Select(m => m.Name).Distinct()];
        if (names.Length > 0)
            version.Bag.Report(SpecRules.MissingSentence, spec.PlaceOf("docs"),
                $"'docs' has no sentence about {string.Join(", ", names.Select(n => $"'{n}'"))}");

        IEnumerable<SourceName> OddOne<T>(IReadOnlyList<Entry<T>> entries) where T : class =>
            entries.Count >= Few && entries.Count(e => !version.IsDocumented(e.Name)) == 1 ? entries.Select(Name) : [];
    }

    private static SourceName Name<T>(Entry<T> entry) where T : class => new(entry.Name, entry.NameSpan);

    private readonly record struct SourceName(string Name, Text.SourceSpan Span);
}
