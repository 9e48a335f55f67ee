using Ops.Specs.Collections;

namespace Ops.Specs.Diagnostics;

/// <summary>How much a finding matters when nobody set its severity.</summary>
public enum SpecSeverity
{
    /// <summary>The spec's meaning is wrong or unknown.</summary>
    Error,
    /// <summary>The spec has a meaning, which is probably not the one intended.</summary>
    Warning,
    /// <summary>The spec is right, and could tell its readers more.</summary>
    Suggestion,
}

/// <summary>A rule of the front end.</summary>
/// <param name="Id">For instance <c>OPS0001</c>; its help page is <c>docs/rules/OPS0001.md</c>.</param>
/// <param name="Title">What the rule is about, one line.</param>
/// <param name="Severity">The default severity.</param>
public sealed record SpecRule(string Id, string Title, SpecSeverity Severity);

/// <summary>A place in a spec file. Lines and columns count from 0; columns are UTF-16 code units, as in Roslyn.</summary>
/// <param name="Start">Offset of the first character in the file's text.</param>
/// <param name="Length">How many characters.</param>
/// <param name="StartLine">Line of the first character.</param>
/// <param name="StartColumn">Column of the first character.</param>
/// <param name="EndLine">Line just behind the last character.</param>
/// <param name="EndColumn">Column just behind the last character.</param>
public readonly record struct SpecSpan(int Start, int Length, int StartLine, int StartColumn, int EndLine, int EndColumn);

/// <summary>A finding at its exact place.</summary>
/// <param name="Rule">The rule that found it.</param>
/// <param name="Path">The spec file, as it was given to the front end.</param>
/// <param name="Span">Where in the file.</param>
/// <param name="Message">What is wrong, with the names and values seen, and "did you mean" where there is a near name.</param>
/// <param name="Blocking">Whether it keeps the op's declaration from being emitted.</param>
public sealed record SpecDiagnostic(SpecRule Rule, string Path, SpecSpan Span, string Message, bool Blocking)
{
    /// <summary>Other places of the same file to look at: where a name like the one missing is declared, or would be.</summary>
    public EquatableArray<SpecSpan> Related { get; init; } = [];
}
