using Ops.Graphs;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Graphs;

[TestClass]
public class GraphExecutorTests
{
    private static readonly ExecutionOptions Options = new() { Ops = FakeOps.Source };

    [TestMethod]
    public void RunsNodesAndTellsHow()
    {
        GraphRun run = Executor(G(N("Twice", ["x"], ["a"]), N("Twice", ["a"], ["y"]))).Run(X(1, 2));
        CollectionAssert.AreEqual(new[] { 4f, 8 }, run.Outputs[0]!.Span<float>().ToArray());
        Assert.HasCount(2, run.Nodes);
        Assert.AreEqual("Twice-7 Fused", $"{run.Nodes[0].Schema.Name}-{run.Nodes[0].Schema.Since} {run.Nodes[0].Path}");
    }

    [TestMethod]
    public void RunsAgainAndAtOnce()
    {
        GraphExecutor executor = Executor(G(N("Twice", ["x"], ["y"])));
        Parallel.For(0, 50, i => Assert.AreEqual(2f * i, executor.Run(X(i)).Outputs[0]!.Span<float>()[0]));
    }

    [TestMethod]
    public void ConstantsAreDefaultsOfInputs()
    {
        Graph graph = G(N("Twice", ["x"], ["y"]));
        graph = new Graph
        {
            Inputs = graph.Inputs,
            Outputs = graph.Outputs,
            Nodes = graph.Nodes,
            Constants = new Dictionary<string, TensorValue> { ["x"] = TensorValue.From<float>([5], 1) }
        };
        Assert.AreEqual(10f, Executor(graph).Run(new Dictionary<string, TensorValue?>()).Outputs[0]!.Span<float>()[0]);
        Assert.AreEqual(2f, Executor(graph).Run(X(1)).Outputs[0]!.Span<float>()[0]);
    }

    [TestMethod]
    public void AbsentInputsAreAbsent() =>
        Assert.AreEqual(-1f,
            Executor(G(N("Maybe", ["x"], ["y"]))).Run(new Dictionary<string, TensorValue?> { ["x"] = null }).Outputs[0]!.Span<float>()[0]);

    [TestMethod]
    public void OutputsNobodyWantsAreNotAskedFor() => Assert.IsNotNull(Executor(G(N("Fork", ["x"], ["y", ""]))).Run(X(1)).Outputs[0]);

