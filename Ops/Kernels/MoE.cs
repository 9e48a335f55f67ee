using Ops.Kernels;

namespace Ops.Experimental;

public static unsafe partial class MoE
{
    private static partial void Compute<T>(in Args args, in Operand X, in Operand router_logits, in Operand w_in, in Operand w_out, in Operand b_in, in Operand b_out,
        in Operand selection_bias, in Operand Y, in Operand expert_indices, in Operand expert_weights)
        where T : unmanaged => new ExpertMixture
        {
            X = X,
            Logits = router_logits,
            WeightsIn = w_in,
            WeightsOut = w_out,
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
            Columns = ColumnsOf(args),
            Y = Y,
            Indices = expert_indices,
            Shares = expert_weights,
        }.Run<T>();

    private static partial PackedOperand?[] Pack(in Args args, in Operand X, in Operand router_logits, in Operand w_in, in Operand w_out, in Operand b_in, in Operand b_out,
        in Operand selection_bias) =>
        [
            null, null, w_in.IsAbsent ? null : ExpertWeights.Pack(w_in, ColumnsOf(args)),
            w_out.IsAbsent ? null : ExpertWeights.Pack(w_out, GroupedProduct.ColumnsOf(w_out)),
        ];

    private static GroupedColumns ColumnsOf(in Args args) => new(checked((int)args.I), (int)args.F, args.F == 2 && args.glu_layout == "interleaved");
}
