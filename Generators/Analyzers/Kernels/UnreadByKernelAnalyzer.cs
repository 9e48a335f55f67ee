using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Generators.Analyzers.Specs;
using Ops.Generators.Emit;
using Ops.Specs.Model;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>OPS1003: A kernel never reads an attribute or input.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnreadByKernelAnalyzer() : KernelAnalyzer(KernelRules.Unread)
{
    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context) =>
        context.RegisterSymbolAction(Check, Microsoft.CodeAnalysis.SymbolKind.NamedType);

    private void Check(SymbolAnalysisContext context)
    {
        var op = (INamedTypeSymbol)context.Symbol;
        if (!KernelSymbols.IsOpClass(op) || KernelParts.Missing(op).Any())
            return;
        TypeDeclarationSyntax[] written =
            [.. op.DeclaringSyntaxReferences.Where(r => !r.SyntaxTree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal))
            .Select(r => (TypeDeclarationSyntax)r.GetSyntax(context.CancellationToken))];
        if (written.Length == 0 || SpecSet.Family(op, context.Options, context.CancellationToken) is not { } family)
            return;
        OpModel newest = family.Versions[family.Versions.Count - 1];
        // What takes graphs is run by the executor.
        if (newest.Kernel is null || newest.Attributes.Any(a => a.Kind == AttributeKind.Graph))
            return;
        HashSet<string> read =
            [.. written.SelectMany(w => w.DescendantNodes()).OfType<IdentifierNameSyntax>().Select(n => n.Identifier.ValueText)],
            inSpec = SpecReads.Of(newest);
        foreach (AttributeModel attribute in newest.Attributes)
            if (!attribute.Hint && !inSpec.Contains(attribute.Name) && !Reads(attribute.Name))
                Report($"attribute '{attribute.Name}'; 'hint' marks what may be ignored");
        foreach (Port input in newest.Inputs)
            if (!inSpec.Contains(input.Name) && !SpecReads.DecidesType(newest, input) && !SpecReads.GivesDims(newest, input)
                && !Reads(input.Name))
                Report($"input '{input.Name}'");

        bool Reads(string name) =>
            read.Contains(name) || read.Contains(name + "_") || read.Contains(Names.Has(name)) || read.Contains(name + "Transposed");

        void Report(string what) =>
            context.ReportDiagnostic(Found(written[0].Identifier.GetLocation(),
                $"the kernel of {op.Name} never reads {what} ({family.Path})"));
    }
}
