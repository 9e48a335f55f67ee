using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Generators.Analyzers.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Syntax;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>OPS1001: The hand-written part of a kernel is missing.</summary>
/// <remarks>The compiler says so too; this says it at the spec, and can be fixed.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BodyMissingAnalyzer() : KernelAnalyzer(KernelRules.BodyMissing)
{
    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context) => context.RegisterAdditionalFileAction(file =>
    {
        if (!SpecFiles.IsSpec(file.AdditionalFile)
            || SpecFiles.IsReferenced(file.AdditionalFile, file.Options.AnalyzerConfigOptionsProvider)
            || SpecSet.Of(file.Options, file.CancellationToken).Bind(file.AdditionalFile, file.CancellationToken).Family is not { } family)
            return;
        if (file.Compilation.GetTypeByMetadataName($"{OpClass.Namespace(family.Domain)}.{family.Name}") is not { } type
            || !KernelSymbols.IsOpClass(type))
            return;
        string[] missing = [.. KernelParts.Unwritten(type).Select(m => m.Name)];
        if (missing.Length == 0)
            return;
        Location place = Descriptors.LocationOf(file.AdditionalFile.Path,
            SpecPlaces.Key(SpecFiles.Parse(file.AdditionalFile, file.CancellationToken), "kernel"));
        file.ReportDiagnostic(Found(place,
            $"nobody has written {string.Join(", ", missing.Select(m => $"'{m}'"))} of {family.Name}; it belongs in Kernels/{family.Name}.cs"));
    });
}
