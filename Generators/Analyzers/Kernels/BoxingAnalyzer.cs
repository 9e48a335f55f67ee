using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>OPS1005: A kernel's body boxes a value.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BoxingAnalyzer() : HotBodyAnalyzer(KernelRules.Boxes, vectorOnly: false)
{
    /// <inheritdoc/>
    private protected override ImmutableArray<OperationKind> Kinds => [OperationKind.Conversion];

    /// <inheritdoc/>
    private protected override string? Check(IOperation operation) =>
        operation is IConversionOperation { Operand.Type: { } from, Type: { IsReferenceType: true } to, OperatorMethod: null }
        && (from.IsValueType || from is ITypeParameterSymbol { IsReferenceType: false })
        // Text is made of a number without an object.
        && operation.Parent is not IBinaryOperation { Type.SpecialType: SpecialType.System_String }
            ? $"this makes an object of '{Name(from)}' to pass it as '{Name(to)}'; generic code keeps it a value" : null;

    private static string Name(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
