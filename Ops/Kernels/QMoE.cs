using Ops.Kernels;

namespace Ops.Experimental;

public static partial class QMoE
{
    internal readonly partial struct Args : IExpertArgs;

    private static partial void Compute<T>(in Args args, in Operand X, in Operand router_logits, in Operand w_in, in Operand w_in_scale,
        in Operand w_out,
        in Operand w_out_scale, in Operand b_in, in Operand b_out, in Operand selection_bias, in Operand w_in_zero_point,
        in Operand w_out_zero_point,
        in Operand Y, in Operand expert_indices, in Operand expert_weights)
        where T : unmanaged
    {
        using var weightsIn = QuantizedWeights.Of(w_in, w_in_scale, w_in_zero_point, (int)args.block_size, ExpertMixture.ColumnsOf(args));
        using var weightsOut = QuantizedWeights.Of(w_out, w_out_scale, w_out_zero_point, (int)args.block_size,
            GroupedProduct.ColumnsOf(w_out));
        ExpertMixture mixture = ExpertMixture.Of(args, X, router_logits, weightsIn.Operand, weightsOut.Operand, b_in, b_out, selection_bias,
            Y, expert_indices, expert_weights);
        mixture.MayQuantizeRows = args.accuracy == 4;
        mixture.Run<T>();
    }

    private static partial PackedOperand?[] Pack(in Args args, in Operand X, in Operand router_logits, in Operand w_in,
        in Operand w_in_scale, in Operand w_out, in Operand w_out_scale, in Operand b_in, in Operand b_out, in Operand selection_bias,
        in Operand w_in_zero_point, in Operand w_out_zero_point)
    {
        bool canPackIn = !w_in.IsAbsent && !w_in_scale.IsAbsent && w_in_zero_point.IsAbsent != args.Hasw_in_zero_point;
        bool canPackOut = !w_out.IsAbsent && !w_out_scale.IsAbsent && w_out_zero_point.IsAbsent != args.Hasw_out_zero_point;
        return
        [
            null, null,
            canPackIn ? QuantizedExperts.Of(w_in, w_in_scale, w_in_zero_point, (int)args.block_size, ExpertMixture.ColumnsOf(args))
                : null, null,
            canPackOut ? QuantizedExperts.Of(w_out, w_out_scale, w_out_zero_point, (int)args.block_size,
                GroupedProduct.ColumnsOf(w_out)) : null,
        ];
    }
}
