using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Specs.Binding;
using Ops.Specs.Syntax;

namespace Ops.Generators;

/// <summary>Which additional files are specs, and how they are read.</summary>
internal static class SpecFiles
{
    private const string Extension = ".op.yaml";

    public static bool IsSpec(AdditionalText file) => file.Path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a spec is another project's: specs may name its op, and nothing is made or said of it here.</summary>
    public static bool IsReferenced(AdditionalText file, AnalyzerConfigOptionsProvider options) =>
        options.GetOptions(file).TryGetValue("build_metadata.AdditionalFiles.OpSpecs", out string? role)
            && string.Equals(role, "Referenced", StringComparison.OrdinalIgnoreCase);

    public static SpecSyntax Parse(AdditionalText file, CancellationToken cancellation) =>
        SpecFrontEnd.Parse(file.Path, file.GetText(cancellation)?.ToString() ?? "", cancellation);
}
