namespace Ops.Specs.Model;

/// <summary>What kinds and types of expressions are.</summary>
internal static class ExprKinds
{
    internal static bool IsTensor(this ExprKind kind) => kind is ExprKind.Tensor or ExprKind.RealTensor or ExprKind.AnyTensor;

    internal static bool IsNumeric(this ExprKind kind) => kind is ExprKind.Exact or ExprKind.Real || kind.IsTensor();

    /// <summary>Whether a value can be taken apart into elements: a list, or a tensor of one axis.</summary>
    internal static bool IsSequence(this ExprType type) => type.Depth > 0 || type.Kind.IsTensor();

    /// <summary>The type of one element of a sequence.</summary>
    internal static ExprType Element(this ExprType type) =>
        type.Depth > 0 ? type with { Depth = type.Depth - 1 } : new ExprType(type.Kind.Scalar());

    /// <summary>The type with a tensor as the list of its elements, which is what it is in C#.</summary>
    internal static ExprType Listed(this ExprType type) => type.Kind.IsTensor()
        ? new ExprType(type.Kind == ExprKind.RealTensor ? ExprKind.Real : ExprKind.Exact, type.Depth + 1) : type;

    /// <summary>One element of a tensor; of a tensor whose type only the call decides, that is such a tensor again.</summary>
    internal static ExprKind Scalar(this ExprKind kind) => kind switch
    {
        ExprKind.Tensor => ExprKind.Exact,
        ExprKind.RealTensor => ExprKind.Real,
        _ => kind,
    };
}
