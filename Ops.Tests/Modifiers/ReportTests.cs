using Ops.Graphs;
using Ops.Modifiers;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Modifiers;

/// <summary>What is told of the graphs that ops other than FlexAttention take.</summary>
[TestClass]
public sealed class ReportTests
{
    private static ModifierReport Of(string op, string attribute, Graph graph, params TensorType[] inputs) => ModifierReport.Of(new Node
    {
        Op = op,
        Domain = "opspec.experimental",
        Opset = 1,
        Inputs = [.. inputs.Select((_, i) => $"x{i}")],
        Outputs = ["Y"],
        Attributes = new AttributeValues(new Dictionary<string, object> { [attribute] = graph }),
    }, inputs)!;

    private static Graph Activation(Func<GraphWriter, string> write)
    {
        var w = new GraphWriter(ElementType.Float);
        w.Captures.Add("u");
        return w.Build(write(w));
    }

    private static readonly TensorType[] s_experts =
    [
        TensorType.Of(ElementType.Float, 3, 8), TensorType.Of(ElementType.Float, 3, 4), TensorType.Of(ElementType.Float, 4, 8, 12),
        TensorType.Of(ElementType.Float, 4, 6, 8),
    ];

    [TestMethod]
    public void An_activation_is_told_in_terms_of_gate_and_up()
    {
        ModifierReport report = Of("MoE", "activation_mod", Activation(w => w["Mul", w["Relu", w.Score], "u"]), s_experts);
        Assert.AreEqual((1, false, "maximum(gate, 0) * up"), (report.Tier, report.RunsBesideKernel, report.Activation));
    }

    [TestMethod]
    public void What_runs_beside_the_kernel_says_why()
    {
        ModifierReport report =
            Of("MoE", "activation_mod", Activation(w => w["Mul", w.Op("Softmax", [w.Score], ("axis", -1L)), "u"]), s_experts);
        Assert.AreEqual((4, true), (report.Tier, report.RunsBesideKernel));
        StringAssert.Contains(report.Reason, "Softmax");
        report =
            Of("MoE", "activation_mod", Activation(w => w["Mul", w.Numbers([1, 2, 3, 4, 5, 6], ElementType.Float, 6), "u"]), s_experts);
        StringAssert.Contains(report.Reason, "'c0' is a table");
        report = Of("MoE", "router_mod", Activation(w => w.Op("Softmax", [w.Score], ("axis", -1L))), s_experts);
        Assert.AreEqual((4, true), (report.Tier, report.RunsBesideKernel));
        StringAssert.StartsWith(report.Reason, "router_mod runs as a graph of its own on the logits: Softmax");
    }

    [TestMethod]
    [Timeout(20_000)]
    [DataRow(1L << 20, 1L << 14, 1.0)]
    [DataRow(1L << 40, 300, null)]
    [DataRow(300, 1L << 40, null)]
    [DataRow(1L << 44, 1L << 44, null)]
    public void Tiles_of_calls_of_any_extents_are_told_soon(long queries, long keys, double? scored)
    {
        var w = new GraphWriter(ElementType.Float);
        string Positions(int axis) => w["Range", w.LongScalar(0), w["Gather", w["Shape", w.Score], w.LongScalar(axis)], w.LongScalar(1)];
        Graph graph = w.Build(w["Where", w["GreaterOrEqual", w["Unsqueeze", Positions(2), w.Long(1)], Positions(3)], w.Score,
            w.Number(double.NegativeInfinity)]);
        TensorType Extents(long extent) => TensorType.Of(ElementType.Float, 1, 4, extent, 8);
        ModifierReport report = Of("FlexAttention", "score_mod", graph, Extents(queries), Extents(keys), Extents(keys));
        Assert.AreEqual(2, report.Tier);
        Assert.IsTrue(scored is null ? report.Skipped == 0 : report.Skipped > 0 && report.Tiles > 0, $"{report.Skipped} of {report.Tiles}");
    }

    private static readonly TensorType[] s_open =
    [
        new(ElementType.Float, Seq.Of<Dim>(Dim.Symbol("B"), 4, Dim.Symbol("L"), 8)),
        new(ElementType.Float, Seq.Of<Dim>(Dim.Symbol("B"), 2, Dim.Symbol("S"), 8)),
        new(ElementType.Float, Seq.Of<Dim>(Dim.Symbol("B"), 2, Dim.Symbol("S"), 8)),
    ];

    [TestMethod]
    public void Extents_that_a_model_leaves_open_are_assumed()
    {
        var w = new GraphWriter(ElementType.Float);
        string Positions(int axis) => w["Range", w.LongScalar(0), w["Gather", w["Shape", w.Score], w.LongScalar(axis)], w.LongScalar(1)];
        Graph causal = w.Build(w["Where", w["LessOrEqual", Positions(3), w["Unsqueeze", Positions(2), w.Long(1)]], w.Score,
            w.Number(double.NegativeInfinity)]);
        ModifierReport report = Of("FlexAttention", "score_mod", causal, s_open);
        Assert.AreEqual((2, "where(j <= i, s, -inf)"), (report.Tier, report.Score));
        StringAssert.EndsWith(report.Reason, "; for B = 1, L = 1024, S = 1024, assumed (--dim NAME=N)");
        Assert.IsTrue(report.Skipped is > 0.4 and < 0.5 && report.Tiles > 0, $"{report.Skipped} of {report.Tiles}");
    }

