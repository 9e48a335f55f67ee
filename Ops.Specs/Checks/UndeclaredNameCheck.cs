using System.Text.RegularExpressions;
using Ops.Specs.Bodies;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Checks;

/// <summary>
/// A name that is read and not declared is found where it is read. The mistake may lie where it would be declared: at a declaration nobody
/// reads that is spelt like it, or in the section it was left out of. That place is told too.
/// </summary>
internal static class UndeclaredNameCheck
{
    private static readonly SpecRule[] Missing = [SpecRules.UnknownName, SpecRules.UnboundOutput, SpecRules.UnknownElementType,
        SpecRules.BodyName, SpecRules.UnknownDoc, SpecRules.Aliases, SpecRules.PresetAttribute];
    private static readonly Regex Word = new(@"[A-Za-z][\w-]*", RegexOptions.CultureInvariant);

    private const int MaxNames = 20;

    internal static void Run(SpecSyntax spec, DiagnosticBag bag)
    {
        ILookup<string, SpecDiagnostic> reads = bag.Found
            .Where(d => Missing.Contains(d.Rule) && d.Path == spec.Path && d.Span.Length > 0
                && IsName(spec.Text.Substring(d.Span.Start, d.Span.Length)))
            .ToLookup(d => spec.Text.Substring(d.Span.Start, d.Span.Length));
        foreach (IGrouping<string, SpecDiagnostic> name in reads.Take(MaxNames).ToArray())
            Report(name.Key, [.. name.OrderBy(d => d.Span.Start)], spec, bag);
    }

    private static void Report(string name, SpecDiagnostic[] reads, SpecSyntax spec, DiagnosticBag bag)
    {
        DocumentSyntax document = spec.Documents.Last(d => d.Span.Start <= reads[0].Span.Start || d.First);
        IEnumerable<SourceSpan> places = reads.Select(r => spec.Source.Span(r.Span.Start, r.Span.Length));
        if (Misspelt(name, spec, document) is { } declaration)
        {
            string written = spec.Text.Substring(declaration.Start, declaration.Length);
            bag.Report(SpecRules.UndeclaredName, declaration, $"nothing reads '{written}', and '{name}', which is read, is not declared",
                related: places);
            return;
        }
        if (reads.Any(r => r.Rule == SpecRules.BodyName) && GraphAround(reads[0], document) is { } graph)
            bag.Report(SpecRules.UndeclaredName, graph.Name.Span,
                $"the graph '{graph.Name.Name}' has no '{name}', which line {reads[0].Span.StartLine + 1} names", related: places);
        else
            foreach (string section in Homes(name, reads, document))
                if (document.PlaceOf(section) is { } place)
                    bag.Report(SpecRules.UndeclaredName, place,
                        $"'{section}' has no '{name}', which line {reads[0].Span.StartLine + 1} names", related: places);
    }

    private static bool IsName(string text) => Word.Match(text) is { Success: true, Index: 0 } match && match.Length == text.Length;

    /// <summary>A declaration near to the name that nothing reads.</summary>
    private static SourceSpan? Misspelt(string name, SpecSyntax spec, DocumentSyntax document)
    {
        Dictionary<string, SourceSpan> declared = new(StringComparer.Ordinal);
        foreach ((string Name, SourceSpan Span) declaration in Declarations(document)
            .Where(d => ReferenceEquals(d.Span.Source, spec.Source)))
            declared[declaration.Name] = declaration.Span;
        foreach (FamilySyntax family in document.Inputs.Concat(document.Outputs).Select(p => p.Family).OfType<FamilySyntax>())
            declared[family.Count.Name] = family.Count.Span;
        if (declared.Count > 1000)
            return null;
        Dictionary<string, int> words = Words(spec, document);
        return declared.Where(d => d.Key != name && words.TryGetValue(d.Key, out int times) && times == 1 && IsNear(name, d.Key))
            .Select(d => (SourceSpan?)d.Value).FirstOrDefault();
    }

    private static bool IsNear(string name, string other) =>
        Math.Min(name.Length, other.Length) > 1 && DidYouMean.Distance(name, other) <= (Math.Max(name.Length, other.Length) > 5 ? 2 : 1);

    private static IEnumerable<(string Name, SourceSpan Span)> Declarations(DocumentSyntax document) =>
        SpecPlaces.Declarations(document).Concat(Equations(document).SelectMany(e => e.Outputs).Select(o => (o.Name, o.Span)));

