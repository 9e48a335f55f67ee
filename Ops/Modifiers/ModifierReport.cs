using Ops.Graphs;
using Ops.Kernels;
using Ops.Simd;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Modifiers;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Modifiers;

/// <summary>What became of the graphs that a node gives as modifiers.</summary>
public sealed record ModifierReport
{
    /// <summary>The tier, 0 to 4; 4 runs as the op's body.</summary>
    public required int Tier { get; init; }

    /// <summary>Whether the kernel runs all the same, and the graph beside it.</summary>
    public bool RunsBesideKernel { get; init; }

    /// <summary>What the activation of an expert is, in terms of its inputs; null where the graph is not fused or not given.</summary>
    public string? Activation { get; init; }

    /// <summary>What the logit of an expert becomes, in terms of the logit z; null where the graph is not fused or not given.</summary>
    public string? Router { get; init; }

    /// <summary>Why, one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>What the modified score is, in terms of the score s at batch b, head h, query i and key j; null where the graph is not
    /// fused or not given.</summary>
    public string? Score { get; init; }

    /// <summary>What the modified probability is, in the same terms.</summary>
    public string? Probability { get; init; }

    /// <summary>The tests of positions that tiles decide as a whole.</summary>
    public IReadOnlyList<string> Tests { get; init; } = [];

    /// <summary>How many tiles there are: rows worked on together, times cells of 256 keys; of a few sequences and heads where these see
    /// different keys, and of one otherwise.</summary>
    public long Tiles { get; init; }

    /// <summary>Tiles that are left out.</summary>
    public long Empty { get; init; }

    /// <summary>Tiles in which every row sees every key that is left.</summary>
    public long Full { get; init; }

    /// <summary>The share of the scores that is never computed, tiles being cut to groups of keys.</summary>
    public double Skipped { get; init; }

    /// <summary>The estimated time, as a multiple of the same attention without modifiers; null where the graph is not fused.</summary>
    public double? Cost { get; init; }

    /// <summary>Explains a node; null if no attribute of it modifies scores, probabilities, activations or a router.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inputs">What is known of its inputs, by position.</param>
    /// <param name="constants">The inputs whose content is known, by name; null for none.</param>
    public static ModifierReport? Of(Node node, IReadOnlyList<TensorType?> inputs,
        IReadOnlyDictionary<string, TensorValue>? constants = null)
    {
        ModifierReport? activation = node.Attributes.Find("activation_mod") is Graph a ? OfActivation(a, inputs) : null;
        ModifierReport? router = node.Attributes.Find("router_mod") is Graph r ? OfRouter(r, inputs) : null;
        if (activation is not null && router is not null)
        {
            return activation with
            {
                Tier = Math.Max(activation.Tier, router.Tier), RunsBesideKernel = activation.RunsBesideKernel || router.RunsBesideKernel,
                Reason = $"{activation.Reason}; {router.Reason}", Router = router.Router,
            };
        }
        if ((activation ?? router) is { } expert)
            return expert;
        if (node.Op == "PagedAttention" && node.Attributes.Find("score_mod") is Graph)
            return new ModifierReport
            {
                Tier = 1,
                Reason = "the extents of each sequence are known only in a call, which decides how score_mod runs"
            };
        var scores = node.Attributes.Find("score_mod") as Graph;
        var probabilities = node.Attributes.Find("prob_mod") as Graph;
        if (scores is null && probabilities is null || inputs.Count < 3)
            return null;
        Graph[] graphs = [.. new[] { scores, probabilities }.OfType<Graph>()];
        ModifierReport? refused = null;
        foreach (long length in AssumedExtents.Lengths)
        {
            var extents = new AssumedExtents(inputs, graphs, length);
            if (OfExtents(node, scores, probabilities, extents.Inputs, constants) is not { } report)
                break;
            if (report.Tier < 4 || !extents.Any)
                return report with { Reason = report.Reason + extents.Told };
            if (graphs.All(g => AssumedExtents.Fit(g, ScoresOf(node, extents.Inputs), extents.Inputs.Skip(3))))
                refused ??= report;
        }
        return refused ?? new ModifierReport
        {
            Tier = 1,
            Reason = "the extents of the inputs are known only in a call, which decides how it runs; give them (--dim NAME=N)"
        };
    }

    private static ElementType Precision(Node node, ElementType type) =>
        node.Attributes.Dtype("softmax_precision") ?? (type == ElementType.Double ? type : ElementType.Float);

    private static TensorType ScoresOf(Node node, IReadOnlyList<TensorType?> inputs)
    {
        Seq<Dim> queries = inputs[0]!.Shape, keys = inputs[1]!.Shape;
        return new TensorType(Precision(node, inputs[0]!.Element),
            Seq.Of(queries.Items[0], queries.Items[1], queries.Items[2], keys.Items[2]));
    }

