using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>OPS1008: A kernel's body throws.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ThrowAnalyzer() : HotBodyAnalyzer(KernelRules.Throws, vectorOnly: false)
{
    /// <inheritdoc/>
    private protected override ImmutableArray<OperationKind> Kinds => [OperationKind.Throw, OperationKind.Invocation];

    /// <inheritdoc/>
    private protected override bool EverywhereInParts => true;

    /// <inheritdoc/>
    private protected override string? Check(IOperation operation) =>
        operation is IInvocationOperation call && !IsGuard(call.TargetMethod) || IsStub(operation) ? null :
        "a body runs after validation, on threads nobody catches for; a rule in the spec refuses the call before anything is written";

    /// <summary>Whether a method does nothing but throw, as <c>ArgumentNullException.ThrowIfNull</c> does.</summary>
    private static bool IsGuard(IMethodSymbol method)
    {
        for (INamedTypeSymbol? type = method.ContainingType; method.IsStatic && type is not null; type = type.BaseType)
            if (type is { Name: nameof(Exception), ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
                return true;
        return false;
    }

    /// <summary>A body that is not written yet says so.</summary>
    private static bool IsStub(IOperation operation) =>
        operation is IThrowOperation { Exception: { } exception }
            && (exception is IConversionOperation conversion
                ? conversion.Operand : exception).Type?.Name == nameof(NotImplementedException);
}
