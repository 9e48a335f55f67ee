using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Fixes;

/// <summary>Starts a new version, as a document that states its difference.</summary>
public static class NewVersionFix
{
    /// <summary>A second <c>since</c> in one document is a version whose <c>---</c> was forgotten.</summary>
    internal static SpecFix? Make(SpecDiagnostic finding, SpecSyntax spec)
    {
        if (finding.Rule != SpecRules.DuplicateKey || spec.Text.Substring(finding.Span.Start, finding.Span.Length) != "since"
            || finding.Span.StartColumn != 0)
            return null;
        string newLine = spec.Text.Contains("\r\n") ? "\r\n" : "\n";
        return new SpecFix("Start a new version here", [new TextEdit(spec.Path, finding.Span.Start, 0, "---" + newLine)], IsCertain: true);
    }

    /// <summary>The edit that adds a version behind the newest one.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="since">The new version.</param>
    /// <exception cref="OpException">The spec has no version before it.</exception>
    public static TextEdit Append(SpecSyntax spec, int since)
    {
        int newest = spec.Documents.Select(d => d.Since?.Value ?? 0).DefaultIfEmpty(0).Max();
        if (since <= newest)
            throw new OpException(spec.OpName ?? spec.Path, "since",
                $"version {since} does not come after version {newest}, the newest in {spec.Path}");
        string newLine = spec.Text.Contains("\r\n") ? "\r\n" : "\n";
        string end = spec.Text.Length == 0 || spec.Text[spec.Text.Length - 1] == '\n' ? "" : newLine;
        return new TextEdit(spec.Path, spec.Text.Length, 0, $"{end}---{newLine}since: {since}{newLine}");
    }
}
