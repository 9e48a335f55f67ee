using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>OPS1009: A vector body calls a scalar function.</summary>
/// <remarks>A function of numbers that are the same for all elements, such as attributes, is as it should be.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ScalarMathAnalyzer() : HotBodyAnalyzer(KernelRules.ScalarMath, vectorOnly: true)
{
    private const int MaxDepth = 16;

    /// <inheritdoc/>
    private protected override ImmutableArray<OperationKind> Kinds => [OperationKind.Invocation];

    /// <inheritdoc/>
    private protected override string? Check(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod: { IsStatic: true, ReturnType.SpecialType: SpecialType.System_Single
            or SpecialType.System_Double, ContainingType: { } type } method } call
        && IsScalar(type) && !method.Name.StartsWith("Create", StringComparison.Ordinal) && !call.Arguments.All(a => IsUniform(a.Value, 0))
            ? $"'{type.Name}.{method.Name}' takes one number at a time; V has the function for a whole vector" : null;

    private static bool IsScalar(INamedTypeSymbol type) =>
        type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true }
        && (type.Name is "Math" or "MathF" || type.SpecialType is SpecialType.System_Single or SpecialType.System_Double);

    /// <summary>Whether a value is the same for all elements, as far as one can see.</summary>
    private static bool IsUniform(IOperation value, int depth) => depth < MaxDepth && value switch
    {
        _ when value.Type is ITypeParameterSymbol => false,
        ILiteralOperation or IParameterReferenceOperation or IFieldReferenceOperation { Field.IsStatic: true } => true,
        ILocalReferenceOperation { Local: var local } => Initializer(local, value.SemanticModel) is { } initial
            && IsUniform(initial, depth + 1),
        IArrayElementReferenceOperation or IInvocationOperation { Arguments.Length: 0 } => false,
        IPropertyReferenceOperation { Arguments.Length: > 0 } => false,
        _ => value.ChildOperations.All(child => IsUniform(child, depth + 1)),
    };

    private static IOperation? Initializer(ILocalSymbol local, SemanticModel? model) =>
        local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } syntax
            && model?.GetOperation(syntax) is IVariableDeclaratorOperation { Initializer: { } initializer }
        && syntax.Parent?.Parent is not ForStatementSyntax ? initializer.Value : null;
}
