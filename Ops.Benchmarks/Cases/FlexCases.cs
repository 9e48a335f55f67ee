using Ops.Benchmarks.Peers;
using Ops.Graphs;
using Ops.Preview;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>Fused FlexAttention: beside the same kernel without modifiers, beside its own body, and beside ONNX Runtime on the graph it expands to.</summary>
internal static class FlexCases
{
    public static IEnumerable<BenchmarkCase> All =>
    [
        Plain("bias", 64, 1024, (g, _) => g.Add("Add", g.Score, g.Real(0.25f))),
        Plain("alibi", 64, 1024, Alibi),
        Plain("relative table", 64, 1024, Relative),
        Plain("softcap", 64, 1024, Softcap),
        Plain("softcap", 128, 1024, Softcap),
        Plain("15 nodes", 64, 1024, Long),
        Plain("15 nodes", 128, 1024, Long),
        Plain("causal", 64, 2048, Causal),
        Plain("window 256", 64, 4096, Window),
        Body("softcap", Softcap),
        Body("relative table", Relative),
        Body("causal", Causal),
        Runtime("softcap", Softcap),
        Runtime("relative table", Relative),
        Runtime("causal", Causal),
    ];

    private const long Heads = 8;

    private static BenchmarkCase Plain(string name, long size, long length, Func<ModifierWriter, long, string> write) => new("flex", $"FlexAttention {name} H={Heads} L=S={length} D={size} / plain", () =>
    {
        Graph modifier = ModifierWriter.Write(g => write(g, length));
        return Make(size, length, modifier, (x, y) => Fused(x, y, modifier), (x, y) => Fused(x, y, null));
    }, null);

    private static BenchmarkCase Body(string name, Func<ModifierWriter, long, string> write, long size = 64, long length = 1024) => new("flex", $"FlexAttention {name} H={Heads} L=S={length} D={size} / decomposed", () =>
    {
        Graph modifier = ModifierWriter.Write(g => write(g, length));
        var node = new Node { Op = "FlexAttention", Domain = "ai.onnx.preview", Opset = 1, Inputs = ["Q", "K", "V"], Outputs = ["Y"], Attributes = Attributes(modifier) };
        var graph = new Graph
        {
            Inputs = [.. node.Inputs.Select(n => new GraphValue(n, ValueKind.Tensor, TensorType.Unknown))],
            Outputs = [new GraphValue("Y", ValueKind.Tensor, TensorType.Unknown)],
            Nodes = [node],
        };
        var executor = new GraphExecutor(graph, new ExecutionOptions { Path = ExecutionPath.Decomposed });
        return Make(size, length, modifier, (x, y) => Fused(x, y, modifier), (x, _) => executor.Run(new Dictionary<string, TensorValue?> { ["Q"] = x[0], ["K"] = x[1], ["V"] = x[2] }));
    }, null);

    private static BenchmarkCase Runtime(string name, Func<ModifierWriter, long, string> write, long size = 64, long length = 1024) => new("flex", $"FlexAttention {name} H={Heads} L=S={length} D={size} / expanded", () =>
    {
        Graph modifier = ModifierWriter.Write(g => write(g, length));
        return Make(size, length, modifier, (x, y) => Fused(x, y, modifier), null);
    }, null);

    private static AttributeValues Attributes(Graph modifier) => new(new Dictionary<string, object> { ["score_mod"] = modifier });

    private static void Fused(TensorValue[] x, TensorValue[] y, Graph? modifier) =>
        FlexAttention.RunInto<float>(x[0].Read(), x[1].Read(), x[2].Read(), y[0].Write(), score_mod: modifier);

    private static Subject Make(long size, long length, Graph modifier, OurRun ours, OurRun? against)
    {
        TensorValue[] inputs = [Floats.Random(1, 1, Heads, length, size), Floats.Random(2, 1, Heads, length, size), Floats.Random(3, 1, Heads, length, size)];
        return new Subject
        {
            Node = new PeerNode("FlexAttention", 1),
            PeerGraph = against is not null ? null
                : OpRegistry.Get("ai.onnx.preview", "FlexAttention", 1).Expand!(new InferenceCall([.. inputs.Select(i => i.ToTensorType())], Attributes(modifier), [true]), long.MaxValue),
            Inputs = [inputs],
            Outputs = [Floats.Empty(1, Heads, length, size)],
            Ours = ours,
            Against = against,
            Tolerance = 1e-4,
        };
    }

    private static string Softcap(ModifierWriter g, long length) => g.Add("Mul", g.Add("Tanh", g.Add("Div", g.Score, g.Real(20))), g.Real(20));

    private static string Causal(ModifierWriter g, long length) => g.Add("Where", g.Add("LessOrEqual", g.Keys(), g.Queries()), g.Score, g.Real(float.NegativeInfinity));

    private static string Window(ModifierWriter g, long length) => g.Add("Where",
        g.Add("And", g.Add("LessOrEqual", g.Keys(), g.Queries()), g.Add("Less", g.Add("Sub", g.Queries(), g.Keys()), g.Whole(256))), g.Score, g.Real(float.NegativeInfinity));

    private static string Alibi(ModifierWriter g, long length) => g.Add("Add", g.Score, g.Add("Mul",
        g.Reals([.. Enumerable.Range(1, (int)Heads).Select(h => MathF.Pow(2, -h))], Heads, 1, 1), g.Cast(g.Add("Sub", g.Keys(), g.Queries()), ElementType.Float)));

    private static string Relative(ModifierWriter g, long length) => g.Add("Add", g.Score, g.Add("Gather",
        g.Reals([.. Enumerable.Range(0, (int)(2 * length)).Select(k => MathF.Sin(k))], 2 * length), g.Add("Add", g.Add("Sub", g.Keys(), g.Queries()), g.Whole(length))));

    private static string Long(ModifierWriter g, long length)
    {
        string x = g.Score;
        for (int n = 0; n < 5; n++) x = g.Add("Max", g.Add("Add", g.Add("Mul", x, g.Real(0.9f + n * 0.01f)), g.Real(0.01f * n)), g.Real(-5 - n));
        return x;
    }
}
