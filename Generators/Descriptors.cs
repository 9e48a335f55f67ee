using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Ops.Generators.Analyzers.Kernels;
using Ops.Specs.Diagnostics;

namespace Ops.Generators;

/// <summary>The findings of the front end as Roslyn reports them.</summary>
internal static class Descriptors
{
    private const string Category = "OpSpec";

    private static readonly Dictionary<string, DiagnosticDescriptor> ById =
        SpecRules.All.Concat(KernelRules.All).ToDictionary(r => r.Id, Create);

    /// <summary>The descriptor of a rule.</summary>
    public static DiagnosticDescriptor Of(SpecRule rule) => ById[rule.Id];

    /// <summary>Two files declare the same op.</summary>
    public static DiagnosticDescriptor DuplicateOp { get; } = Create(SpecRules.DuplicateOp);

    /// <summary>The generator failed on one op.</summary>
    public static DiagnosticDescriptor EmitFailed { get; } = Create(SpecRules.EmitFailed);

    /// <summary>A finding at its place in the YAML file.</summary>
    public static Diagnostic ToDiagnostic(SpecDiagnostic finding) =>
        Diagnostic.Create(ById[finding.Rule.Id], LocationOf(finding.Path, finding.Span),
            finding.Related.Select(r => LocationOf(finding.Path, r)), finding.Message);

    /// <summary>A place in a YAML file.</summary>
    public static Location LocationOf(string path, SpecSpan span) => Location.Create(path, new TextSpan(span.Start, span.Length),
        new LinePositionSpan(new LinePosition(span.StartLine, span.StartColumn), new LinePosition(span.EndLine, span.EndColumn)));

    private static DiagnosticDescriptor Create(SpecRule rule) => new(
        rule.Id, rule.Title, "{0}", Category,
        rule.Severity switch
        {
            SpecSeverity.Error => DiagnosticSeverity.Error,
            SpecSeverity.Warning => DiagnosticSeverity.Warning,
            _ => DiagnosticSeverity.Info
        },
        isEnabledByDefault: true, helpLinkUri: $"docs/rules/{rule.Id}.md");
}
