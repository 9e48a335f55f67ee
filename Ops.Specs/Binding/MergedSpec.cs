using Ops.Specs.Bodies;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Binding;

/// <summary>One version with everything it takes from the versions before it, as syntax that still knows its places.</summary>
internal sealed record MergedSpec
{
    internal required string Name { get; init; }
    internal required SourceSpan NameSpan { get; init; }
    internal required string Domain { get; init; }
    internal SourceSpan? DomainSpan { get; init; }
    internal required string Path { get; init; }
    internal required int Since { get; init; }
    /// <summary>Where the newest document says since when.</summary>
    internal SourceSpan? SinceSpan { get; init; }
    /// <summary>The document that makes it this version.</summary>
    internal DocumentSyntax? Document { get; init; }
    /// <summary>The first version of the file; null in itself.</summary>
    internal MergedSpec? First { get; init; }
    /// <summary>Whether it is a body for models that import a later ai.onnx.</summary>
    internal bool IsOverride { get; init; }
    /// <summary>How messages name it.</summary>
    internal string Called => IsOverride ? $"opset {Opset}" : $"version {Since}";
    /// <summary>All documents of the file.</summary>
    internal IReadOnlyList<DocumentSyntax> Documents { get; init; } = [];
    /// <summary>The documents of the ops it is like.</summary>
    internal IReadOnlyList<DocumentSyntax> Bases { get; init; } = [];
    /// <summary>Whether no later document follows.</summary>
    internal bool IsNewest { get; init; }
    internal required int Opset { get; init; }
    /// <summary>Whether the file lacks the op's name or version.</summary>
    internal bool Nameless { get; init; }
    internal Located<string>? Summary { get; init; }
    internal IReadOnlyList<Entry<TypeVariableSyntax>> Types { get; init; } = [];
    internal IReadOnlyList<Entry<PortSyntax>> Inputs { get; init; } = [];
    internal IReadOnlyList<Entry<PortSyntax>> Outputs { get; init; } = [];
    internal IReadOnlyList<Entry<AttributeSyntax>> Attributes { get; init; } = [];
    internal IReadOnlyList<Entry<ExprSyntax>> Lets { get; init; } = [];
    internal IReadOnlyList<Entry<ExprSyntax>> Constraints { get; init; } = [];
    internal IReadOnlyList<Entry<MappedText>> Docs { get; init; } = [];
    internal IReadOnlyList<Entry<List<Entry<MappedText>>>> Presets { get; init; } = [];
    internal Entry<KernelSyntax>? Kernel { get; init; }

    /// <summary>The equations; null when there is no body.</summary>
    internal IReadOnlyList<MergedEquation>? Equations { get; init; }

    /// <summary>Whether the body could not be read at all; then nothing is said about what it lacks.</summary>
    internal bool BodyBroken { get; init; }

    /// <summary>The place of the <c>body</c> key, for findings about the body as a whole.</summary>
    internal SourceSpan? BodySpan { get; init; }

    /// <summary>Bodies for models that import a later ai.onnx.</summary>
    internal IReadOnlyList<MergedSpec> Overrides { get; init; } = [];

    /// <summary>Whether the version's own document says something.</summary>
    internal bool IsOwn(SourceSpan span) => Document is { } document && ReferenceEquals(span.Source, document.Span.Source)
        && document.Span.Start <= span.Start && span.Start < document.Span.End;

    /// <summary>Where the version's document takes away what a place of an older document needs: what it removes, or else the section that
    /// it changes.</summary>
    internal SourceSpan PlaceOfLoss(SourceSpan span)
    {
        string name = span.Source.Text.Substring(span.Start, span.Length);
        if (Document is { } document
            && Removed(document.Types).Concat(Removed(document.Inputs)).Concat(Removed(document.Outputs))
                .Concat(Removed(document.Attributes))
            .Concat(Removed(document.Lets)).FirstOrDefault(r => r.Name == name) is { Name: not null } removed)
            return removed.Span;
        string section = SectionOf(span) ?? "since";
        string[] changed = [.. Document?.Keys.Keys.Where(k => k is not ("since" or "opset" or "summary")) ?? []];
        return PlaceOf(changed.Length == 1 ? changed[0] : section);

        static IEnumerable<(string Name, SourceSpan Span)> Removed<T>(List<Entry<T>> entries)
            where T : class => entries.Where(e => e.Removed).Select(e => (e.Name, e.NameSpan));
    }

    /// <summary>The section in which a place stands, of this file or of one it is like.</summary>
    internal string? SectionOf(SourceSpan span) =>
        Documents.Concat(Bases).LastOrDefault(d => ReferenceEquals(d.Span.Source, span.Source) && d.Span.Start <= span.Start)?
        .Keys.Where(k => k.Value.Start <= span.Start).OrderBy(k => k.Value.Start).LastOrDefault().Key;

    /// <summary>A section of the version's document; where it has none, the key before which it would stand, or its first one.</summary>
    internal SourceSpan PlaceOf(string section) =>
        Document?.PlaceOf(section) ?? (Document?.Keys.Count > 0 ? Document.Keys.Values.OrderBy(k => k.Start).First() : NameSpan);
}

/// <summary>An equation, and whether the newest document states it.</summary>
internal sealed record MergedEquation(EquationSyntax Syntax, bool Own);
