using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;
using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Fixes;
using Ops.Specs.Syntax;

namespace Ops.Generators.CodeFixes;

/// <summary>Applies the repairs of specs in the editor; what they are <see cref="SpecFixes"/> decides.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SpecCodeFix), DocumentKinds = [nameof(TextDocumentKind.AdditionalDocument)],
    DocumentExtensions = [".yaml"])]
public sealed class SpecCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. SpecFixes.Rules];

    // Fix All works on C# documents only.
    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        TextDocument document = context.TextDocument;
        SourceText text = await document.GetTextAsync(context.CancellationToken).ConfigureAwait(false);
        SpecSyntax spec = SpecFrontEnd.Parse(document.FilePath ?? document.Name, text.ToString(), context.CancellationToken);
        foreach (Diagnostic diagnostic in context.Diagnostics)
            foreach (SpecFix fix in SpecFixes.For(Finding(diagnostic, spec, text), spec))
                context.RegisterCodeFix(
                    CodeAction.Create(fix.Title, _ => Task.FromResult(Apply(document, text, fix)), fix.Title), diagnostic);
    }

    private static SpecDiagnostic Finding(Diagnostic diagnostic, SpecSyntax spec, SourceText text)
    {
        TextSpan span = diagnostic.Location.SourceSpan;
        LinePositionSpan lines = text.Lines.GetLinePositionSpan(span);
        return new SpecDiagnostic(SpecRules.All.First(r => r.Id == diagnostic.Id), spec.Path,
            new SpecSpan(span.Start, span.Length, lines.Start.Line, lines.Start.Character, lines.End.Line, lines.End.Character),
            diagnostic.GetMessage(), Blocking: false);
    }

    private static Solution Apply(TextDocument document, SourceText text, SpecFix fix) =>
        document.Project.Solution.WithAdditionalDocumentText(
            document.Id, text.WithChanges(fix.Edits.Select(e => new TextChange(new TextSpan(e.Start, e.Length), e.NewText))));
}
