using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Generators.Analyzers;

/// <summary>Reports, live in the editor, every finding about a spec that the generator does not.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SpecAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. Descriptors.All];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            var scope = new Lazy<ISpecScope>(() => new SpecScope(
                start.Options.AdditionalFiles.Where(SpecFiles.IsSpec).Select(f => SpecFiles.Parse(f, start.CancellationToken))));
            start.RegisterAdditionalFileAction(file =>
            {
                if (!SpecFiles.IsSpec(file.AdditionalFile))
                    return;
                BoundSpec spec = SpecFrontEnd.Bind(SpecFiles.Parse(file.AdditionalFile, file.CancellationToken), scope.Value, file.CancellationToken);
                foreach (SpecDiagnostic finding in spec.Diagnostics)
                    if (!finding.Blocking)
                        file.ReportDiagnostic(Descriptors.ToDiagnostic(finding));
            });
        });
    }
}
