using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Ops.Generators.Analyzers.Kernels;
using Ops.Specs.Binding;
using Ops.Specs.Fixes;
using Ops.Specs.Syntax;

namespace Ops.Generators.CodeFixes;

/// <summary>Writes the file in which the missing part of a kernel belongs.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KernelStubCodeFix),
    DocumentKinds = [nameof(TextDocumentKind.AdditionalDocument)], DocumentExtensions = [".yaml"])]
public sealed class KernelStubCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [KernelRules.BodyMissing.Id];

    // There is one file for each op.
    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        TextDocument document = context.TextDocument;
        string text = (await document.GetTextAsync(context.CancellationToken).ConfigureAwait(false)).ToString();
        SpecSyntax spec = SpecFrontEnd.Parse(document.FilePath ?? document.Name, text, context.CancellationToken);
        if (spec.OpName is not { } op || document.Project.Documents.Any(d => d.Name == op + ".cs"))
            return;
        var write = CodeAction.Create(
            $"Write Kernels/{op}.cs", cancellation => Write(document.Project, spec, cancellation), nameof(KernelStubCodeFix));
        context.RegisterCodeFix(write, context.Diagnostics);
    }

    private static async Task<Solution> Write(Project project, SpecSyntax spec, CancellationToken cancellation)
    {
        string space = OpClass.Namespace(spec.Domain), op = spec.OpName!;
        Compilation? compilation = await project.GetCompilationAsync(cancellation).ConfigureAwait(false);
        if (compilation?.GetTypeByMetadataName($"{space}.{op}") is not { } type
            || type.DeclaringSyntaxReferences.FirstOrDefault(
                r => r.SyntaxTree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)) is not { } generated)
            return project.Solution;
        string[] written = [.. KernelParts.Declared(type).Except(KernelParts.Missing(type), SymbolEqualityComparer.Default)
            .Select(m => m!.Name)];
        string stub = KernelStub.Text(space, op, generated.SyntaxTree.ToString(), written);
        return project.AddDocument(op + ".cs", stub, folders: ["Kernels"]).Project.Solution;
    }
}
