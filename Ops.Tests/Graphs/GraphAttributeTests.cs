using Ops.Graphs;
using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Tests.Onnx;

namespace Ops.Tests.Graphs;

/// <summary>Graphs that a caller gives as attributes: checked against their signature, and inlined without capture.</summary>
[TestClass]
public class GraphAttributeTests
{
    private const int Heads = 4, KeyHeads = 2, Queries = 3, Keys = 5, Depth = 4;

    private static readonly TensorValue Q = Floats(1, Heads, Queries, Depth), K = Floats(2, KeyHeads, Keys, Depth),
        V = Floats(3, KeyHeads, Keys, Depth);

    [TestMethod]
    [DataRow("s", "half", "two", "r", DisplayName = "names of its own")]
    [DataRow("Q", "K", "V", "Y", DisplayName = "the names of the op's ports")]
    [DataRow("Scores", "Raw", "Root", "Modified", DisplayName = "the names of the body's equations")]
    [DataRow("%0", "%3", "%1", "%2", DisplayName = "the names of the body's temporaries")]
    [DataRow("%9", "%10", "%11", "%12", DisplayName = "the names of later temporaries")]
    public void Names_of_a_graph_and_of_the_body_do_not_meet(string input, string middle, string constant, string output)
    {
        GraphProto modifier = Build.Graph([Build.Value(input)], [Build.Value(output)],
            Build.Node("Div", [input, constant], [middle]), Build.Node("Tanh", [middle], [output]));
        modifier.Initializer.Add(Initialiser(constant, 2));
        TensorValue actual = Run(Flex(("score_mod", modifier)));
        double[] expected = Expected(score => Math.Tanh(score / 2));
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual.Span<float>()[i], 1e-5, $"element {i}");
    }

    [TestMethod]
    public void A_graph_can_serve_both_attributes_and_be_called_like_the_other()
    {
        GraphProto twice = Build.Graph([Build.Value("x")], [Build.Value("y")], Build.Node("Add", ["x", "x"], ["y"]));
        TensorValue actual = Run(Flex(("score_mod", twice), ("prob_mod", twice)));
        double[] expected = Expected(score => 2 * score);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(2 * expected[i], actual.Span<float>()[i], 1e-5, $"element {i}");
    }

    [TestMethod]
    public void A_graph_that_gives_back_its_input_changes_nothing()
    {
        GraphProto identity = Build.Graph([Build.Value("x")], [Build.Value("x")]);
        CollectionAssert.AreEqual(Run(Flex()).Span<float>().ToArray(),
            Run(Flex(("score_mod", identity), ("prob_mod", identity))).Span<float>().ToArray());
    }

    [TestMethod]
    public void A_row_that_is_masked_whole_is_NaN()
    {
        GraphProto mask = Build.Graph([Build.Value("s")], [Build.Value("r")], Build.Node("Add", ["s", "never"], ["r"]));
        mask.Initializer.Add(Initialiser("never", float.NegativeInfinity));
        foreach (float y in Run(Flex(("score_mod", mask))).Span<float>())
            Assert.IsTrue(float.IsNaN(y));
    }

    [TestMethod]
    public void A_graph_must_not_read_what_is_around_it()
    {
        ModelProto model = Flex(("score_mod", Build.Graph([Build.Value("s")], [Build.Value("r")], Build.Node("Add", ["s", "V"], ["r"]))));
        Refused(model, "FlexAttention score_mod: reads 'V' from around it");
    }

    [TestMethod]
    public void A_graph_takes_as_many_inputs_as_its_signature() =>
        Refused(Flex(("score_mod",
            Build.Graph([Build.Value("s"), Build.Value("b")], [Build.Value("r")], Build.Node("Add", ["s", "b"], ["r"])))),
            "FlexAttention score_mod: takes 2 inputs, wants 1");

    [TestMethod]
    public void A_graph_returns_as_many_values_as_its_signature() =>
        Refused(Flex(("prob_mod", Build.Graph([Build.Value("s")], [Build.Value("s"), Build.Value("r")], Build.Node("Neg", ["s"], ["r"])))),
            "FlexAttention prob_mod: returns 2 values, wants 1");

    [TestMethod]
    public void A_graph_takes_the_type_of_its_signature() =>
        Refused(Flex(("score_mod",
            Build.Graph([Build.Value("s", ElementType.Float16, 1, 4, 3, 5)], [Build.Value("r")], Build.Node("Neg", ["s"], ["r"])))),
            "FlexAttention score_mod: takes s: float16[1, 4, 3, 5], wants float[1, 4, 3, 5]");

    [TestMethod]
    public void A_graph_returns_the_type_of_its_signature() =>
        Refused(Flex(("score_mod", Returning(Build.Node("Cast", ["s"], ["r"], Build.Int("to", (int)ElementType.Float16))))),
            "FlexAttention score_mod: returns float16[1, 4, 3, 5], wants float[1, 4, 3, 5]");

    [TestMethod]
    public void A_graph_keeps_the_dims() =>
        Refused(Flex(("score_mod", Returning(Build.Node("Transpose", ["s"], ["r"], Build.Ints("perm", 0, 1, 3, 2))))),
            "FlexAttention score_mod: returns float[1, 4, 5, 3], wants float[1, 4, 3, 5]");

    [TestMethod]
    public void A_graph_keeps_the_rank() =>
        Refused(Flex(("prob_mod", Returning(Build.Node("Flatten", ["s"], ["r"])))),
            "FlexAttention prob_mod: returns float[1, 60], wants float[1, 4, 3, 5]");

    [TestMethod]
    public void A_mistake_inside_a_graph_is_told_with_its_node() =>
        Refused(Flex(("score_mod", Returning(Build.Node("Transpose", ["s"], ["r"], Build.Ints("perm", 0, 1, 2))))),
            "FlexAttention score_mod: node Transpose of 'r': Transpose");

    [TestMethod]
    public void What_is_not_known_of_a_graph_passes()
    {
        GraphProto unknown = Returning(Build.Node("NobodyKnows", ["s"], ["r"]));
        InferredGraph inferred = GraphInference.Infer(Flex(("score_mod", unknown)).Load().Graph,
            new Dictionary<string, TensorType?>
            {
                ["Q"] = TensorType.Unknown,
                ["K"] = TensorType.Unknown,
                ["V"] = TensorType.Of(ElementType.Float, 1, 2, 5, 7)
            });
        Assert.AreEqual("float[1, ?, ?, 7]", inferred["Y"].ToString());
    }

    [TestMethod]
    public void Dims_of_a_graph_stay_symbols()
    {
        ModelProto model = Flex(("score_mod", Returning(Build.Node("Transpose", ["s"], ["r"], Build.Ints("perm", 0, 1, 3, 2)))));
        model.Graph.Input.Clear();
        model.Graph.Input.AddRange([Build.Value("Q", ElementType.Float, "B", 4, "L", 8),
            Build.Value("K", ElementType.Float, "B", 2, "L + 1", 8), Build.Value("V", ElementType.Float, "B", 2, "L + 1", 8)]);
        // L and L + 1 are two names to ONNX, and two names may have one value.
        Assert.AreEqual("float[B, 4, L, 8]", GraphInference.Infer(model.Load().Graph)["Y"].ToString());
        model.Graph.Input[1] = Build.Value("K", ElementType.Float, "B", 2, 5, 8);
        model.Graph.Input[0] = Build.Value("Q", ElementType.Float, "B", 4, 3, 8);
        model.Graph.Input[2] = Build.Value("V", ElementType.Float, "B", 2, 5, 8);
        OpException error = Assert.ThrowsExactly<OpException>(() => GraphInference.Infer(model.Load().Graph));
        StringAssert.Contains(error.Message, "score_mod: returns float[B, 4, 5, 3], wants float[B, 4, 3, 5]");
    }

    private static GraphProto Returning(NodeProto node) => Build.Graph([Build.Value("s")], [new ValueInfoProto { Name = "r" }], node);

    private static TensorProto Initialiser(string name, float value) => TensorWriter.Write(name, TensorValue.From<float>([value]));

    /// <summary>A model of one FlexAttention. The values of a given graph are declared without a shape.</summary>
    private static ModelProto Flex(params (string Name, GraphProto Graph)[] modifiers)
    {
        foreach (ValueInfoProto value in modifiers.SelectMany(m => m.Graph.Input.Concat(m.Graph.Output)))
            if (value.Type?.TensorType is { Shape.Dim.Count: 0 } type)
                type.Shape = null;
        NodeProto node = Build.Node("FlexAttention", ["Q", "K", "V"], ["Y"], [.. modifiers.Select(m => Build.Subgraph(m.Name, m.Graph))]);
        node.Domain = "ai.onnx.preview";
        ModelProto model = Build.Model(Build.Graph([.. new[] { "Q", "K", "V" }.Select(n => new ValueInfoProto { Name = n })],
            [new ValueInfoProto { Name = "Y" }], node), opset: 26);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.preview", Version = 1 });
        return model;
    }

    private static void Refused(ModelProto model, string message)
    {
        OpException running = Assert.ThrowsExactly<OpException>(() => Run(model));
        StringAssert.Contains(running.Message, message);
        OpException inferring = Assert.ThrowsExactly<OpException>(() => GraphInference.Infer(model.Load().Graph,
            new Dictionary<string, TensorType?> { ["Q"] = Q.ToTensorType(), ["K"] = K.ToTensorType(), ["V"] = V.ToTensorType() }));
        StringAssert.Contains(inferring.Message, message);
    }

    private static TensorValue Run(ModelProto model) =>
        new GraphExecutor(model.Load().Graph,
            new ExecutionOptions { Path = ExecutionPath.Decomposed }).Run(new Dictionary<string, TensorValue?>
        {
            ["Q"] = Q, ["K"] = K, ["V"] = V
        }).Outputs[0]!;

    private static TensorValue Floats(int seed, params int[] dims)
    {
        var random = new Random(seed);
        float[] items = [.. Enumerable.Range(0, dims.Aggregate(1, (a, b) => a * b)).Select(_ => random.NextSingle() * 2 - 1)];
        return TensorValue.From<float>(items, [1, .. dims.Select(d => (long)d)]);
    }

    /// <summary>The attention by its formula, in doubles.</summary>
    private static double[] Expected(Func<double, double> modifier)
    {
        var y = new double[Heads * Queries * Depth];
        for (int h = 0; h < Heads; h++)
            for (int i = 0; i < Queries; i++)
            {
                int head = h / (Heads / KeyHeads);
                double[] powers = [.. Enumerable.Range(0, Keys).Select(j =>
                    Math.Exp(modifier(Enumerable.Range(0, Depth)
                        .Sum(e => (double)At(Q, h, Queries, i, e) * At(K, head, Keys, j, e)) / Math.Sqrt(Depth))))];
                for (int e = 0; e < Depth; e++)
                    y[(h * Queries + i) * Depth + e] = powers.Select((p, j) => p * At(V, head, Keys, j, e)).Sum() / powers.Sum();
            }
        return y;
    }

    private static float At(TensorValue tensor, int head, int rows, int row, int element) =>
        tensor.Span<float>()[(head * rows + row) * Depth + element];
}
