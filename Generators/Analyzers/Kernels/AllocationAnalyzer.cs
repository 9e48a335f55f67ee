using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>OPS1004: A kernel's body allocates.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AllocationAnalyzer() : HotBodyAnalyzer(KernelRules.Allocates, vectorOnly: false)
{
    /// <inheritdoc/>
    private protected override ImmutableArray<OperationKind> Kinds =>
    [
        OperationKind.ObjectCreation, OperationKind.ArrayCreation, OperationKind.AnonymousObjectCreation, OperationKind.InterpolatedString,
        OperationKind.CollectionExpression, OperationKind.Binary, OperationKind.Loop, OperationKind.Invocation,
    ];

    /// <inheritdoc/>
    private protected override string? Check(IOperation operation) => operation switch
    {
        // An exception is what OPS1008 is about.
        IObjectCreationOperation { Type: { IsReferenceType: true } type } when !IsThrown(operation) => Say($"a {type.Name}"),
        IArrayCreationOperation { IsImplicit: false } => Say("an array"),
        IArrayCreationOperation { Parent: IArgumentOperation { ArgumentKind: ArgumentKind.ParamArray } } => Say("an array of arguments"),
        ICollectionExpressionOperation { Type: IArrayTypeSymbol } => Say("an array"),
        ICollectionExpressionOperation { Type: { IsReferenceType: true } type } => Say($"a {type.Name}"),
        IForEachLoopOperation loop when Unconverted(loop.Collection).Type is { TypeKind: TypeKind.Interface } => Say("an enumerator"),
        IInvocationOperation { Type.SpecialType: SpecialType.System_String } when !IsThrown(operation) => Say("text"),
        IAnonymousObjectCreationOperation => Say("an object"),
        IInterpolatedStringOperation { ConstantValue.HasValue: false } when !IsThrown(operation) => Say("text"),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String,
            ConstantValue.HasValue: false }
            when !IsThrown(operation) =>
            Say("text"),
        _ => null,
    };

    /// <inheritdoc/>
    private protected override IOperation PlaceOf(IOperation operation) =>
        operation is IForEachLoopOperation loop ? Unconverted(loop.Collection) : operation;

    private static IOperation Unconverted(IOperation operation) =>
        operation is IConversionOperation { IsImplicit: true } conversion ? conversion.Operand : operation;

    private static bool IsThrown(IOperation operation)
    {
        for (IOperation? at = operation.Parent; at is not null; at = at.Parent)
            if (at is IThrowOperation)
                return true;
        return false;
    }

    private static string Say(string what) =>
        $"this allocates {what} for every vector, row or part; take it out of the body, or take memory from Scratch";
}
