using Ops.Simd;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Scaled dot-product attention in one pass over the keys, without a matrix of scores.</summary>
internal static unsafe class FusedAttention
{
    /// <summary>Fills the outputs of a problem.</summary>
    /// <param name="problem">The call.</param>
    /// <param name="layout">Where keys and values are.</param>
    /// <param name="softcap">The bound of the scores; 0 for none.</param>
    /// <param name="mask">The mask; may be absent.</param>
    /// <param name="spreads">Whether a mask's last axis of extent 1 stands for all keys.</param>
    /// <param name="valueType">The type of the values, which may differ from T.</param>
    /// <remarks>T is how queries and outputs are stored, S how keys are, C in what is computed: float or double.</remarks>
    public static void Run<T, S, C, L>(AttentionProblem problem, in L layout, double softcap, in Operand mask, bool spreads,
        ElementType valueType)
        where T : unmanaged
        where S : unmanaged
        where C : unmanaged
        where L : struct, IKeyValueLayout
    {
        if (problem.Batches == 0 || problem.QueryHeads == 0 || problem.Queries == 0) return;

        // Scores that are added to, or given back, must be as the op defines them.
        bool isFree = problem.Scores.IsAbsent && (mask.IsAbsent || mask.Type == ElementType.Bool);
        if (softcap == 0)
        {
            problem.Unit = isFree ? Constants.Log2E : 1;
            if (isFree) Masked<T, S, C, L, BinaryScore>(problem, layout, default, mask, spreads, valueType);
            else Masked<T, S, C, L, PlainScore>(problem, layout, default, mask, spreads, valueType);
        }
        else if (isFree && BinarySoftCap.Takes(softcap))
        {
            var cap = new BinarySoftCap(softcap);
            problem.Unit = cap.Unit;
            Masked<T, S, C, L, BinarySoftCap>(problem, layout, cap, mask, spreads, valueType);
        }
        else
        {
            Masked<T, S, C, L, SoftCap>(problem, layout, new SoftCap(softcap), mask, spreads, valueType);
        }
    }

    /// <summary>Fills the outputs of a problem without a mask, with scores modified.</summary>
    public static void Run<T, S, C, L, M>(AttentionProblem problem, in L layout, in M modifier, ElementType valueType)
        where T : unmanaged
        where S : unmanaged
        where C : unmanaged
        where L : struct, IKeyValueLayout
        where M : struct, IScoreModifier
    {
        if (problem.Batches == 0 || problem.QueryHeads == 0 || problem.Queries == 0) return;
        Wide<T, S, C, L, M, NoMask>(problem, layout, modifier, default, valueType);
    }

    private static void Masked<T, S, C, L, M>(AttentionProblem problem, in L layout, in M modifier, in Operand mask, bool spreads,
        ElementType valueType)
        where T : unmanaged
        where S : unmanaged
        where C : unmanaged
        where L : struct, IKeyValueLayout
        where M : struct, IScoreModifier
    {
        if (mask.IsAbsent) Wide<T, S, C, L, M, NoMask>(problem, layout, modifier, default, valueType);
        else if (mask.Type == ElementType.Bool)
            Wide<T, S, C, L, M, BoolMask>(problem, layout, modifier, new BoolMask(new MaskRows(mask, spreads)), valueType);
        else Wide<T, S, C, L, M, AddedMask<T>>(problem, layout, modifier, new AddedMask<T>(new MaskRows(mask, spreads)), valueType);
    }

    private static void Wide<T, S, C, L, M, K>(AttentionProblem problem, in L layout, in M modifier, in K mask, ElementType valueType)
        where T : unmanaged
        where S : unmanaged
        where C : unmanaged
        where L : struct, IKeyValueLayout
        where M : struct, IScoreModifier
        where K : struct, IScoreMask
    {
        switch (Isa.Level)
        {
            case IsaLevel.Bits512: Run<Simd512<C>, T, S, C, L, M, K>(problem, layout, modifier, mask, valueType); break;
            case IsaLevel.Bits256: Run<Simd256<C>, T, S, C, L, M, K>(problem, layout, modifier, mask, valueType); break;
            case IsaLevel.Bits128: Run<Simd128<C>, T, S, C, L, M, K>(problem, layout, modifier, mask, valueType); break;
            default: Run<Simd1<C>, T, S, C, L, M, K>(problem, layout, modifier, mask, valueType); break;
        }
    }

    private static void Run<V, T, S, C, L, M, K>(AttentionProblem problem, in L layout, in M modifier, in K mask, ElementType valueType)
        where V : struct, ISimd<V, C>
        where T : unmanaged
        where S : unmanaged
        where C : unmanaged
        where L : struct, IKeyValueLayout
        where M : struct, IScoreModifier
        where K : struct, IScoreMask
    {
        int units = checked(problem.Batches * problem.KeyHeads), threads = Workers.IsInside ? 1 : Workers.Count;
        var blocks = new RowBlocks(checked(problem.Queries * problem.Group), units, MicroKernel.MaxRows<V, C>(),
            (problem.Depth + problem.ValueDepth) * sizeof(C), threads);
        var body = new AttentionBody<V, T, S, C, L, M, K>(problem, layout, modifier, mask, valueType, blocks);
        int parts = checked(units * blocks.Count);
        if (body.ShouldSplit(parts, threads)) body.RunSplit(parts, threads);
        else if (body.ShouldJoin) body.RunJoined(threads);
        else Workers.Run(parts, ref body);
    }
}
