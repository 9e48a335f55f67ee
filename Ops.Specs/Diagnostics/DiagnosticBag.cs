using Ops.Specs.Binding;
using Ops.Specs.Collections;
using Ops.Specs.Text;

namespace Ops.Specs.Diagnostics;

/// <summary>Collects the findings of one file; the same rule at the same place is reported once, whichever version meets it
/// first.</summary>
internal sealed class DiagnosticBag(SpecText text)
{
    private const string FromLike = "in what comes from ", InVersion = "in version ", AtOpset = "at opset ";

    private readonly List<SpecDiagnostic> found = [];
    private readonly HashSet<(string, int, int)> seen = [];
    private readonly HashSet<string> rules = [];

    /// <summary>Where findings in the spec this one is <c>like</c> are shown: its own file reports them too, if they are its own.</summary>
    internal (SourceSpan Span, string Name)? Like { get; set; }

    /// <summary>The version that is bound: what it inherits and does not fit is its own mistake, not that of the document it inherits
    /// from.</summary>
    internal MergedSpec? Version { get; set; }

    /// <summary>Whether any error was found.</summary>
    internal bool HasErrors { get; private set; }

    /// <summary>Whether a rule found anything.</summary>
    internal bool Has(SpecRule rule) => rules.Contains(rule.Id);

    /// <summary>Whether a finding stands where what it speaks of is inherited, not where that is written.</summary>
    internal static bool IsInherited(SpecDiagnostic finding) => finding.Message.StartsWith(FromLike, StringComparison.Ordinal)
        || finding.Message.StartsWith(InVersion, StringComparison.Ordinal) || finding.Message.StartsWith(AtOpset, StringComparison.Ordinal);

    internal void Report(SpecRule rule, SourceSpan span, string message, bool blocking = false, IEnumerable<SourceSpan>? related = null,
        bool stays = false)
    {
        if (!ReferenceEquals(span.Source, text))
        {
            // What the other spec could say better is for its own author.
            if (Like is not { } like || rule.Severity == SpecSeverity.Suggestion)
                return;
            TellSection(span, like.Span, $"what comes from {like.Name} does not fit: {message}");
            (span, message) = (like.Span, $"{FromLike}{like.Name}: {message}");
        }
        if (!seen.Add((rule.Id, span.Start, span.Length)))
            return;
        if (!stays && Version is { First: not null, Document: { } document } version && span.Start < document.Span.Start)
        {
            SourceSpan inherited = span;
            if (rule.Severity != SpecSeverity.Suggestion)
                TellSection(inherited, version.PlaceOfLoss(inherited),
                    $"what comes from line {text.LineOf(inherited.Start) + 1} does not fit {version.Called}: {message}");
            (span, message, related) = (version.PlaceOfLoss(inherited),
                $"{(version.IsOverride ? AtOpset : InVersion)}{(version.IsOverride ? version.Opset : version.Since)}: {message}",
                [inherited, .. related ?? []]);
            if (!seen.Add((rule.Id, span.Start, span.Length)))
                return;
        }
        Add(new SpecDiagnostic(rule, text.Path, text.Locate(span.Start, span.Length), message, blocking)
        {
            Related = (related ?? []).Where(r => ReferenceEquals(r.Source, text) && r != span).Select(r => text.Locate(r.Start, r.Length))
                .ToEquatableArray(),
        });
    }

    /// <summary>What does not fit any more may be meant to be replaced: that is told at the section which would replace it, too.</summary>
    private void TellSection(SourceSpan inherited, SourceSpan told, string message)
    {
        if (Version?.Document is not null && Version.SectionOf(inherited) is { } section && Version.PlaceOf(section) is var place
            && place != told)
            Report(SpecRules.TakenOver, place, message, related: [told]);
    }

    /// <summary>What was found, for those that drop some of it.</summary>
    internal List<SpecDiagnostic> Found => found;

    internal void AddRange(IEnumerable<SpecDiagnostic> diagnostics)
    {
        foreach (SpecDiagnostic diagnostic in diagnostics)
            if (seen.Add((diagnostic.Rule.Id, diagnostic.Span.Start, diagnostic.Span.Length)))
                Add(diagnostic);
    }

    private void Add(SpecDiagnostic diagnostic)
    {
        found.Add(diagnostic);
        rules.Add(diagnostic.Rule.Id);
        HasErrors |= diagnostic.Rule.Severity == SpecSeverity.Error;
    }

    /// <summary>Marks the errors as blocking when none is: with nothing left to declare, each may be the reason.</summary>
    internal void Block()
    {
        if (found.Any(d => d.Blocking))
            return;
        for (int i = 0; i < found.Count; i++)
            if (found[i].Rule.Severity == SpecSeverity.Error)
                found[i] = found[i] with { Blocking = true };
    }

    internal EquatableArray<SpecDiagnostic> ToArray() =>
        found.OrderBy(d => d.Span.Start).ThenBy(d => d.Rule.Id, StringComparer.Ordinal).ToEquatableArray();
}
