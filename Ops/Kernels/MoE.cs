using Ops.Kernels;

namespace Ops.Experimental;

public static partial class MoE
{
    internal readonly partial struct Args : IExpertArgs;

    private static partial void Compute<T>(in Args args, in Operand X, in Operand router_logits, in Operand w_in, in Operand w_out,
        in Operand b_in, in Operand b_out,
        in Operand selection_bias, in Operand Y, in Operand expert_indices, in Operand expert_weights)
        where T : unmanaged =>
        ExpertMixture.Of(args, X, router_logits, ExpertWeights.Fitting(w_in, ExpertMixture.ColumnsOf(args)), w_out, b_in, b_out,
            selection_bias, Y, expert_indices, expert_weights).Run<T>();

    private static partial PackedOperand?[] Pack(in Args args, in Operand X, in Operand router_logits, in Operand w_in, in Operand w_out,
        in Operand b_in, in Operand b_out, in Operand selection_bias) =>
        [
            null, null, w_in.IsAbsent ? null : ExpertWeights.Pack(w_in, ExpertMixture.ColumnsOf(args)),
            w_out.IsAbsent ? null : ExpertWeights.Pack(w_out, GroupedProduct.ColumnsOf(w_out)),
        ];
}
