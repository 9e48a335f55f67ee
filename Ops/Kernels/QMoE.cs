using Ops.Kernels;

namespace Ops.Experimental;

public static unsafe partial class QMoE
{
    private static partial void Compute<T>(in Args args, in Operand X, in Operand router_logits, in Operand w_in, in Operand w_in_scale, in Operand w_out,
        in Operand w_out_scale, in Operand b_in, in Operand b_out, in Operand selection_bias, in Operand w_in_zero_point, in Operand w_out_zero_point,
        in Operand Y, in Operand expert_indices, in Operand expert_weights)
        where T : unmanaged
    {
        GroupedColumns columns = ColumnsOf(args);
        using var weightsIn = QuantizedWeights.Of(w_in, w_in_scale, w_in_zero_point, (int)args.block_size, columns);
        using var weightsOut = QuantizedWeights.Of(w_out, w_out_scale, w_out_zero_point, (int)args.block_size, GroupedProduct.ColumnsOf(w_out));
        new ExpertMixture
        {
            X = X,
            Logits = router_logits,
            WeightsIn = weightsIn.Operand,
            WeightsOut = weightsOut.Operand,
            BiasIn = b_in,
            BiasOut = b_out,
            Router = new ExpertRouter
            {
                Experts = (int)args.G,
                Chosen = (int)args.k,
                Scoring = ExpertRouter.ScoringOf(args.scoring),
                Normalize = args.normalize,
                Scale = (float)args.routed_scale,
                Groups = (int)args.num_groups,
                TopGroups = (int)args.top_groups,
                BestOfGroup = (int)args.best,
                Bias = (float*)selection_bias.Data,
            },
            RouterGraph = args.router_mod,
            Activation = args.activation,
            Alpha = args.activation_alpha,
            Limit = args.activation_limit,
            ActivationGraph = args.activation_mod,
            Columns = columns,
            MayQuantizeRows = args.accuracy == 4,
            Y = Y,
            Indices = expert_indices,
            Shares = expert_weights,
        }.Run<T>();
    }

    private static partial PackedOperand?[] Pack(in Args args, in Operand X, in Operand router_logits, in Operand w_in, in Operand w_in_scale, in Operand w_out,
        in Operand w_out_scale, in Operand b_in, in Operand b_out, in Operand selection_bias, in Operand w_in_zero_point, in Operand w_out_zero_point)
    {
        bool canPackIn = !w_in.IsAbsent && !w_in_scale.IsAbsent && w_in_zero_point.IsAbsent != args.Hasw_in_zero_point;
        bool canPackOut = !w_out.IsAbsent && !w_out_scale.IsAbsent && w_out_zero_point.IsAbsent != args.Hasw_out_zero_point;
        return
        [
            null, null,
            canPackIn ? QuantizedExperts.Of(w_in, w_in_scale, w_in_zero_point, (int)args.block_size, ColumnsOf(args)) : null, null,
            canPackOut ? QuantizedExperts.Of(w_out, w_out_scale, w_out_zero_point, (int)args.block_size, GroupedProduct.ColumnsOf(w_out)) : null,
        ];
    }

    private static GroupedColumns ColumnsOf(in Args args) => new(checked((int)args.I), (int)args.F, args.F == 2 && args.glu_layout == "interleaved");
}
