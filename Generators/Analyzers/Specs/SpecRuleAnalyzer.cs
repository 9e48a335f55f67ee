using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;

namespace Ops.Generators.Analyzers.Specs;

/// <summary>
/// Reports, live in the editor, what one rule finds in specs. Each rule has an analyzer of its own, so that each can be set and timed
/// alone; all of them read one binding of the specs. What keeps an op from being declared the generator reports.
/// </summary>
/// <param name="rule">The rule.</param>
public abstract class SpecRuleAnalyzer(SpecRule rule) : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Descriptors.Of(rule)];

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterAdditionalFileAction(Report);
    }

    private void Report(AdditionalFileAnalysisContext file)
    {
        if (!SpecFiles.IsSpec(file.AdditionalFile)
            || SpecFiles.IsReferenced(file.AdditionalFile, file.Options.AnalyzerConfigOptionsProvider))
            return;
        BoundSpec bound = SpecSet.Of(file.Options, file.CancellationToken).Bind(file.AdditionalFile, file.CancellationToken);
        foreach (SpecDiagnostic finding in rule.Severity == SpecSeverity.Suggestion ? bound.Suggestions : bound.Diagnostics)
            if (!finding.Blocking && finding.Rule.Id == rule.Id)
                file.ReportDiagnostic(Descriptors.ToDiagnostic(finding));
    }
}
