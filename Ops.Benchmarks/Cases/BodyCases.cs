using Ops.Benchmarks.Machine;
using Ops.Benchmarks.Peers;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>The bodies of composite ops, run op by op; ONNX Runtime runs the very graph that we expand the op to.</summary>
internal static class BodyCases
{
    public static IEnumerable<BenchmarkCase> All =>
    [
        Flex("plain", null),
        Flex("softcap", Softcap()),
        Flex("causal", Causal(512, 512)),
        Linear("gated_delta", 8, 256, 64),
    ];

    private static BenchmarkCase Flex(string kind, Graph? modifier, long heads = 8, long length = 512, long size = 64)
    {
        var attributes = new Dictionary<string, object>();
        if (modifier is not null)
            attributes["score_mod"] = modifier;
        return Case($"FlexAttention {kind} H={heads} L=S={length} D={size} decomposed", "ai.onnx.preview", "FlexAttention", 1, attributes,
            () => [Floats.Random(1, 1, heads, length, size), Floats.Random(2, 1, heads, length, size),
                Floats.Random(3, 1, heads, length, size)],
            4.0 * heads * length * length * size);
    }

    private static BenchmarkCase Linear(string rule, long heads, long length, long size) =>
        Case($"LinearAttention {rule} H={heads} L={length} D={size} decomposed", "ai.onnx", "LinearAttention", 27,
            new() { ["q_num_heads"] = heads, ["kv_num_heads"] = heads, ["update_rule"] = rule },
            () => [.. Enumerable.Range(1, 3).Select(i => Floats.Random((uint)i, 1, length, heads * size)),
                Floats.Empty(1, heads, size, size), Decay(1, length, heads), Decay(1, length, heads)],
            8.0 * heads * length * size * size);

    /// <summary>Numbers from -1 to 0, as logarithms of what a state keeps, and as how much of an error is written.</summary>
    private static TensorValue Decay(params long[] dims)
    {
        TensorValue tensor = Floats.Random(9, dims);
        foreach (ref float x in tensor.Span<float>())
            x = -Math.Abs(x);
        return tensor;
    }

    private static BenchmarkCase Case(string name, string domain, string op, int opset, Dictionary<string, object> given,
        Func<TensorValue[]> make, double flops) => new("body", name, () =>
    {
        TensorValue[] inputs = make();
        var attributes = new AttributeValues(given);
        OpDefinition definition = OpRegistry.Get(domain, op, opset);
        var call = new InferenceCall([.. inputs.Select(i => i.ToTensorType())], attributes,
            [.. definition.Schema.Outputs.Select(o => !o.Optional)]);
        Graph body = definition.Expand!(call, long.MaxValue);
        var node = new Node
        {
            Op = op,
            Domain = domain,
            Opset = opset,
            Inputs = [.. inputs.Select((_, i) => PeerNode.InputName(i))],
            Outputs = [.. body.Outputs.Select((_, i) => $"y{i}")],
            Attributes = attributes,
        };
        var graph = new Graph
        {
            Inputs = [.. inputs.Select((x, i) => new GraphValue(PeerNode.InputName(i), ValueKind.Tensor, TensorType.Of(x.Type, x.Dims)))],
            Outputs = [.. node.Outputs.Select(o => new GraphValue(o, ValueKind.Tensor, TensorType.Unknown))],
            Nodes = [node],
        };
        var executor = new GraphExecutor(graph, new ExecutionOptions { Path = ExecutionPath.Decomposed });
        var named = inputs.Select((x, i) => (x, i)).ToDictionary(p => PeerNode.InputName(p.i), p => (TensorValue?)p.x);
        return new Subject
        {
            Node = new PeerNode(op, opset),
            PeerGraph = body,
            Inputs = [inputs],
            Outputs = [.. body.Outputs.Select(o => TensorValue.Allocate(o.Type.Element, [.. o.Type.Shape.ToArray().Select(d => d.Value)],
                clear: true))],
            Ours = (_, outputs) =>
            {
                GraphRun run = executor.Run(named);
                for (int i = 0; i < outputs.Length; i++)
                    run.Outputs[i]!.Bytes.CopyTo(outputs[i].Bytes);
                run.Release();
            },
            Tolerance = 1e-4,
        };
    }, new Limit(LimitKind.Arithmetic, flops));

    private static Graph Softcap() => Modifier([Node("Div", ["s", "cap"], "d"), Node("Tanh", ["d"], "t"), Node("Mul", ["t", "cap"], "r")],
        new() { ["cap"] = TensorValue.From<float>([20]) });

    private static Graph Causal(long queries, long keys)
    {
        TensorValue seen = TensorValue.Allocate(ElementType.Bool, [queries, keys]);
        for (int i = 0; i < queries; i++)
            for (int j = 0; j < keys; j++)
                seen.Bytes[(int)(i * keys + j)] = j <= i ? (byte)1 : (byte)0;
        return Modifier([Node("Where", ["seen", "s", "never"], "r")],
            new() { ["seen"] = seen, ["never"] = TensorValue.From<float>([float.NegativeInfinity]) });
    }

    private static Node Node(string op, string[] inputs, string output) =>
        new() { Op = op, Domain = "ai.onnx", Opset = 26, Inputs = inputs, Outputs = [output] };

    private static Graph Modifier(Node[] nodes, Dictionary<string, TensorValue> constants) => new()
    {
        Name = "modifier",
        Inputs = [new GraphValue("s", ValueKind.Tensor, TensorType.Unknown)],
        Outputs = [new GraphValue("r", ValueKind.Tensor, TensorType.Unknown)],
        Nodes = nodes,
        Constants = constants,
    };
}
