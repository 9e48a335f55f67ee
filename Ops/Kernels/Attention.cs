using Ops.Kernels;
using Ops.Specs.Types;

namespace Ops;

public static unsafe partial class Attention
{
    private static partial void Compute<T, C>(in Args args, in Operand Q, in Operand K, in Operand V, in Operand attn_mask,
        in Operand past_key, in Operand past_value,
        in Operand nonpad_kv_seqlen, in Operand Y, in Operand present_key, in Operand present_value, in Operand qk_matmul_output)
        where T : unmanaged
        where C : unmanaged
    {
        int batches = (int)args.B, queryHeads = (int)args.Hq, keyHeads = (int)args.Hkv, past = (int)args.Past, added = (int)args.S,
            total = (int)args.Total;
        int depth = (int)args.E, valueDepth = (int)args.Ev, valueSize = V.Type.Bits() / 8;
        HeadRows keys = HeadRows.Of(K, sizeof(T), keyHeads, depth), pastKeys = HeadRows.Of(past_key, sizeof(T), keyHeads, depth);
        HeadRows values = HeadRows.Of(V, valueSize, keyHeads, valueDepth),
            pastValues = HeadRows.Of(past_value, valueSize, keyHeads, valueDepth);
        if (args.Haspresent_key)
        {
            KeyValueCopy.Run(pastKeys, keys, HeadRows.Of(present_key, sizeof(T), keyHeads, depth), past, added, batches, keyHeads,
                depth * sizeof(T));
            KeyValueCopy.Run(pastValues, values, HeadRows.Of(present_value, valueSize, keyHeads, valueDepth), past, added, batches,
                keyHeads, valueDepth * valueSize);
        }

        bool outside = !nonpad_kv_seqlen.IsAbsent, masked = !attn_mask.IsAbsent;

        // Version 23 has the mask's last axis among those that broadcast; later ones take a shorter mask as the beginning of a longer one.
        bool spreads = masked && args.m.Length == attn_mask.Dims.Length;
        var ranges = new KeyRanges
        {
            Keys = masked && !spreads ? (int)long.Min(total, args.W) : total,
            Queries = (int)args.L,
            Past = past,
            Valid = outside ? (long*)nonpad_kv_seqlen.Data : null,
            IsCausal = args.is_causal,
            Left = args.left_window_size,
            Right = args.right_window_size,
        };
        var problem = new AttentionProblem
        {
            Batches = batches,
            QueryHeads = queryHeads,
            KeyHeads = keyHeads,
            Queries = (int)args.L,
            Keys = total,
            Depth = depth,
            ValueDepth = valueDepth,
            Scale = args.scale,
            Ranges = ranges,
            Q = HeadRows.Of(Q, sizeof(T), queryHeads, depth),
            Y = HeadRows.Of(Y, sizeof(T), queryHeads, valueDepth),
            Scores = args.Hasqk_matmul_output ? HeadRows.Of(qk_matmul_output, sizeof(T), queryHeads, total) : default,
            ScoresWanted = (ScoreState)args.qk_matmul_output_mode,
        };
        var layout = new CacheThenNew(pastKeys, keys, pastValues, values, past, total);
        FusedAttention.Run<T, T, C, CacheThenNew>(problem, layout, args.softcap, attn_mask, spreads, V.Type);
    }
}
