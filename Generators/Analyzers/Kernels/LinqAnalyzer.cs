using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>OPS1006: A kernel's body uses LINQ.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LinqAnalyzer() : HotBodyAnalyzer(KernelRules.Linq, vectorOnly: false)
{
    /// <inheritdoc/>
    private protected override ImmutableArray<OperationKind> Kinds => [OperationKind.Invocation];

    /// <inheritdoc/>
    private protected override string? Check(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod: { ContainingNamespace: { Name: "Linq",
            ContainingNamespace.Name: "System" } } method }
            ? $"'{method.Name}' is LINQ, which makes enumerators and calls delegates; a loop over the span does neither" : null;
}