    [TestMethod]
    public void RefusesInputsThatDoNotFit()
    {
        GraphExecutor executor = Executor(G(N("Twice", ["x"], ["y"])));
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(() => executor.Run(new Dictionary<string, TensorValue?>())).Message,
            "'x'".Trim('\''));
        StringAssert.Contains(
            Assert.ThrowsExactly<OpException>(() => executor.Run(new Dictionary<string, TensorValue?> { ["q"] = null })).Message,
            "there is no input 'q'");
        StringAssert.Contains(Assert.ThrowsExactly<OpException>(
            () => executor.Run(new Dictionary<string, TensorValue?> { ["x"] = TensorValue.From<long>([1], 1) })).Message,
            "wants float[?]");
        Assert.ThrowsExactly<OpException>(
            () => executor.Run(new Dictionary<string, TensorValue?> { ["x"] = TensorValue.From<float>([1], 1, 1) }));
    }

    [TestMethod]
    public void TellsWhatHasNoSpec()
    {
        OpException error = Assert.ThrowsExactly<OpException>(
            () => Executor(G(N("Nope", ["x"], ["a"]), N("Twice", ["a"], ["b"], opset: 3), N("Nope", ["b"], ["y"]))));
        Assert.IsTrue(Coverage.IsAbout(error));
        StringAssert.Contains(error.Message, "no spec for Nope; no spec for Twice at opset 3");
        Graph wide = new()
        {
            Inputs = [new GraphValue("x", ValueKind.Tensor, TensorType.Unknown)],
            Outputs = [new GraphValue("y", ValueKind.Tensor, TensorType.Unknown)],
            Nodes = [N("Twice", ["x"], ["y"])]
        };
        OpException type = Assert.ThrowsExactly<OpException>(
            () => Executor(wide).Run(new Dictionary<string, TensorValue?> { ["x"] = TensorValue.From<long>([1], 1) }));
        Assert.IsTrue(Coverage.IsAbout(type));
        StringAssert.Contains(type.Message, "Twice-7 takes no int64 for x, which is one of float");
        Graph crowded = new()
        {
            Inputs = [.. wide.Inputs, new GraphValue("n", ValueKind.Tensor, TensorType.Unknown)],
            Outputs = wide.Outputs,
            Nodes = [N("Relu", ["x", "n"], ["y"], opset: 14)]
        };
        OpException many = Assert.ThrowsExactly<OpException>(() => new GraphExecutor(crowded).Run(new Dictionary<string, TensorValue?>
        {
            ["x"] = TensorValue.From<float>([1], 1), ["n"] = TensorValue.From<long>([1], 1)
        }));
        Assert.AreEqual("inputs", many.Rule);
        Assert.IsFalse(Coverage.IsAbout(many));
        Graph sequence = new() { Inputs = [new GraphValue("s", ValueKind.Sequence, TensorType.Unknown)] };
        Assert.IsTrue(Coverage.IsAbout(Assert.ThrowsExactly<OpException>(() => Executor(sequence))));
    }

    [TestMethod]
    public void CompositeOpsFollowThePath()
    {
        Graph graph = G(N("Composite", ["x"], ["y"]));
        Assert.AreEqual(Coverage.NotFused,
            Assert.ThrowsExactly<OpException>(() => new GraphExecutor(graph, Options with { Path = ExecutionPath.Fused })).Rule);
        Assert.AreEqual(Coverage.NoKernel,
            Assert.ThrowsExactly<OpException>(() => new GraphExecutor(graph, Options with { Path = ExecutionPath.Decomposed })).Rule);
        Assert.AreEqual(Coverage.NoKernel, Assert.ThrowsExactly<OpException>(() => new GraphExecutor(graph, Options)).Rule);
    }

    [TestMethod]
    public void KeepsToTheMemoryLimit()
    {
        OpException huge = Assert.ThrowsExactly<OpException>(() => Executor(G(N("Huge", ["x"], ["y"]))).Run(X(1)));
        Assert.AreEqual("memory", huge.Rule);
        StringAssert.Contains(huge.Message, "node Huge of 'y'");
        // Values that nobody needs any more do not count: ten steps of 4 KB fit 12 KB.
        Node[] chain = [.. Enumerable.Range(0, 10).Select(i => N("Twice", [i == 0 ? "x" : $"a{i}"], [i == 9 ? "y" : $"a{i + 1}"]))];
        var inputs = new Dictionary<string, TensorValue?> { ["x"] = TensorValue.Allocate(ElementType.Float, [1024], clear: true) };
        new GraphExecutor(G(chain), Options with { MaxBytes = 12 << 10 }).Run(inputs);
        Assert.ThrowsExactly<OpException>(() => new GraphExecutor(G(chain), Options with { MaxBytes = 6 << 10 }).Run(inputs));
    }

    [TestMethod]
    public void DefectsOfKernelsNameTheNode()
    {
        OpException error = Assert.ThrowsExactly<OpException>(() => Executor(G(N("Broken", ["x"], ["y"]))).Run(X(1)));
        Assert.AreEqual("defect", error.Rule);
        StringAssert.Contains(error.Message, "node Broken of 'y'");
        Assert.IsInstanceOfType<IndexOutOfRangeException>(error.InnerException);
    }

    [TestMethod]
    public void CanBeStopped() => Assert.ThrowsExactly<OperationCanceledException>(() =>
        Executor(G(N("Twice", ["x"], ["y"]))).Run(X(1), new CancellationToken(canceled: true)));

    private static GraphExecutor Executor(Graph graph) => new(graph, Options);

    private static Dictionary<string, TensorValue?> X(params float[] items) =>
        new() { ["x"] = TensorValue.From<float>(items, items.Length) };

    private static Graph G(params Node[] nodes) => new()
    {
        Name = "g",
        Inputs = [new GraphValue("x", ValueKind.Tensor, new TensorType(ElementType.Float, Seq.Of(Dim.Unknown)))],
        Outputs = [new GraphValue("y", ValueKind.Tensor, TensorType.Unknown)],
        Nodes = nodes,
    };

    private static Node N(string op, string[] inputs, string[] outputs, long opset = 20) =>
        new() { Op = op, Domain = "ai.onnx", Opset = opset, Inputs = inputs, Outputs = outputs };
}
