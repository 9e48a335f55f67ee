using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Tests.Kernels;

namespace Ops.Tests.Graphs;

/// <summary>Inputs of a graph that its caller gives away are changed where they lie, unless something still needs what they hold.</summary>
[TestClass]
public sealed class DonatedInputTests
{
    private static readonly PagedCase Step = new() { New = [1], Lengths = [40], PageSize = 8, E = 16, Ev = 16 };

    private static readonly string[] Names = ["q", "k", "v", "kc", "vc", "starts", "lengths", "table", "slots"];

    [TestMethod]
    public void Pools_that_are_given_away_are_the_outputs()
    {
        GraphExecutor executor = Executor([Node(Names, "y", "kn", "vn")], "y", "kn", "vn");
        GraphRun copied = executor.Run(Inputs());
        Dictionary<string, TensorValue?> inputs = Inputs();
        GraphRun changed = executor.Run(inputs, ["kc", "vc"]);
        Assert.AreSame(inputs["kc"], changed.Outputs[1]);
        Assert.AreSame(inputs["vc"], changed.Outputs[2]);
        AssertSame(copied, changed);
    }

    [TestMethod]
    public void Pools_that_are_kept_are_copied()
    {
        Dictionary<string, TensorValue?> inputs = Inputs();
        byte[] before = inputs["kc"]!.Bytes.ToArray();
        GraphRun run = Executor([Node(Names, "y", "kn", "vn")], "y", "kn", "vn").Run(inputs, ["vc"]);
        Assert.AreNotSame(inputs["kc"], run.Outputs[1]);
        Assert.AreSame(inputs["vc"], run.Outputs[2]);
        Assert.IsTrue(inputs["kc"]!.Bytes.SequenceEqual(before));
    }

    [TestMethod]
    public void A_decode_loop_keeps_its_memory()
    {
        // Two layers over the same pools, and what a step gives is what the next one takes.
        Node[] layers = [Node(Names, "y", "k1", "v1"), Node([.. Names[..3], "k1", "v1", .. Names[5..]], "z", "kn", "vn")];
        GraphExecutor executor = Executor(layers, "z", "kn", "vn");
        Dictionary<string, TensorValue?> inputs = Inputs();
        TensorValue pool = inputs["kc"]!;
        for (int step = 0; step < 4; step++)
        {
            GraphRun run = executor.Run(inputs, ["kc", "vc"]);
            (inputs["kc"], inputs["vc"]) = (run.Outputs[1], run.Outputs[2]);
            Assert.AreSame(pool, inputs["kc"]);
        }

        AssertSame(executor.Run(Inputs()), executor.Run(Inputs(), ["kc", "vc"]));
    }

    [TestMethod]
    public void What_is_still_needed_is_copied()
    {
        // Read by another node later, an output itself, or seen under another shape.
        Node step = Node(Names, "y", "kn", "vn");
        Node later = Plain("Neg", ["kc"], "n"), twin = Plain("Identity", ["kc"], "i");
        foreach (GraphExecutor executor in new[]
        {
            Executor([step, new Node
            {
                Op = "Add",
                Domain = "ai.onnx",
                Opset = 26,
                Inputs = ["kn", "kc"],
                Outputs = ["sum"],
                Attributes = AttributeValues.None
            }],
                "y", "kn", "sum"),
            Executor([step], "y", "kn", "kc"),
            Executor([twin, step, Plain("Neg", ["i"], "n")], "y", "kn", "n"),
            Executor([step, later], "y", "kn", "n"),
        })
        {
            AssertSame(executor.Run(Inputs()), executor.Run(Inputs(), ["kc", "vc"]));
        }
    }

    [TestMethod]
    public void Memory_of_two_inputs_is_not_changed_for_one()
    {
        GraphExecutor executor = Executor([Node(Names, "y", "kn", "vn")], "y", "kn", "vn");
        Dictionary<string, TensorValue?> plain = Inputs(), inputs = Inputs();
        plain["vc"] = plain["kc"];
        inputs["vc"] = inputs["kc"];
        GraphRun run = executor.Run(inputs, ["kc", "vc"]);
        AssertSame(executor.Run(plain), run);
        Assert.AreNotSame(inputs["kc"], run.Outputs[1]);
    }

    [TestMethod]
    public void A_default_is_never_changed()
    {
        Dictionary<string, TensorValue?> inputs = Inputs();
        TensorValue pool = inputs["kc"]!;
        byte[] before = pool.Bytes.ToArray();
        inputs.Remove("kc");
        var defaults = new Dictionary<string, TensorValue> { ["kc"] = pool };
        new GraphExecutor(Graph([Node(Names, "y", "kn", "vn")], ["y", "kn", "vn"], defaults)).Run(inputs, ["kc"]);
        Assert.IsTrue(pool.Bytes.SequenceEqual(before));
    }

    [TestMethod]
    public void An_input_that_is_not_there_is_refused()
    {
        OpException e = Assert.ThrowsExactly<OpException>(() => Executor([Node(Names, "y", "kn", "vn")], "y").Run(Inputs(), ["pool"]));
        Assert.AreEqual("donated", e.Rule);
        StringAssert.Contains(e.Message, "'pool'");
    }

    [TestMethod]
    public void A_run_that_fails_gives_the_memory_up()
    {
        GraphExecutor executor = Executor([Node(Names, "y", "kn", "vn")], "y", "kn", "vn");
        Dictionary<string, TensorValue?> inputs = Inputs();
        TensorValue slots = inputs["slots"]!;
        inputs["slots"] = TensorValue.From<long>([1L << 40], 1);
        Assert.ThrowsExactly<OpException>(() => executor.Run(inputs, ["kc", "vc"]));
        inputs["slots"] = slots;
        GraphRun run = executor.Run(inputs, ["kc", "vc"]);
        Assert.AreSame(inputs["kc"], run.Outputs[1]);
        AssertSame(executor.Run(Inputs()), run);
    }

    private static Dictionary<string, TensorValue?> Inputs()
    {
        TensorValue?[] values = Step.Inputs();
        return Names.Select((name, i) => (name, values[i])).ToDictionary(p => p.name, p => p.Item2);
    }

    private static Node Node(string[] inputs, params string[] outputs) =>
        new()
        {
            Op = "PagedAttention",
            Domain = "opspec.experimental",
            Opset = 1,
            Inputs = inputs,
            Outputs = outputs,
            Attributes = AttributeValues.None
        };

    private static Node Plain(string op, string[] inputs, string output) =>
        new() { Op = op, Domain = "ai.onnx", Opset = 26, Inputs = inputs, Outputs = [output], Attributes = AttributeValues.None };

    private static Graph Graph(Node[] nodes, string[] outputs, Dictionary<string, TensorValue>? defaults = null) => new()
    {
        Name = "step",
        Inputs = [.. Names.Select(name => new GraphValue(name, ValueKind.Tensor, TensorType.Unknown))],
        Outputs = [.. outputs.Select(name => new GraphValue(name, ValueKind.Tensor, TensorType.Unknown))],
        Nodes = nodes,
        Constants = defaults ?? [],
    };

    private static GraphExecutor Executor(Node[] nodes, params string[] outputs) => new(Graph(nodes, outputs));

    private static void AssertSame(GraphRun expected, GraphRun actual)
    {
        for (int i = 0; i < expected.Outputs.Count; i++)
            Assert.IsTrue(expected.Outputs[i]!.Bytes.SequenceEqual(actual.Outputs[i]!.Bytes), $"output {i}");
    }
}
