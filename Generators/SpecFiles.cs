using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Ops.Specs.Binding;
using Ops.Specs.Syntax;

namespace Ops.Generators;

/// <summary>Which additional files are specs, and how they are read.</summary>
internal static class SpecFiles
{
    private const string Extension = ".op.yaml";

    public static bool IsSpec(AdditionalText file) => file.Path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    public static SpecSyntax Parse(AdditionalText file, CancellationToken cancellation) =>
        SpecFrontEnd.Parse(file.Path, file.GetText(cancellation)?.ToString() ?? "", cancellation);
}