    /// <summary>Explains attention whose inputs are known; null if they are not.</summary>
    private static ModifierReport? OfExtents(Node node, Graph? scores, Graph? probabilities, IReadOnlyList<TensorType?> inputs,
        IReadOnlyDictionary<string, TensorValue>? constants)
    {
        if (Dims(inputs[0]) is not [var batches, var heads, var queries, var depth] || Dims(inputs[1]) is not [_, var keyHeads, var keys, _]
            || Dims(inputs[2]) is not [.., var valueDepth] || inputs[0]!.Element == ElementType.Undefined)
            return null;
        ElementType type = inputs[0]!.Element;
        var call = new ModifierCall(batches, heads, queries, keys, type, Precision(node, type));
        try
        {
            int group = keyHeads == 0 ? 1 : (int)(heads / keyHeads);
            if (inputs.Count == 3)
                return Of(call, ModifierCache.Get(node.Op, call, scores, probabilities), group, depth + valueDepth);
            (ElementType, long[]?)[] captures = [.. inputs.Skip(3).Select(i => (i?.Element ?? default, Dims(i)))];
            TensorValue?[] known = [.. node.Inputs.Skip(3).Select(name => constants?.GetValueOrDefault(name))];
            if (known.All(c => c is not null))
            {
                var (modifiers, operands) = ModifierCache.Bind(node.Op, call, scores, probabilities, Array.ConvertAll(known, OperandOf));
                ModifierReport report = Of(call, modifiers, group, depth + valueDepth, operands);
                GC.KeepAlive(known);
                return report;
            }
            if (captures.Any(c => c.Item2 is null))
                return new ModifierReport
                {
                    Tier = 1,
                    Reason = "the extents of what is captured are known only in a call, which decides how it runs"
                };
            return OfCaptures(call, scores, probabilities, [.. captures.Select(c => (c.Item1, c.Item2!))], group, depth + valueDepth);
        }
        catch (OpException e) when (e.Rule == Coverage.NotFused)
        {
            return new ModifierReport { Tier = 4, Reason = e.Message };
        }
    }

    private static unsafe Operand OperandOf(TensorValue? value) => new((byte*)value!.Pointer, value.Type, value.Dims);

    /// <summary>As <see cref="Of(ModifierCall, AttentionModifiers, int, long, CallOperands)"/>, without what the content of captures
    /// decides.</summary>
    private static ModifierReport OfCaptures(ModifierCall call, Graph? scores, Graph? probabilities, (ElementType Type, long[] Dims)[] captures,
        int group, long depths)
    {
        try
        {
            AttentionModifiers modifiers = Compiled(hasInfinities: false);
            ModifierReport report = Of(call, modifiers, group, depths);
            return modifiers.Tier is not (ModifierTier.Pointwise or ModifierTier.Selective) ? report
                : modifiers.Scores is { IsMask: true }
                ? report with { Reason = "positions and what is captured make scores -inf; each call finds the tiles that it leaves out" }
                : Compiled(hasInfinities: true).Scores is { IsMask: true }
                ? report with
                {
                    Tier = (int)ModifierTier.Pointwise,
                    Reason = "a function of the score, its position and what is captured; each call leaves out tiles where that is -inf",
                }
                : report with
                {
                    Tier = (int)ModifierTier.Pointwise, Reason = "a function of the score, its position and what is captured",
                };
        }
        catch (ModifierException e)
        {
            return new ModifierReport
            {
                Tier = 1,
                Reason = $"each call decides how it runs, as it depends on what captures hold ({e.Message})"
            };
        }

        AttentionModifiers Compiled(bool hasInfinities)
        {
            try
            {
                return AttentionModifiers.Of(call, scores, probabilities, CaptureSignature.OfTypes(captures, hasInfinities).ToTensors());
            }
            catch (ModifierException) when (CapturedParts.Of(scores, probabilities, captures.Length) is { } parts
                && parts.Infer(captures) is { } results)
            {
                return AttentionModifiers.Of(call, parts.Scores, parts.Probabilities,
                    CaptureSignature.OfTypes([.. captures, .. results], hasInfinities).ToTensors());
            }
        }
    }

    private static ModifierReport OfActivation(Graph activation, IReadOnlyList<TensorType?> inputs)
    {
        // X is the first input; both weights stand after the logits, with the scales of quantised ones between, and w_out is [G, I, H].
        long columns = inputs.Skip(3).Select(Dims).FirstOrDefault(d => d is { Length: 3 })?[1] ?? 1;
        try
        {
            return new ModifierReport
            {
                Tier = 1,
                Reason = "a function of the elements in one place, run on tiles between the two products",
                Activation = ExpertProgram<Simd1<float>>.Explain(activation,
                    inputs.Count > 0 && inputs[0] is { } x ? x.Element : ElementType.Float, columns, "gate", "up"),
            };
        }
        catch (ModifierException e)
        {
            return new ModifierReport
            {
                Tier = 4,
                Reason = $"activation_mod runs as a graph of its own between the two products: {e.Message}",
                RunsBesideKernel = true
            };
        }
    }

    private static ModifierReport OfRouter(Graph router, IReadOnlyList<TensorType?> inputs)
    {
        long experts = inputs.Count > 1 && Dims(inputs[1]) is [_, var all] ? all : 1;
        try
        {
            return new ModifierReport
            {
                Tier = 1, Reason = "a function of each logit, run before experts are chosen", Router =
                    ExpertProgram<Simd1<float>>.Explain(router, ElementType.Float, experts, "z"),
            };
        }
        catch (ModifierException e)
        {
            return new ModifierReport
            {
                Tier = 4,
                Reason = $"router_mod runs as a graph of its own on the logits: {e.Message}",
                RunsBesideKernel = true
            };
        }
    }

