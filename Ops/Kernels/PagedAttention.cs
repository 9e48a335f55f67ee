using Ops.Kernels;
using Ops.Modifiers;
using Ops.Specs.Types;

namespace Ops.Experimental;

public static unsafe partial class PagedAttention
{
    private static partial void Compute<T, C>(in Args args, in Operand query, in Operand key, in Operand value, in Operand key_cache,
        in Operand value_cache,
        in Operand query_start, in Operand seq_lens, in Operand page_table, in Operand slot_mapping, in Operand k_scale, in Operand v_scale,
        in Operand sinks,
        in Operand Y, in Operand key_cache_out, in Operand value_cache_out, in Operand lse)
        where T : unmanaged
        where C : unmanaged
    {
        // What could still be refused comes before anything is written.
        AttentionModifiers?[]? modifiers = args.score_mod is null
            ? null : PagedSequences.Compile(args.score_mod.Graph, (int)args.Hq, query_start, seq_lens);
        HeadScales keyScales = new(k_scale), valueScales = new(v_scale);
        PagedSequences.Copy(key_cache, key_cache_out);
        PagedSequences.Copy(value_cache, value_cache_out);
        CacheWrite.Run(key, key_cache_out, keyScales, (long*)slot_mapping.Data);
        CacheWrite.Run(value, value_cache_out, valueScales, (long*)slot_mapping.Data);
        var sequences = new PagedSequences
        {
            Query = query,
            Y = Y,
            LogSums = lse,
            Sinks = sinks,
            Keys = key_cache_out,
            Values = value_cache_out,
            KeyScales = keyScales,
            ValueScales = valueScales,
            Starts = query_start,
            Lengths = seq_lens,
            Table = page_table,
            Scale = args.scale,
            Softcap = args.softcap,
            IsCausal = args.is_causal,
            Left = args.left_window_size,
            Modifiers = modifiers,
        };
        if (key_cache.Type == ElementType.Int8) sequences.Run<T, sbyte, C>();
        else sequences.Run<T, T, C>();
    }
}
