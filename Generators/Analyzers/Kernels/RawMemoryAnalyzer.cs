using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>OPS1010: A body reaches around the scaffold's accessors.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RawMemoryAnalyzer() : KernelAnalyzer(KernelRules.RawMemory)
{
    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context)
    {
        // Operations do not show what is done with pointers; syntax does.
        context.RegisterSyntaxNodeAction(Check, SyntaxKind.SimpleMemberAccessExpression);
        context.RegisterSyntaxNodeAction(Pointer, SyntaxKind.PointerIndirectionExpression, SyntaxKind.AddressOfExpression,
            SyntaxKind.PointerType, SyntaxKind.FixedStatement, SyntaxKind.PointerMemberAccessExpression);
    }

    private void Check(SyntaxNodeAnalysisContext node)
    {
        var access = (MemberAccessExpressionSyntax)node.Node;
        if ((access.Expression as SimpleNameSyntax
            ?? (access.Expression as MemberAccessExpressionSyntax)?.Name)?.Identifier.ValueText is "Unsafe" or "MemoryMarshal"
            && IsInBody(node)
            && node.SemanticModel.GetSymbolInfo(access.Expression, node.CancellationToken).Symbol is INamedTypeSymbol type)
            node.ReportDiagnostic(Found(access.GetLocation(),
                $"'{type.Name}.{access.Name.Identifier.ValueText}' checks no bounds; a body takes vectors and spans as the scaffold hands them"));
    }

    private void Pointer(SyntaxNodeAnalysisContext node)
    {
        // The innermost sign of a pointer says it all.
        if (node.Node.Parent is PointerTypeSyntax || !IsInBody(node))
            return;
        Location place = node.Node is FixedStatementSyntax pinned ? pinned.FixedKeyword.GetLocation() : node.Node.GetLocation();
        node.ReportDiagnostic(Found(place, "a pointer checks no bounds; a body takes vectors and spans as the scaffold hands them"));
    }

    private static bool IsInBody(SyntaxNodeAnalysisContext node) =>
        node.ContainingSymbol is { } symbol && KernelSymbols.IsHotBody(symbol, vectorOnly: true);
}
