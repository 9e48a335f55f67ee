using System.Runtime.CompilerServices;
using Ops.Graphs;
using Ops.Modifiers;
using Ops.Simd;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>How scores come from the logits of a router.</summary>
internal enum RouterScoring
{
    /// <summary>Softmax over all experts.</summary>
    Softmax,

    /// <summary>The logits themselves; the weights are the softmax over the chosen ones.</summary>
    SoftmaxOfChosen,

    /// <summary>The logistic function of each logit.</summary>
    Sigmoid,
}

/// <summary>Chooses the experts of each token, in float.</summary>
/// <remarks>
/// A selection bias steers the choice and never the weights. Ties, of experts and of groups, go to the lower index; a NaN counts as
/// greater than all else. A token's choice depends on its own logits only.
/// </remarks>
internal readonly unsafe struct ExpertRouter
{
    /// <summary>Tokens that one part of the work has at least.</summary>
    private const int MinTokens = 64;

    /// <summary>Logits that a graph changes at once.</summary>
    private const int Strip = 1024;

    /// <summary>Changes the logits; null for nothing.</summary>
    public required GraphAttribute? Graph { get; init; }

    public required int Experts { get; init; }

    public required int Chosen { get; init; }

    public required RouterScoring Scoring { get; init; }

    /// <summary>Whether weights are divided by their sum.</summary>
    public required bool Normalize { get; init; }

    /// <summary>The factor of all weights.</summary>
    public required float Scale { get; init; }

    /// <summary>Equal groups of consecutive experts.</summary>
    public required int Groups { get; init; }

    /// <summary>How many groups, the best ones, stay eligible.</summary>
    public required int TopGroups { get; init; }

    /// <summary>How many of a group's best experts make its score, by their sum.</summary>
    public required int BestOfGroup { get; init; }

    /// <summary>What is added to the scores for the choice, or null.</summary>
    public required float* Bias { get; init; }

    /// <summary>What the attribute's text means.</summary>
    public static RouterScoring ScoringOf(string scoring) => scoring switch
    {
        "sigmoid" => RouterScoring.Sigmoid,
        "softmax_topk" => RouterScoring.SoftmaxOfChosen,
        _ => RouterScoring.Softmax,
    };

    /// <summary>Chooses.</summary>
    /// <param name="tokens">How many tokens.</param>
    /// <param name="logits">[tokens, Experts]; changed by the graph.</param>
    /// <param name="indices">[tokens, Chosen], receives the experts, best first.</param>
    /// <param name="weights">[tokens, Chosen], receives how much each counts.</param>
    public void Run(int tokens, float* logits, long* indices, float* weights)
    {
        switch (Isa.Level)
        {
            case IsaLevel.Bits512: Run<Simd512<float>>(tokens, logits, indices, weights); break;
            case IsaLevel.Bits256: Run<Simd256<float>>(tokens, logits, indices, weights); break;
            case IsaLevel.Bits128: Run<Simd128<float>>(tokens, logits, indices, weights); break;
            default: Run<Simd1<float>>(tokens, logits, indices, weights); break;
        }
    }

    private void Run<V>(int tokens, float* logits, long* indices, float* weights)
        where V : struct, ISimd<V, float>
    {
        if (Graph is { Graph: var graph }) Change<V>(graph, logits, tokens);
        int parts = int.Max(1, int.Min(tokens / MinTokens, 4 * Workers.Count));
        var body = new Body<V>(this, tokens, parts, logits, indices, weights);
        if (parts == 1) body.Run(0);
        else Workers.Run(parts, ref body);
    }

    /// <summary>Lets the graph change the logits: compiled where it looks at one element at a time, else as it is.</summary>
    private void Change<V>(Graph graph, float* logits, int tokens)
        where V : struct, ISimd<V, float>
    {
        var all = new Span<float>(logits, checked(tokens * Experts));
        if (ExpertProgram<V>.Of(graph, ElementType.Float, Experts) is not { } program)
        {
            TensorValue changed = TensorValue.Allocate(ElementType.Float, [tokens, Experts]);
            all.CopyTo(changed.Span<float>());
            GraphFunction.Run(Graph!, changed).Span<float>().CopyTo(all);
            return;
        }
        int whole = all.Length / Strip * Strip;
        for (int i = 0; i < whole; i += Strip) program.Run(logits + i, null, Strip);
        Span<float> rest = all[whole..];
        if (rest.IsEmpty) return;
        float* padded = stackalloc float[Strip];
        new Span<float>(padded, Strip).Clear();
        rest.CopyTo(new Span<float>(padded, Strip));
        program.Run(padded, null, (rest.Length + 2 * V.Count - 1) / (2 * V.Count) * (2 * V.Count));
        new Span<float>(padded, rest.Length).CopyTo(rest);
    }

    private readonly struct Body<V>(ExpertRouter router, int tokens, int parts, float* logits, long* indices,
        float* weights) : IParallelBody
        where V : struct, ISimd<V, float>
    {
        public void Run(int part)
        {
            int experts = router.Experts, chosen = router.Chosen;
            using var scratch = Scratch.Rent((2L * experts + 2L * router.Groups) * sizeof(float));
            float* scores = (float*)scratch.Data, choice = scores + experts, groups = choice + experts;
            for (int token = (int)((long)tokens * part / parts); token < (int)((long)tokens * (part + 1) / parts); token++)
                router.Route<V>(new(logits + (nint)token * experts, experts), new(scores, experts), new(choice, experts),
                    new(groups, 2 * router.Groups),
                    new(indices + (nint)token * chosen, chosen), new(weights + (nint)token * chosen, chosen));
        }
    }

    private void Route<V>(ReadOnlySpan<float> logits, Span<float> scores, Span<float> choice, Span<float> groups, Span<long> indices,
        Span<float> weights)
        where V : struct, ISimd<V, float>
    {
        switch (Scoring)
        {
            case RouterScoring.Softmax: Softmax<V>(logits, scores); break;
            case RouterScoring.Sigmoid: RowMath.Map<V, float, SigmoidMap>(default, logits, scores); break;
            default: logits.CopyTo(scores); break;
        }
        if (Bias == null) scores.CopyTo(choice);
        else RowMath.Add<V, float>(scores, new ReadOnlySpan<float>(Bias, Experts), choice);
        if (Groups > 1) CloseGroups(choice, groups[..Groups], groups[Groups..]);
        for (int j = 0; j < indices.Length; j++)
        {
            int best = Best(choice, indices[..j]);
            indices[j] = best;
            weights[j] = scores[best];
        }
        if (Scoring == RouterScoring.SoftmaxOfChosen) Softmax<V>(weights, weights);
        if (Normalize)
        {
            float sum = RowMath.Sum<V, float>(weights);
            foreach (ref float weight in weights) weight /= sum;
        }
        foreach (ref float weight in weights) weight *= Scale;
    }

    /// <summary>Takes the experts outside the best groups out of the choice.</summary>
    private void CloseGroups(Span<float> choice, Span<float> scores, Span<float> open)
    {
        int size = Experts / Groups;
        Span<long> found = stackalloc long[2];
        for (int group = 0; group < Groups; group++)
        {
            ReadOnlySpan<float> members = choice.Slice(group * size, size);
            float sum = 0;
            for (int i = 0; i < BestOfGroup; i++)
            {
                found[i] = Best(members, found[..i]);
                sum += members[(int)found[i]];
            }
            scores[group] = sum;
        }
        open.Clear();
        for (int i = 0; i < TopGroups; i++)
        {
            int best = -1;
            for (int group = 0; group < Groups; group++)
                if (open[group] == 0 && (best < 0 || IsGreater(scores[group], scores[best]))) best = group;
            open[best] = 1;
        }
        for (int group = 0; group < Groups; group++)
            if (open[group] == 0) choice.Slice(group * size, size).Fill(float.NegativeInfinity);
    }

    /// <summary>The place of the greatest value that is not taken, the first of equal ones.</summary>
    private static int Best(ReadOnlySpan<float> values, ReadOnlySpan<long> taken)
    {
        int best = -1;
        for (int i = 0; i < values.Length; i++)
            if ((best < 0 || IsGreater(values[i], values[best])) && !taken.Contains(i)) best = i;
        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsGreater(float left, float right) => left > right || (float.IsNaN(left) && !float.IsNaN(right));

    private static void Softmax<V>(ReadOnlySpan<float> x, Span<float> y)
        where V : struct, ISimd<V, float>
    {
        float sum = RowMath.ExpSum<V, float>(x, RowMath.MaxNumber<V, float>(x), y);
        RowMath.Scale<V, float>(y, V.First(V.Constant(1) / V.Create(sum)), y);
    }

    private readonly struct SigmoidMap : IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, T>(V x)
            where V : struct, ISimd<V, T>
            where T : unmanaged => Activations.Sigmoid<V, T>(x);
    }
}
