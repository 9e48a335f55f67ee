using Ops.Graphs;
using Ops.Modifiers;
using Ops.Simd;
using Ops.Specs.Types;
using System.Runtime.CompilerServices;

namespace Ops.Kernels;

/// <summary>Attention of the new tokens of several sequences over keys and values in pages.</summary>
internal readonly unsafe struct PagedSequences
{
    /// <summary>The queries, [tokens, query heads, depth], and the result.</summary>
    public required Operand Query { get; init; }

    /// <inheritdoc cref="Query"/>
    public required Operand Y { get; init; }

    /// <summary>The log of the sum of exponentials of each row; may be absent.</summary>
    public required Operand LogSums { get; init; }

    /// <summary>A logit for each query head that only adds to the sums; may be absent.</summary>
    public required Operand Sinks { get; init; }

    /// <summary>The pages of keys, with the new tokens, and of values.</summary>
    public required Operand Keys { get; init; }

    /// <inheritdoc cref="Keys"/>
    public required Operand Values { get; init; }

    /// <summary>What stored keys are multiplied by, and values.</summary>
    public required HeadScales KeyScales { get; init; }

    /// <inheritdoc cref="KeyScales"/>
    public required HeadScales ValueScales { get; init; }

    /// <summary>The first token of each sequence, and the end.</summary>
    public required Operand Starts { get; init; }

    /// <summary>The keys of each sequence.</summary>
    public required Operand Lengths { get; init; }

    /// <summary>The pages of each sequence.</summary>
    public required Operand Table { get; init; }

    /// <summary>The factor of the scores.</summary>
    public required double Scale { get; init; }

    /// <summary>The bound of the scores; 0 for none.</summary>
    public required double Softcap { get; init; }

    /// <summary>Whether a token sees no later one.</summary>
    public required bool IsCausal { get; init; }

    /// <summary>How many tokens before its own a token sees; negative for all.</summary>
    public required long Left { get; init; }

    /// <summary>What modifies the scores of each sequence; null for nothing.</summary>
    public required AttentionModifiers?[]? Modifiers { get; init; }

    /// <summary>Pages as they were, unless the caller lets them change where they are.</summary>
    public static void Copy(in Operand from, in Operand to)
    {
        long bytes = from.Length * from.Type.Bits() / 8;
        if (from.Data != to.Data) Buffer.MemoryCopy(from.Data, to.Data, bytes, bytes);
    }

    /// <summary>Compiles the graph that modifies scores, for each sequence with new tokens.</summary>
    /// <exception cref="Specs.OpException">It is no functor; the rule is <see cref="Coverage.NotFused"/>.</exception>
    public static AttentionModifiers?[] Compile(Graph graph, int heads, in Operand starts, in Operand lengths)
    {
        var modifiers = new AttentionModifiers?[lengths.Dims[0]];
        for (int sequence = 0; sequence < modifiers.Length; sequence++)
        {
            int tokens = ((int*)starts.Data)[sequence + 1] - ((int*)starts.Data)[sequence];
            if (tokens > 0)
                modifiers[sequence] = ModifierCache.GetForSequence("PagedAttention",
                    new ModifierCall(1, heads, tokens, ((int*)lengths.Data)[sequence], ElementType.Float, ElementType.Float), graph);
        }

        return modifiers;
    }

    /// <summary>Fills the result. T is how queries are stored, S how keys and values are, C in what is computed.</summary>
    public void Run<T, S, C>()
        where T : unmanaged
        where S : unmanaged
        where C : unmanaged
    {
        int queryHeads = (int)Query.Dims[1], keyHeads = (int)Keys.Dims[1], depth = (int)Keys.Dims[3], valueDepth = (int)Values.Dims[3];
        int* starts = (int*)Starts.Data, lengths = (int*)Lengths.Data;
        nint bytes = nint.Max(64, int.Max(depth, valueDepth) * sizeof(S));
        using PackingBuffer zeros = PackingBuffer.Rent(bytes);
        new Span<byte>(zeros.Data, (int)bytes).Clear();
        for (int sequence = 0; sequence < Lengths.Dims[0]; sequence++)
        {
            int first = starts[sequence], tokens = starts[sequence + 1] - first, keys = lengths[sequence];
            if (tokens == 0) continue;
            var problem = new AttentionProblem
            {
                Batches = 1,
                QueryHeads = queryHeads,
                KeyHeads = keyHeads,
                Queries = tokens,
                Keys = keys,
                Depth = depth,
                ValueDepth = valueDepth,
                Scale = Scale,
                KeyScales = KeyScales,
                ValueScales = ValueScales,
                Blind = BlindRows.OfScores,
                Sinks = (float*)Sinks.Data,
                LogSums = LogSums.IsAbsent ? null : (float*)LogSums.Data + (nint)first * queryHeads,
                Ranges = new KeyRanges
                {
                    Keys = keys,
                    Queries = tokens,
                    Past = keys - tokens,
                    IsCausal = IsCausal,
                    Left = Left,
                    Right = -1
                },
                Q = HeadRows.OfTokens(Query, sizeof(T), first, queryHeads, depth),
                Y = HeadRows.OfTokens(Y, sizeof(T), first, queryHeads, valueDepth),
            };
            var layout = new PagedCache(Keys, Values, (int*)Table.Data + sequence * (nint)Table.Dims[1], zeros.Data, sizeof(S));
            AttentionModifiers? modifiers = Modifiers?[sequence];
            if (modifiers?.Scores is null)
                FusedAttention.Run<T, S, C, PagedCache>(problem, layout, Softcap, Operand.Absent, false, Values.Type);
            else if (modifiers.IsDouble) RunModified<T, S, double>(problem, layout, modifiers);
            else RunModified<T, S, C>(problem, layout, modifiers);
            GC.KeepAlive(modifiers);
        }
    }

    private void RunModified<T, S, C>(AttentionProblem problem, in PagedCache layout, AttentionModifiers modifiers)
        where T : unmanaged
        where S : unmanaged
        where C : unmanaged
    {
        if (Softcap == 0)
            FusedAttention.Run<T, S, C, PagedCache, TileModifier>(problem, layout, new TileModifier(modifiers, problem.Keys), Values.Type);
        else
            FusedAttention.Run<T, S, C, PagedCache, CappedModifier>(problem, layout,
                new CappedModifier(new TileModifier(modifiers, problem.Keys), new SoftCap(Softcap)), Values.Type);
    }
}

