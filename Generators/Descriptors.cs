using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Ops.Specs.Diagnostics;

namespace Ops.Generators;

/// <summary>The findings of the front end as Roslyn reports them.</summary>
internal static class Descriptors
{
    private const string Category = "OpSpec";

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = SpecRules.All.ToDictionary(r => r.Id, Create);

    /// <summary>A descriptor for each rule of the front end.</summary>
    public static IEnumerable<DiagnosticDescriptor> All => ById.Values;

    /// <summary>Two files declare the same op.</summary>
    public static DiagnosticDescriptor DuplicateOp { get; } = Create(SpecRules.DuplicateOp);

    /// <summary>The generator failed on one op.</summary>
    public static DiagnosticDescriptor EmitFailed { get; } = Create(SpecRules.EmitFailed);

    /// <summary>A finding at its place in the YAML file.</summary>
    public static Diagnostic ToDiagnostic(SpecDiagnostic finding) =>
        Diagnostic.Create(ById[finding.Rule.Id], LocationOf(finding.Path, finding.Span), finding.Message);

    /// <summary>A place in a YAML file.</summary>
    public static Location LocationOf(string path, SpecSpan span) => Location.Create(path, new TextSpan(span.Start, span.Length),
        new LinePositionSpan(new LinePosition(span.StartLine, span.StartColumn), new LinePosition(span.EndLine, span.EndColumn)));

    private static DiagnosticDescriptor Create(SpecRule rule) => new(
        rule.Id, rule.Title, "{0}", Category,
        rule.Severity == SpecSeverity.Error ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
        isEnabledByDefault: true, helpLinkUri: $"docs/rules/{rule.Id}.md");
}
