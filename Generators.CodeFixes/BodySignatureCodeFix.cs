using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Ops.Generators.Analyzers.Kernels;

namespace Ops.Generators.CodeFixes;

/// <summary>Gives a hand-written method the result and parameters that its spec wants.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BodySignatureCodeFix))]
public sealed class BodySignatureCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [KernelRules.BodySignature.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Diagnostic diagnostic = context.Diagnostics[0];
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method
            || !diagnostic.Properties.TryGetValue(BodySignatureAnalyzer.Wanted, out string? wanted)
            || SyntaxFactory.ParseMemberDeclaration(wanted + ";") is not MethodDeclarationSyntax signature)
            return;
        SyntaxNode changed = root.ReplaceNode(method, method
            .WithReturnType(signature.ReturnType.WithTriviaFrom(method.ReturnType))
            .WithTypeParameterList(signature.TypeParameterList)
            .WithParameterList(signature.ParameterList.WithTriviaFrom(method.ParameterList)));
        var change = CodeAction.Create(
            $"Change to '{wanted}'", _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), nameof(BodySignatureCodeFix));
        context.RegisterCodeFix(change, diagnostic);
    }
}
