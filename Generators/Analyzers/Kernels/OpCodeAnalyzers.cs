using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Generators.Analyzers.Specs;
using Ops.Specs.Checks;
using Ops.Specs.Code;
using Ops.Specs.Diagnostics;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>Reports in a spec what does not fit the C# that completes it. Each rule has an analyzer of its own; all of them read one
/// comparison.</summary>
/// <param name="rule">The rule.</param>
public abstract class OpCodeAnalyzer(SpecRule rule) : KernelAnalyzer(rule)
{
    // A file's code is read once, an op's once for each compilation.
    private static readonly ConditionalWeakTable<SyntaxTree, OpCodeFinder> Code = new();
    private static readonly ConditionalWeakTable<INamedTypeSymbol, IReadOnlyList<SpecDiagnostic>> Findings = new();

    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context) => context.RegisterSymbolAction(Check, SymbolKind.NamedType);

    private void Check(SymbolAnalysisContext context)
    {
        var op = (INamedTypeSymbol)context.Symbol;
        if (!KernelSymbols.IsOpClass(op))
            return;
        foreach (SpecDiagnostic finding in Findings.GetValue(op, o => Find(o, context.Options, context.CancellationToken)))
            if (finding.Rule == Rule)
                context.ReportDiagnostic(Descriptors.ToDiagnostic(finding));
    }

    private static IReadOnlyList<SpecDiagnostic> Find(INamedTypeSymbol op, AnalyzerOptions options, CancellationToken cancellation)
    {
        SyntaxTree[] written = [.. op.DeclaringSyntaxReferences.Select(r => r.SyntaxTree)
            .Where(t => !t.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)).Distinct()];
        if (written.Length == 0 || SpecSet.Find(op, options, cancellation) is not var (syntax, bound))
            return [];
        return OpCode.Together([.. written.Select(t => Read(t).Of(syntax.Domain, op.Name)).OfType<OpCode>()]) is { } code
            ? OpCodeCheck.Run(syntax, bound, code) : [];
    }

    private static OpCodeFinder Read(SyntaxTree tree) => Code.GetValue(tree, static t =>
    {
        var finder = new OpCodeFinder();
        finder.Add(t.ToString());
        return finder;
    });
}

/// <summary>OPS0704: A kernel is written that the spec does not name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnnamedKernelAnalyzer() : OpCodeAnalyzer(SpecRules.UnnamedKernel);

/// <summary>OPS0705: The op's C# has no method that the spec calls.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HostMethodAnalyzer() : OpCodeAnalyzer(SpecRules.HostMethod);

/// <summary>OPS0706: The op's C# reads a name that the spec does not have.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CodeReadsAnalyzer() : OpCodeAnalyzer(SpecRules.CodeReads);

/// <summary>OPS0707: A definition is read by neither the spec nor the op's C#.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnreadDefinitionAnalyzer() : OpCodeAnalyzer(SpecRules.UnreadDefinition);