    private static IEnumerable<EquationSyntax> Equations(DocumentSyntax document) =>
        document.Body?.Value is { } body ? body.Equations.Concat(Graphs(body.Equations).SelectMany(g => g.Equations)) : [];

    private static IEnumerable<GraphSyntax> Graphs(IEnumerable<EquationSyntax> equations) =>
        BodyWalker.Calls(equations).SelectMany(c => c.Attributes).Select(a => a.Graph).OfType<GraphSyntax>();

    /// <summary>The innermost graph in which a name is read.</summary>
    private static GraphSyntax? GraphAround(SpecDiagnostic read, DocumentSyntax document) =>
        Graphs(document.Body?.Value?.Equations ?? []).Where(g => g.Span.Start <= read.Span.Start && read.Span.Start < g.Span.End)
            .OrderBy(g => g.Span.Length).FirstOrDefault();

    /// <summary>How often each word stands in a document, prose left out.</summary>
    private static Dictionary<string, int> Words(SpecSyntax spec, DocumentSyntax document)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        SourceSpan[] prose =
            [.. document.Docs.Select(d => d.Span).Concat(document.Summary is { } summary ? [summary.Span] : []).OrderBy(p => p.Start)];
        int next = 0;
        foreach (Match word in Word.Matches(spec.Text.Substring(document.Span.Start, document.Span.Length)))
        {
            int start = document.Span.Start + word.Index;
            while (next < prose.Length && prose[next].End <= start)
                next++;
            if (next < prose.Length && prose[next].Start <= start)
                continue;
            counts[word.Value] = counts.TryGetValue(word.Value, out int count) ? count + 1 : 1;
        }
        return counts;
    }

    /// <summary>The sections in which the name was most likely to stand.</summary>
    private static string[] Homes(string name, SpecDiagnostic[] reads, DocumentSyntax document)
    {
        if (reads.Any(r => r.Rule == SpecRules.UnknownElementType))
            return ["types"];
        if (reads.Any(r => r.Rule == SpecRules.Aliases))
            return ["inputs"];
        if (name.Contains('-'))
            return ValueRule.SubjectOf(name) is { } subject && SectionOf(subject, document) is not null ? [] : ["constraints"];
        bool operand = reads.Any(r => r.Rule == SpecRules.BodyName), documented = reads.Any(r => r.Rule == SpecRules.UnknownDoc);
        if (operand && reads.All(r => r.Rule == SpecRules.BodyName))
            return document.Body?.Value?.Equations.Any(e => e.Outputs.Count > 0 && e.Span.Start < reads[0].Span.Start) == true
                ? ["body"] : ["inputs"];
        if (operand)
            return ["inputs"];
        // Sentences stand in the order of what they are about.
        if (documented)
        {
            int at = document.Docs.FindIndex(d => d.Name == name);
            string? before = document.Docs.Take(at).Reverse().Select(d => SectionOf(d.Name, document)).FirstOrDefault(s => s is not null);
            string? after = document.Docs.Skip(at + 1).Select(d => SectionOf(d.Name, document)).FirstOrDefault(s => s is not null);
            string? near = before ?? after;
            if (before is not null && before == after)
                return [before];
            // A sentence alone, in a spec that is whole, is what is wrong itself.
            if (reads.Length == 1 && document is { Kernel: null, Like: null })
                return [];
            if (before is null || after is null)
                return [.. new[] { near ?? "attributes", "attributes", "let" }.Distinct()];
            return reads.All(r => r.Rule == SpecRules.UnknownDoc) ? [near ?? "attributes"]
                : before is "let" || after is "let" ? [near!, "let"]
                : [near ?? "attributes", "let"];
        }
        // A dim and a definition are read alike.
        return reads.Any(r => r.Rule == SpecRules.PresetAttribute) ? ["attributes"]
            : name.Length <= 3 ? ["inputs", "let"]
            : ["attributes", "let"];
    }

    private static string? SectionOf(string name, DocumentSyntax document) =>
        document.Types.Any(e => e.Name == name) ? "types"
            : document.Inputs.Any(e => e.Name == name) ? "inputs"
            : document.Outputs.Any(e => e.Name == name) ? "outputs"
            : document.Attributes.Any(e => e.Name == name) ? "attributes"
            : document.Lets.Any(e => e.Name == name) ? "let"
            : document.Constraints.Any(e => e.Name == name) ? "constraints"
            : null;
}
