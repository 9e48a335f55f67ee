using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Checks;

/// <summary>
/// Where to look besides when a name is missing: at the name it may be a misspelling of, and at the sections in which it would be declared.
/// Of two places that do not fit together nobody knows which one is wrong.
/// </summary>
internal static class RelatedPlaces
{
    private const int MaxDocuments = 100;

    private static readonly Dictionary<string, string[]> Sections = new()
    {
        [SpecRules.UnknownName.Id] = ["inputs", "attributes", "let", "types"],
        [SpecRules.UnboundOutput.Id] = ["inputs", "attributes", "let"],
        [SpecRules.UnknownElementType.Id] = ["types", "attributes"],
        [SpecRules.UnknownDoc.Id] = ["types", "inputs", "outputs", "attributes", "let", "constraints", "presets"],
        [SpecRules.BodyName.Id] = ["inputs", "body"],
        [SpecRules.UnknownOp.Id] = ["attributes"],
        [SpecRules.OutputUnassigned.Id] = ["outputs", "body"],
        [SpecRules.UnusedEquation.Id] = ["outputs"],
        [SpecRules.BodyCall.Id] = ["constraints"],
        [SpecRules.PresetAttribute.Id] = ["attributes"],
        [SpecRules.NothingToRemove.Id] = ["types", "inputs", "outputs", "attributes", "let", "constraints"],
        [SpecRules.Aliases.Id] = ["inputs"],
        [SpecRules.NoBody.Id] = ["body", "kernel"],
    };

    /// <summary>The finding with its places.</summary>
    internal static SpecDiagnostic AddTo(SpecDiagnostic finding, SpecSyntax spec)
    {
        // A file of that many versions nobody reads.
        if (!Sections.TryGetValue(finding.Rule.Id, out string[]? sections) || finding.Path != spec.Path
            || spec.Documents.Count > MaxDocuments)
            return finding;
        List<SpecSpan> places = [.. finding.Related];
        if (DidYouMean.Meant(finding.Message) is { } meant && SpecPlaces.Declaration(spec, meant) is { } declaration)
            places.Add(declaration);
        foreach (string section in sections)
            foreach (DocumentSyntax document in spec.Documents)
                if (document.Span.Start <= finding.Span.Start && document.PlaceOf(section) is { } place)
                    places.Add(spec.Source.Locate(place.Start, place.Length));
        return finding with { Related = places.Distinct().Where(p => p != finding.Span).ToEquatableArray() };
    }
}
