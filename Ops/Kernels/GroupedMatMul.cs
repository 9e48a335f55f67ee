using Ops.Kernels;

namespace Ops;

public static partial class GroupedMatMul
{
    private static partial void Compute<T>(in Args args, in Operand input, in Operand weights, in Operand group_indices, in Operand bias,
        in Operand output)
        where T : unmanaged => GroupedProduct.Run<T>(input, weights, group_indices, bias, output);

    private static partial PackedOperand?[] Pack(in Args args, in Operand input, in Operand weights, in Operand group_indices,
        in Operand bias) =>
        weights.IsAbsent ? [] : [null, ExpertWeights.Pack(weights, GroupedProduct.ColumnsOf(weights))];
}
