using System.Numerics.Tensors;
using Ops.Benchmarks.Machine;
using Ops.Benchmarks.Peers;
using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>Mixtures of experts with constant weights, run as graphs: of few tokens they are bounded by reading weights, of many by
/// arithmetic.</summary>
internal static class ExpertCases
{
    private const long Experts = 8, Chosen = 2, Hidden = 1024, Inner = 2816, BlockSize = 32;

    private const string Native = "opspec.experimental", Contrib = "com.microsoft";

    public static IEnumerable<BenchmarkCase> All =>
    [
        Grouped(512, 1024, 1024),
        .. new long[] { 1, 4, 16, 128 }.Select(Plain),
        Modified(1),
        Modified(128),
        Quantised(1, 4),
        Quantised(1, 0),
        Quantised(128, 4),
        AgainstPeer(1, 4, fast: false),
        AgainstPeer(1, 4, fast: true),
        AgainstPeer(1, 0, fast: false),
        AgainstPeer(1, 0, fast: true),
        AgainstPeer(128, 4, fast: true),
    ];

    /// <summary>The time that the machine needs at least: to multiply, or to read the weights of the experts that any token
    /// chose.</summary>
    private static Limit Roofline(long tokens, double bytesPerWeight)
    {
        double weights = 3.0 * Hidden * Inner, work = 2 * tokens * Chosen * weights,
            bytes = Math.Min(Experts, tokens * Chosen) * weights * bytesPerWeight;
        // Machines do some ten operations in the time of reading a byte.
        return work > 10 * bytes
            ? new Limit(LimitKind.Arithmetic, work) : new Limit(LimitKind.Read, bytes, (long)(Experts * weights * bytesPerWeight));
    }

    private static BenchmarkCase Plain(long tokens) => new("moe", $"MoE float 8 experts top 2 1024-2816 SwiGLU, {tokens} tokens", () =>
    {
        TensorValue[] inputs = Inputs(tokens);
        var graph = new NodeGraph(Node("MoE", [2, 3]), inputs, 1);
        return new Subject
        {
            Node = Node("MoE", [2, 3]),
            Inputs = [inputs],
            Outputs = [Floats.Empty(tokens, Hidden)],
            Ours = (_, y) => graph.Run(y),
            PeerNode = new PeerNode("MoE", 1, PeerAttributes(), [2, 4]) { Domain = Contrib },
            PeerInputs = [inputs[0], inputs[1], Transposed(inputs[2]), null, Transposed(inputs[3])],
            Tolerance = 1e-3,
        };
    }, Roofline(tokens, sizeof(float)));

    /// <summary>SwiGLU as the caller's graph against the built-in one.</summary>
    private static BenchmarkCase Modified(long tokens) => new("moe", $"MoE float activation_mod against SwiGLU, {tokens} tokens", () =>
    {
        TensorValue[] inputs = Inputs(tokens);
        PeerNode node = Node("MoE", [2, 3]);
        var builtIn = new NodeGraph(node, inputs, 1);
        var graph = new NodeGraph(
            node with { Attributes = new Dictionary<string, object>(node.Attributes!) { ["activation_mod"] = ExpertGraphs.SwiGlu(Inner) } },
            inputs, 1);
        return new Subject
        {
            Node = node,
            Inputs = [inputs],
            Outputs = [Floats.Empty(tokens, Hidden)],
            Ours = (_, y) => graph.Run(y),
            Against = (_, y) => builtIn.Run(y),
            Tolerance = 1e-3
        };
    }, Roofline(tokens, sizeof(float)));

    private static BenchmarkCase Quantised(long tokens, long accuracy) =>
        new("moe", $"QMoE int4 accuracy {accuracy} against float MoE, {tokens} tokens", () =>
    {
        QuantisedExperts made = QuantisedExperts.Random(Experts, Hidden, Inner, BlockSize);
        TensorValue[] inputs = Inputs(tokens, made.RealIn, made.RealOut);
        var graph = new NodeGraph(Quantised(accuracy), [inputs[0], inputs[1], made.In, made.ScaleIn, made.Out, made.ScaleOut], 1);
        var real = new NodeGraph(Node("MoE", [2, 3]), inputs, 1);
        return new Subject
        {
            Node = Node("MoE", [2, 3]), Inputs = [inputs], Outputs = [Floats.Empty(tokens, Hidden)], Ours =
                (_, y) => graph.Run(y), Against = (_, y) => real.Run(y), Tolerance = accuracy == 0 ? 1e-3 : 0.2,
        };
    }, Roofline(tokens, 0.5 + (double)sizeof(float) / BlockSize));

    private static BenchmarkCase AgainstPeer(long tokens, long accuracy, bool fast) =>
        new("moe", $"QMoE int4 accuracy {accuracy}, {tokens} tokens, the peer {(fast ? "with ORT_USE_MLAS_Q4_GEMM_MOE" : "as it is")}",
            () =>
    {
        QuantisedExperts made = QuantisedExperts.Random(Experts, Hidden, Inner, BlockSize);
        TensorValue[] inputs = [Floats.Random(1, tokens, Hidden), Logits(tokens), made.In, made.ScaleIn, made.Out, made.ScaleOut];
        var graph = new NodeGraph(Quantised(accuracy), inputs, 1);
        var attributes = new Dictionary<string, object>(PeerAttributes()) { ["expert_weight_bits"] = 4L, ["block_size"] = BlockSize };
        return new Subject
        {
            Node = Quantised(accuracy),
            Inputs = [inputs],
            Outputs = [Floats.Empty(tokens, Hidden)],
            Ours = (_, y) => graph.Run(y),
            PeerNode = new PeerNode("QMoE", 1, attributes, [2, 3, 5, 6]) { Domain = Contrib },
            PeerInputs = [inputs[0], inputs[1], made.PeerIn, made.PeerScaleIn, null, made.PeerOut, made.PeerScaleOut],
            PeerEnvironment = ("ORT_USE_MLAS_Q4_GEMM_MOE", fast ? "1" : "0"),
            // Both sides round activations to integers, each in its own way.
            Tolerance = 0.5,
        };
    }, Roofline(tokens, 0.5 + (double)sizeof(float) / BlockSize));