    [TestMethod]
    public void Tables_that_fit_no_assumed_extents_leave_it_to_the_call()
    {
        var w = new GraphWriter(ElementType.Float);
        Graph biased = w.Build(w["Add", w.Score, w.Numbers(new double[33 * 40], ElementType.Float, 33, 40)]);
        ModifierReport report = Of("FlexAttention", "score_mod", biased, s_open);
        Assert.AreEqual(1, report.Tier);
        StringAssert.Contains(report.Reason, "known only in a call");
    }

    [TestMethod]
    public void What_no_extents_could_fuse_says_why()
    {
        var w = new GraphWriter(ElementType.Float);
        ModifierReport report = Of("FlexAttention", "score_mod", w.Build(w.Op("Softmax", [w.Score], ("axis", -1L))), s_open);
        Assert.AreEqual(4, report.Tier);
        StringAssert.Contains(report.Reason, "Softmax");
    }

    [TestMethod]
    public void Captures_are_told_by_what_is_known_of_them()
    {
        var w = new GraphWriter(ElementType.Float);
        w.Captures.AddRange(["documents", "slopes"]);
        Graph graph = w.Build(w["Where", w["Equal", w["Unsqueeze", "documents", w.Long(1)], "documents"],
            w["Mul", w.Score, w["Unsqueeze", "slopes", w.Long(1, 2)]], w.Number(double.NegativeInfinity)]);
        TensorType head = TensorType.Of(ElementType.Float, 1, 4, 60, 8);
        ModifierReport report = Of("FlexAttention", "score_mod", graph, head, head, head, TensorType.Of(ElementType.Int64, 60),
            TensorType.Of(ElementType.Float, 4));
        Assert.AreEqual((2, 0L, "where(captures[0][i] == captures[0][j], s * captures[1][h], -inf)"),
            (report.Tier, report.Tiles, report.Score));
        StringAssert.Contains(report.Reason, "what is captured");
        Assert.IsNotNull(report.Cost);
        report = Of("FlexAttention", "score_mod", graph, head, head, head, TensorType.Unknown, TensorType.Of(ElementType.Float, 4));
        StringAssert.Contains(report.Reason, "known only in a call");
    }

    [TestMethod]
    public void What_only_arithmetic_could_make_infinite_is_no_mask()
    {
        TensorType head = TensorType.Of(ElementType.Float, 1, 4, 60, 8);
        foreach (Func<GraphWriter, string, string> bias in new Func<GraphWriter, string, string>[]
        {
            (w, distance) => w["Pow", distance, w.Number(0.7)],
            (w, distance) => w["Pow", distance, "slopes"],
            (w, distance) => w["Log", w["Add", w.Number(1), w["Mul", "slopes", distance]]],
            (w, distance) => w["Div", distance, "slopes"],
        })
        {
            var w = new GraphWriter(ElementType.Float);
            w.Captures.Add("slopes");
            string Positions(int axis) => w["Range", w.LongScalar(0), w["Gather", w["Shape", w.Score], w.LongScalar(axis)], w.LongScalar(1)];
            string distance = w.Cast(w["Abs", w["Sub", w["Unsqueeze", Positions(2), w.Long(1)], Positions(3)]], ElementType.Float);
            Graph graph = w.Build(w["Sub", w.Score, bias(w, distance)]);
            ModifierReport report = Of("FlexAttention", "score_mod", graph, head, head, head, TensorType.Of(ElementType.Float, 4, 1, 1));
            Assert.AreEqual((1, "a function of the score, its position and what is captured"), (report.Tier, report.Reason));
        }
    }

    [TestMethod]
    public void A_captured_bias_may_be_a_mask()
    {
        var w = new GraphWriter(ElementType.Float);
        w.Captures.Add("bias");
        Graph graph = w.Build(w["Add", w.Score, "bias"]);
        TensorType head = TensorType.Of(ElementType.Float, 1, 4, 60, 8);
        ModifierReport report = Of("FlexAttention", "score_mod", graph, head, head, head, TensorType.Of(ElementType.Float, 60, 60));
        Assert.AreEqual(1, report.Tier);
        StringAssert.Contains(report.Reason, "-inf");
    }

    [TestMethod]
    public void A_router_is_told_in_terms_of_its_logits()
    {
        ModifierReport report = Of("MoE", "router_mod", Activation(w => w["Neg", w["Tanh", w.Score]]), s_experts);
        Assert.AreEqual((1, false, "-tanh(z)"), (report.Tier, report.RunsBesideKernel, report.Router));
    }

    [TestMethod]
    public void Pages_are_no_reason_to_decompose()
    {
        ModifierReport report = Of("PagedAttention", "score_mod", Activation(w => w["Neg", w.Score]),
            TensorType.Of(ElementType.Float, 5, 4, 8), TensorType.Of(ElementType.Float, 5, 2, 8),
            TensorType.Of(ElementType.Float, 5, 2, 8));
        Assert.AreEqual(1, report.Tier);
    }
}
