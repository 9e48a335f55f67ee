using Ops.Specs.Binding;
using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Text;

namespace Ops.Specs.Syntax;

/// <summary>One file, read and parsed but not bound. Two are equal when path and text are.</summary>
public sealed class SpecSyntax : IEquatable<SpecSyntax>
{
    internal SpecSyntax(SpecText text, IReadOnlyList<DocumentSyntax> documents, EquatableArray<SpecDiagnostic> diagnostics)
    {
        Source = text;
        Documents = documents;
        Diagnostics = diagnostics;
        Bases = [.. documents.Where(d => d.Like is not null).Select(d => LikeName.Of(d.Like!.Value).Name)];
    }

    /// <summary>The path, as it was given.</summary>
    public string Path => Source.Path;

    /// <summary>The text.</summary>
    public string Text => Source.Text;

    /// <summary>The findings of reading and parsing, in the order of the file. Binding reports them again, together with its own.</summary>
    public EquatableArray<SpecDiagnostic> Diagnostics { get; }

    /// <summary>The op's name; null when it is missing or unusable.</summary>
    public string? OpName => Documents.Count > 0 ? Documents[0].Op?.Value : null;

    /// <summary>The op's domain.</summary>
    public string Domain => Documents.Count > 0 && Documents[0].Domain is { } domain ? domain.Value : "ai.onnx";

    internal SpecText Source { get; }

    /// <summary>The names of the ops it needs to know, once somebody asked.</summary>
    internal string[]? References { get; set; }

    /// <summary>What callers may know of its op from it alone, once somebody asked.</summary>
    internal OpSignature? Signature { get; set; }

    /// <summary>The names of the ops it is <c>like</c>.</summary>
    internal string[] Bases { get; }

    internal IReadOnlyList<DocumentSyntax> Documents { get; }

    /// <inheritdoc/>
    public bool Equals(SpecSyntax? other) => other is not null && Path == other.Path && Text == other.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SpecSyntax);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode();
}