    /// <summary>One grouped product against a product for each group.</summary>
    private static BenchmarkCase Grouped(long rows, long n, long k) =>
        new("moe", $"GroupedMatMul {rows}x{n}x{k} of 8 groups against 8 MatMuls", () =>
    {
        TensorValue x = Floats.Random(1, rows, k), weights = Floats.Random(2, Experts, k, n),
            groups = TensorValue.Allocate(ElementType.Int64, [rows, 1]);
        for (int row = 0; row < rows; row++) groups.Span<long>()[row] = row * Experts / rows;
        PackedInputs packed = GroupedMatMul.Pack<float>(weights: weights.Read());
        var parts = new (TensorValue X, TensorValue Weights, PackedInputs Packed, TensorValue Y)[Experts];
        int share = (int)(rows / Experts);
        for (int g = 0; g < Experts; g++)
        {
            TensorValue part = Floats.Empty(share, k), matrix = Floats.Empty(k, n);
            x.Span<float>().Slice(g * share * (int)k, share * (int)k).CopyTo(part.Span<float>());
            weights.Span<float>().Slice(g * (int)(k * n), (int)(k * n)).CopyTo(matrix.Span<float>());
            parts[g] = (part, matrix, MatMul.Pack<float>(B: matrix.Read()), Floats.Empty(share, n));
        }
        return new Subject
        {
            Node = new PeerNode("GroupedMatMul", 29),
            Inputs = [[x, weights, groups]],
            Outputs = [Floats.Empty(rows, 1, n)],
            Ours = (i, y) => GroupedMatMul.RunInto<float>(i[0].Read(), i[1].Read(),
                new ReadOnlyTensorSpan<long>(i[2].Span<long>(), [(nint)rows, 1]), y[0].Write(), packed: packed),
            Against = (_, _) =>
            {
                foreach (var part in parts) MatMul.RunInto<float>(part.X.Read(), part.Weights.Read(), part.Y.Write(), part.Packed);
            },
            Owned = packed,
        };
    }, new Limit(LimitKind.Arithmetic, 2.0 * rows * n * k));

    private static PeerNode Node(string op, int[] constants) =>
        new(op, 1, new Dictionary<string, object> { ["k"] = Chosen, ["normalize"] = 1L, ["glu_layout"] = "interleaved" },
            constants) { Domain = Native };

    private static PeerNode Quantised(long accuracy)
    {
        PeerNode node = Node("QMoE", [2, 3, 4, 5]);
        return node with { Attributes = new Dictionary<string, object>(node.Attributes!)
        {
            ["block_size"] = BlockSize, ["accuracy"] = accuracy
        } };
    }

    private static Dictionary<string, object> PeerAttributes() => new()
    {
        ["k"] = Chosen, ["activation_type"] =
            "swiglu", ["swiglu_fusion"] = 1L, ["activation_alpha"] = 1f, ["activation_beta"] = 0f, ["normalize_routing_weights"] = 1L,
    };

    private static TensorValue[] Inputs(long tokens) =>
        Inputs(tokens, Small(Floats.Random(2, Experts, Hidden, 2 * Inner)), Small(Floats.Random(3, Experts, Inner, Hidden)));

    private static TensorValue[] Inputs(long tokens, TensorValue weightsIn, TensorValue weightsOut) =>
        [Floats.Random(1, tokens, Hidden), Logits(tokens), weightsIn, weightsOut];

    private static TensorValue Small(TensorValue weights)
    {
        foreach (ref float w in weights.Span<float>()) w *= 0.05f;
        return weights;
    }

    /// <summary>Token after token chooses the next two experts, so that all are equally busy.</summary>
    private static TensorValue Logits(long tokens)
    {
        TensorValue logits = Floats.Random(4, tokens, Experts);
        for (long token = 0; token < tokens; token++)
            for (long j = 0; j < Chosen; j++)
                logits.Span<float>()[(int)(token * Experts + (token * Chosen + j) % Experts)] += 3 - j;
        return logits;
    }

    private static TensorValue Transposed(TensorValue weights)
    {
        int groups = (int)weights.Dims[0], rows = (int)weights.Dims[1], columns = (int)weights.Dims[2];
        TensorValue turned = Floats.Empty(groups, columns, rows);
        Parallel.For(0, groups, g =>
        {
            Span<float> from = weights.Span<float>().Slice(g * rows * columns, rows * columns),
                to = turned.Span<float>().Slice(g * rows * columns, rows * columns);
            for (int r = 0; r < rows; r++)
                for (int c = 0; c < columns; c++) to[c * rows + r] = from[r * columns + c];
        });
        return turned;
    }
}
