using Ops.Specs.Diagnostics;
using Ops.Specs.Text;

namespace Ops.Specs.Syntax;

/// <summary>Where in its file a part of a spec stands.</summary>
public static class SpecPlaces
{
    /// <summary>The newest document's key that is called so; the op's name where no document has it.</summary>
    public static SpecSpan Key(SpecSyntax spec, string key)
    {
        foreach (DocumentSyntax document in spec.Documents.Reverse())
            if (document.Keys.TryGetValue(key, out SourceSpan span))
                return Locate(spec, span);
        return spec.Documents.Count > 0 && spec.Documents[0].Op is { } op ? Locate(spec, op.Span) : default;
    }

    /// <summary>Where a name is declared, in the newest document that does: a port, attribute, definition, type variable, rule or
    /// preset.</summary>
    public static SpecSpan? Declaration(SpecSyntax spec, string name)
    {
        foreach (DocumentSyntax document in spec.Documents.Reverse())
            if (Declarations(document).Where(d => d.Name == name).Select(d => (SourceSpan?)d.Span).FirstOrDefault() is { } span
                && ReferenceEquals(span.Source, spec.Source))
                return Locate(spec, span);
        return null;
    }

    /// <summary>Every name that is declared, the newest declaration last.</summary>
    public static IEnumerable<(string Name, SpecSpan Span)> Declarations(SpecSyntax spec) =>
        spec.Documents.SelectMany(Declarations).Where(d => ReferenceEquals(d.Span.Source, spec.Source))
            .Select(d => (d.Name, Locate(spec, d.Span)));

    internal static IEnumerable<(string Name, SourceSpan Span)> Declarations(DocumentSyntax document) =>
        Names(document.Inputs).Concat(Names(document.Outputs)).Concat(Names(document.Attributes)).Concat(Names(document.Lets))
            .Concat(Names(document.Types)).Concat(Names(document.Constraints)).Concat(Names(document.Presets));

    private static IEnumerable<(string Name, SourceSpan Span)> Names<T>(List<Entry<T>> entries)
        where T : class => entries.Where(e => !e.Removed).Select(e => (e.Name, e.NameSpan));

    private static SpecSpan Locate(SpecSyntax spec, SourceSpan span) => spec.Source.Locate(span.Start, span.Length);
}
