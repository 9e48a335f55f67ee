using Ops.Benchmarks.Peers;
using Ops.Graphs;
using Ops.Modifiers;
using Ops.Preview;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>Fused FlexAttention: beside the same kernel without modifiers, beside its own body, and beside ONNX Runtime on the graph it
/// expands to.</summary>
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
        Struct("bias", 64, 1024, new Modifiers.Bias()),
        Struct("alibi", 64, 1024, new Modifiers.Alibi()),
        Struct("buckets", 64, 1024, new Modifiers.Buckets()),
        Struct("dilated mask", 64, 1024, new Modifiers.Dilated()),
        Struct("softcap", 64, 1024, new Modifiers.SoftCap()),
        Struct("causal", 64, 2048, new Modifiers.Causal()),
        Program("softcap and alibi", 64, 1024, (g, length) => Biased(g, Softcap(g, length)), new Modifiers.SoftCappedAlibi()),
        Program("softcap and alibi", 128, 1024, (g, length) => Biased(g, Softcap(g, length)), new Modifiers.SoftCappedAlibi()),
        Program("15 nodes", 64, 1024, Long, new Modifiers.Long()),
        Program("15 nodes", 128, 1024, Long, new Modifiers.Long()),
        Program("causal", 64, 2048, Causal, new Modifiers.Causal()),
        FirstUse(),
        Softcapped(),
        Body("softcap", Softcap),
        Body("relative table", Relative),
        Body("causal", Causal),
        Runtime("softcap", Softcap),
        Runtime("relative table", Relative),
        Runtime("causal", Causal),
    ];

    private const long Heads = 8;

    private static BenchmarkCase Plain(string name, long size, long length, Func<ModifierWriter, long, string> write) =>
        new("flex", $"FlexAttention {name} H={Heads} L=S={length} D={size} / plain", () =>
    {
        Graph modifier = ModifierWriter.Write(g => write(g, length));
        return Make(size, length, modifier, (x, y) => Fused(x, y, modifier), (x, y) => Fused(x, y, null));
    }, null);

    /// <summary>A modifier known when the program is built, beside none.</summary>
    private static BenchmarkCase Struct<M>(string name, long size, long length, M functor)
        where M : struct, IScoreFunctor =>
        new("flex", $"FlexAttention {name} struct H={Heads} L=S={length} D={size} / plain",
            () => Make(size, length, null, (x, y) => Built(x, y, functor), (x, y) => Fused(x, y, null)), null);

    /// <summary>A modifier read at run time, beside the same one known when the program is built.</summary>
    private static BenchmarkCase Program<M>(string name, long size, long length, Func<ModifierWriter, long, string> write, M functor)
        where M : struct, IScoreFunctor => new("flex", $"FlexAttention {name} H={Heads} L=S={length} D={size} / struct", () =>
    {
        Graph modifier = ModifierWriter.Write(g => write(g, length));
        return Make(size, length, modifier, (x, y) => Fused(x, y, modifier), (x, y) => Built(x, y, functor));
    }, null);

    /// <summary>Modifiers never seen before, on scores so few that compiling is what takes the time; beside one that is known.</summary>
    private static BenchmarkCase FirstUse() =>
        new("flex", $"FlexAttention first use of a softcap with alibi H={Heads} L=S=64 D=64 / known", () =>
    {
        int used = 0;
        Graph Next() =>
            ModifierWriter.Write(g => Biased(g,
                g.Add("Mul", g.Add("Tanh", g.Add("Div", g.Score, g.Real(20 + 1e-4f * ++used))), g.Real(20))));
        Graph known = Next();
        return Make(64, 64, known, (x, y) => Fused(x, y, Next()), (x, y) => Fused(x, y, known));
    }, null);

    /// <summary>A soft cap as a graph, beside ONNX Runtime's Attention with the attribute.</summary>
    private static BenchmarkCase Softcapped(long size = 64, long length = 1024) =>
        new("flex", $"FlexAttention softcap H={Heads} L=S={length} D={size} / Attention softcap=20", () =>
    {
        Graph modifier = ModifierWriter.Write(g => Softcap(g, length));
        return Make(size, length, modifier, (x, y) => Fused(x, y, modifier), null,
            new PeerNode("Attention", 24, new Dictionary<string, object> { ["softcap"] = 20f }));
    }, null);

    private static BenchmarkCase Body(string name, Func<ModifierWriter, long, string> write, long size = 64, long length = 1024) =>
        new("flex", $"FlexAttention {name} H={Heads} L=S={length} D={size} / decomposed", () =>
    {
        Graph modifier = ModifierWriter.Write(g => write(g, length));
        var node = new Node { Op = "FlexAttention", Domain = "ai.onnx.preview", Opset = 1, Inputs = ["Q", "K",
            "V"], Outputs = ["Y"], Attributes = Attributes(modifier) };
        var graph = new Graph
        {
            Inputs = [.. node.Inputs.Select(n => new GraphValue(n, ValueKind.Tensor, TensorType.Unknown))],
            Outputs = [new GraphValue("Y", ValueKind.Tensor, TensorType.Unknown)],
            Nodes = [node],
        };
        var executor = new GraphExecutor(graph, new ExecutionOptions { Path = ExecutionPath.Decomposed });
        return Make(size, length, modifier, (x, y) => Fused(x, y, modifier),
            (x, _) => executor.Run(new Dictionary<string, TensorValue?> { ["Q"] = x[0], ["K"] = x[1], ["V"] = x[2] }));
    }, null);

    private static BenchmarkCase Runtime(string name, Func<ModifierWriter, long, string> write, long size = 64, long length = 1024) =>
        new("flex", $"FlexAttention {name} H={Heads} L=S={length} D={size} / expanded", () =>
    {
        Graph modifier = ModifierWriter.Write(g => write(g, length));
        return Make(size, length, modifier, (x, y) => Fused(x, y, modifier), null);
    }, null);

    private static AttributeValues Attributes(Graph modifier) => new(new Dictionary<string, object> { ["score_mod"] = modifier });

    private static void Fused(TensorValue[] x, TensorValue[] y, Graph? modifier) =>
        FlexAttention.RunInto<float>(x[0].Read(), x[1].Read(), x[2].Read(), y[0].Write(), score_mod: modifier);

    private static void Built<M>(TensorValue[] x, TensorValue[] y, M functor)
        where M : struct, IScoreFunctor =>
        FlexAttention.RunInto<float, M>(x[0].Read(), x[1].Read(), x[2].Read(), y[0].Write(), functor);

    private static Subject Make(long size, long length, Graph? modifier, OurRun ours, OurRun? against, PeerNode? peer = null)
    {
        TensorValue[] inputs = [Floats.Random(1, 1, Heads, length, size), Floats.Random(2, 1, Heads, length, size),
            Floats.Random(3, 1, Heads, length, size)];
        return new Subject
        {
            Node = peer ?? new PeerNode("FlexAttention", 1),
            PeerGraph = against is not null || peer is not null ? null
                : OpRegistry.Get("ai.onnx.preview", "FlexAttention",
                    1).Expand!(new InferenceCall([.. inputs.Select(i => i.ToTensorType())], Attributes(modifier!), [true]),
                    long.MaxValue),
            Inputs = [inputs],
            Outputs = [Floats.Empty(1, Heads, length, size)],
            Ours = ours,
            Against = against,
            Tolerance = 1e-4,
        };
    }

    internal static string Softcap(ModifierWriter g, long length) =>
        g.Add("Mul", g.Add("Tanh", g.Add("Div", g.Score, g.Real(20))), g.Real(20));

    internal static string Causal(ModifierWriter g, long length) =>
        g.Add("Where", g.Add("LessOrEqual", g.Keys(), g.Queries()), g.Score, g.Real(float.NegativeInfinity));

    private static string Window(ModifierWriter g, long length) => g.Add("Where",
        g.Add("And", g.Add("LessOrEqual", g.Keys(), g.Queries()), g.Add("Less", g.Add("Sub", g.Queries(), g.Keys()), g.Whole(256))),
        g.Score, g.Real(float.NegativeInfinity));

    private static string Alibi(ModifierWriter g, long length) => Biased(g, g.Score);

    private static string Biased(ModifierWriter g, string x) => g.Add("Add", x, g.Add("Mul",
        g.Reals([.. Enumerable.Range(1, (int)Heads).Select(h => MathF.Pow(2, -h))], Heads, 1, 1),
        g.Cast(g.Add("Sub", g.Keys(), g.Queries()), ElementType.Float)));

    internal static string Relative(ModifierWriter g, long length) => g.Add("Add", g.Score, g.Add("Gather",
        g.Reals([.. Enumerable.Range(0, (int)(2 * length)).Select(k => MathF.Sin(k))], 2 * length),
        g.Add("Add", g.Add("Sub", g.Keys(), g.Queries()), g.Whole(length))));

    private static string Long(ModifierWriter g, long length)
    {
        string x = g.Score;
        for (int n = 0; n < 5; n++)
            x = g.Add("Max", g.Add("Add", g.Add("Mul", x, g.Real(0.9f + n * 0.01f)), g.Real(0.01f * n)), g.Real(-5 - n));
        return x;
    }
}
