namespace Ops.Specs.Model;

/// <summary>What naming an attribute in an expression gives.</summary>
internal static class AttributeTypes
{
    public static ExprType Of(AttributeKind kind, bool isList)
    {
        ExprKind one = kind switch
        {
            AttributeKind.Int => ExprKind.Exact,
            AttributeKind.Float => ExprKind.Real,
            AttributeKind.String => ExprKind.String,
            AttributeKind.Bool => ExprKind.Bool,
            AttributeKind.Dtype => ExprKind.Dtype,
            AttributeKind.Tensor => ExprKind.AnyTensor,
            _ => ExprKind.Opaque,
        };
        return new ExprType(one, isList ? 1 : 0);
    }
}
