using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>OPS1007: A kernel's body makes a delegate.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ClosureAnalyzer() : HotBodyAnalyzer(KernelRules.Closure, vectorOnly: false)
{
    /// <inheritdoc/>
    private protected override ImmutableArray<OperationKind> Kinds => [OperationKind.DelegateCreation];

    /// <inheritdoc/>
    private protected override string? Check(IOperation operation) =>
        operation is IDelegateCreationOperation
            ? "this makes a delegate, which is neither inlined nor free; a struct behind a type parameter is both" : null;
}