/// <summary>A modifier, and a softcap after it. No key is left out: a bounded score is never -inf.</summary>
internal readonly unsafe struct CappedModifier(TileModifier modifier, SoftCap cap) : IScoreModifier
{
    private readonly TileModifier _modifier = modifier;
    private readonly SoftCap _cap = cap;

    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    public static bool IsTile => true;

    /// <inheritdoc/>
    public long WorkBytes<V, C>()
        where V : struct, ISimd<V, C>
        where C : unmanaged => _modifier.WorkBytes<V, C>();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Modify<V, C>(ref RowPanel<C> panel, int batch, C* scores, C* lanes, byte* work)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        _modifier.Modify<V, C>(ref panel, batch, scores, lanes, work);
        var all = (RowPanel<C>*)Unsafe.AsPointer(ref panel);
        for (int row = 0; row < panel.Rows; row++) ScorePass<V, C>.Modify(new Capped<V, C>(_cap), all, row, scores, lanes);
        if (!panel.SeesAll(2 * V.Count)) ScorePass<V, C>.Hide(all, scores, lanes);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged => _cap.Apply<V, C>(score, batch, head, query, firstKey, keys);

    private readonly struct Capped<V, C>(SoftCap cap) : IScoreRow<V, C>
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        private readonly SoftCap _cap = cap;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply(V score, int firstKey, V keys) => _cap.Apply<V, C>(score, 0, 0, 0, firstKey, keys);
    }
}
