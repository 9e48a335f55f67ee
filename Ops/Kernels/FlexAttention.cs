using Ops.Kernels;
using Ops.Modifiers;

namespace Ops.Preview
{
    public static partial class FlexAttention
    {
        private static partial void Compute<T, C>(in Args args, in Operand Q, in Operand K, in Operand V, in Operand Y)
            where T : unmanaged
            where C : unmanaged =>
            ModifiedAttention.Run<T, C>("FlexAttention", new ModifierCall(args.B, args.Hq, args.L, args.S, args.T1, args.P), args.score_mod?.Graph, args.prob_mod?.Graph, [], args.scale, BlindRows.None, Q, K, V, Y);
    }
}

namespace Ops.Experimental
{
    public static partial class FlexAttention
    {
        private static partial void Compute<T, C>(in Args args, in Operand Q, in Operand K, in Operand V, ReadOnlySpan<Operand> captures, in Operand Y)
            where T : unmanaged
            where C : unmanaged =>
            ModifiedAttention.Run<T, C>("FlexAttention", new ModifierCall(args.B, args.Hq, args.L, args.S, args.T1, args.P), args.score_mod?.Graph, args.prob_mod?.Graph, captures, args.scale,
                args.masked_row_zero ? BlindRows.OfScores : BlindRows.None, Q, K, V, Y);
    }
}
