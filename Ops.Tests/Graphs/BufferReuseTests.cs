using Ops.Graphs;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Graphs;

/// <summary>Memory is used again only when nobody can read it any more.</summary>
[TestClass]
public class BufferReuseTests
{
    [TestMethod]
    public void Values_that_share_memory_survive_each_other()
    {
        // v is a view of a; a's last reader comes before v's, and t could take the memory if v did not count.
        Graph graph = Of(["v2", "b"], Node("Neg", ["x"], "a"), Node("Identity", ["a"], "v"), Node("Abs", ["a"], "b"),
            Node("Neg", ["b"], "t"), Node("Exp", ["t"], "u"), Node("Add", ["v", "u"], "v2"));
        TensorValue x = TensorValue.From<float>([1, -2, 3, -4], 4);
        var executor = new GraphExecutor(graph);
        for (int i = 0; i < 3; i++)
        {
            IReadOnlyList<TensorValue?> outputs = executor.Run(new Dictionary<string, TensorValue?> { ["x"] = x }).Outputs;
            for (int k = 0; k < 4; k++)
                Assert.AreEqual(-x.Span<float>()[k] + MathF.Exp(-MathF.Abs(x.Span<float>()[k])), outputs[0]!.Span<float>()[k], 1e-6f);
            CollectionAssert.AreEqual(new[] { 1f, 2, 3, 4 }, outputs[1]!.Span<float>().ToArray());
        }
    }

    [TestMethod]
    public void Outputs_belong_to_the_caller()
    {
        Graph graph = Of(["y", "z"], Node("Neg", ["x"], "y"), Node("Identity", ["y"], "z"));
        var executor = new GraphExecutor(graph);
        var results = new List<IReadOnlyList<TensorValue?>>();
        for (int i = 0; i < 4; i++)
            results.Add(executor.Run(new Dictionary<string, TensorValue?> { ["x"] = TensorValue.From<float>([i, i + 1], 2) }).Outputs);
        // A result that is an input again stays what it is.
        results.Add(executor.Run(new Dictionary<string, TensorValue?> { ["x"] = results[1][1] }).Outputs);
        for (int i = 0; i < 4; i++)
        {
            CollectionAssert.AreEqual(new[] { -(float)i, -(i + 1f) }, results[i][0]!.Span<float>().ToArray());
            CollectionAssert.AreEqual(new[] { -(float)i, -(i + 1f) }, results[i][1]!.Span<float>().ToArray());
        }
        CollectionAssert.AreEqual(new[] { 1f, 2f }, results[4][0]!.Span<float>().ToArray());
    }

    [TestMethod]
    public void Outputs_that_are_released_are_used_again()
    {
        Graph graph = Of(["y", "z", "x"], Node("Neg", ["x"], "y"), Node("Identity", ["y"], "z"));
        var executor = new GraphExecutor(graph);
        TensorValue x = TensorValue.From<float>([1, 2], 2);
        var given = new Dictionary<string, TensorValue?> { ["x"] = x };
        GraphRun first = executor.Run(given);
        TensorBuffer memory = first.Outputs[0]!.Buffer;
        first.Release();
        first.Release();
        GraphRun second = executor.Run(given), third = executor.Run(given);
        Assert.AreSame(memory, second.Outputs[0]!.Buffer);
        Assert.AreNotSame(memory, third.Outputs[0]!.Buffer);
        CollectionAssert.AreEqual(new[] { -1f, -2f }, second.Outputs[1]!.Span<float>().ToArray());
        // What the caller gave stays the caller's.
        Assert.AreSame(x, second.Outputs[2]);
        second.Release();
        third.Release();
        executor.Run(new Dictionary<string, TensorValue?> { ["x"] = TensorValue.From<float>([3, 4], 2) });
        CollectionAssert.AreEqual(new[] { 1f, 2f }, x.Span<float>().ToArray());
    }

    [TestMethod]
    public void Runs_at_the_same_time_do_not_share_memory()
    {
        Graph graph = Of(["y"], Node("Neg", ["x"], "a"), Node("Exp", ["a"], "b"), Node("Neg", ["b"], "c"), Node("Neg", ["c"], "y"));
        var executor = new GraphExecutor(graph);
        Parallel.For(0, 64, i =>
        {
            TensorValue x = TensorValue.Allocate(ElementType.Float, [1000]);
            x.Span<float>().Fill(i / 64f);
            foreach (float y in executor.Run(new Dictionary<string, TensorValue?> { ["x"] = x }).Outputs[0]!.Span<float>())
                Assert.AreEqual(MathF.Exp(-i / 64f), y, 1e-5f);
        });
    }

    [TestMethod]
    public void A_view_has_as_many_elements()
    {
        OpException error = Assert.ThrowsExactly<OpException>(() => TensorValue.From<float>([1, 2], 2).View([3]));
        Assert.AreEqual("shape", error.Rule);
    }

    private static Graph Of(string[] outputs, params Node[] nodes) => new()
    {
        Inputs = [new GraphValue("x", ValueKind.Tensor, TensorType.Unknown)],
        Outputs = [.. outputs.Select(o => new GraphValue(o, ValueKind.Tensor, TensorType.Unknown))],
        Nodes = nodes,
    };

    private static Node Node(string op, string[] inputs, string output) =>
        new() { Op = op, Domain = "ai.onnx", Opset = 21, Inputs = inputs, Outputs = [output] };
}