    private static long[]? Dims(TensorType? type) =>
        type is { Shape.IsKnown: true } && type.Shape.Items.ToArray() is var dims && dims.All(d => d.IsKnown)
            ? Array.ConvertAll(dims, d => d.Value) : null;

    private static ModifierReport Of(ModifierCall call, AttentionModifiers modifiers, int group, long depths, CallOperands? operands = null)
    {
        var report = new ModifierReport
        {
            Tier = (int)modifiers.Tier,
            Reason = modifiers.Tier switch
            {
                ModifierTier.Identity => "nothing changes",
                ModifierTier.Pointwise => Pointwise,
                ModifierTier.Selective => "positions alone make scores -inf, so that tiles are left out or need no test",
                _ => "numbers of whole rows, so that keys are gone over again",
            },
            Score = modifiers.Scores?.Root.ToString(),
            Probability = modifiers.Probabilities?.Root.ToString(),
            Tests = [.. modifiers.Scores?.Tests.Select(t => t.ToString()) ?? []],
        };
        // Cycles of a vector of 16 scores: of the two products, and of the exponential with the passes around it.
        double plain = depths / 2.0 + 10, work = modifiers.Scores is null || modifiers.Keys is not null ? 0 : Cycles(modifiers.Scores[0]);
        int passes = 1;
        if (modifiers.Probabilities is not null)
        {
            passes += 1 + modifiers.Reductions.Count;
            work += Cycles(modifiers.Probabilities[0]) + modifiers.Reductions.Sum(r => Cycles(r[0]));
        }
        double skipped = 0;
        if (modifiers.Scores is { } scores && (modifiers.Operands is null || operands is not null)
            && call is { Batches: > 0, Queries: > 0, Keys: > 0 })
        {
            (report, skipped, double tested) = Count(report, call, scores, group, operands);
            if (modifiers.Keys is null && skipped < 1) work += tested - Cycles(scores[0]);
            // What infinities there could have been, there are none.
            if (modifiers.Tier == ModifierTier.Selective && report.Tiles > 0 && report.Full == report.Tiles)
                report = report with { Tier = (int)ModifierTier.Pointwise, Reason = Pointwise };
        }
        double cost = (plain + (passes - 1) * (plain / 2) + work) / plain * (1 - skipped);
        return report with { Cost = Math.Round(cost, 3), Skipped = Math.Round(skipped, 4) };
    }

    private const string Pointwise = "a function of the score and its position";

    /// <summary>About how many tiles of a head are looked at; of more, evenly spread ones stand for the rest.</summary>
    private const long MaxTiles = 1 << 18;

    /// <summary>Beyond so many rows nothing is counted.</summary>
    private const long LargestCount = int.MaxValue;

    private static (ModifierReport Report, double Skipped, double Work) Count(ModifierReport report, ModifierCall call, CompiledModifier scores,
        int group, CallOperands? operands)
    {
        const int Rows = 14, Cell = 256, Step = 32, MaxBatches = 4, MaxHeads = 4;
        long tiles = 0, empty = 0, full = 0;
        double seen = 0, all = 0, work = 0;
        if ((double)call.Queries * group > LargestCount || call.Keys > LargestCount / Cell) return (report, 0, Cycles(scores[0]));
        long rows = call.Queries * group, cells = (call.Keys + Cell - 1) / Cell,
            stride = Rows * Math.Max(1, (rows + Rows - 1) / Rows * cells / MaxTiles);
        int batches = scores.UsesBatch ? (int)Math.Min(call.Batches, MaxBatches) : 1;
        long heads = scores.UsesHead ? Math.Min(call.Heads, (long)MaxHeads * group) : 1;
        for (int batch = 0; batch < batches; batch++)
            for (long head = 0; head < heads; head += group)
                for (long row = 0; row < rows; row += stride)
                {
                    var queries = new Interval(row / group, (Math.Min(row + Rows, rows) - 1) / group);
                    for (long key = 0; key < call.Keys; key += Cell)
                    {
                        int low = (int)key, high = (int)Math.Min(key + Cell, call.Keys), number = scores.Select(batch,
                            new Interval(head, head + group - 1), queries, ref low, ref high, Step, operands, out bool isFull);
                        tiles++;
                        all += Math.Min(Cell, call.Keys - key);
                        if (number < 0)
                        {
                            empty++;
                            continue;
                        }
                        seen += high - low;
                        work += (high - low) * Cycles(scores[number]);
                        if (isFull) full++;
                    }
                }
        return (report with { Tiles = tiles, Empty = empty, Full = full }, all == 0 ? 0 : 1 - seen / all, seen == 0 ? 0 : work / seen);
    }

    /// <summary>Cycles that a program takes for a vector of 16 scores, roughly.</summary>
    private static double Cycles(TileProgram program) => program.Steps.Sum(step => step.Op.Cycles);
}
