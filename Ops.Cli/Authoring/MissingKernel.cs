using Ops.Generators.Analyzers.Kernels;
using Ops.Generators.Analyzers.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Code;
using Ops.Specs.Diagnostics;
using Ops.Specs.Fixes;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Cli.Authoring;

/// <summary>Tells of kernels that a spec names and nobody has written, as the analyzer of rule OPS1001 does from C#.</summary>
internal static class MissingKernel
{
    /// <summary>What is to be written by hand for an op, as the text of a file; null when nothing is.</summary>
    /// <param name="family">The op.</param>
    /// <param name="written">The methods that are written already.</param>
    /// <exception cref="Ops.Specs.OpException">The generator cannot write the op's class.</exception>
    public static string? StubOf(OpFamily family, IEnumerable<string>? written = null)
    {
        if (family.Versions[^1].Kernel is null)
            return null;
        string text = KernelStub.Text(GeneratedClass.NamespaceOf(family), family.Name, GeneratedClass.TextOf(family), written);
        // Without a method there is no parenthesis.
        return text.Contains('(', StringComparison.Ordinal) ? text : null;
    }

    /// <summary>The finding about an op without a kernel; null when it has one or needs none.</summary>
    /// <param name="spec">The file.</param>
    /// <param name="family">What it was bound to.</param>
    /// <param name="code">The C# of the op; null when there is none.</param>
    public static SpecDiagnostic? Of(SpecSyntax spec, OpFamily family, OpCode? code)
    {
        if (code is { HasKernel: true } || StubOf(family, code?.Methods) is null)
            return null;
        return new SpecDiagnostic(KernelRules.BodyMissing, spec.Path, SpecPlaces.Key(spec, "kernel"),
            $"nobody has written the kernel of {family.Name}; 'opspec fix --rule OPS1001' starts it in Kernels/{family.Name}.cs", Blocking: false);
    }
}
