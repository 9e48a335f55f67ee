using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Graphs;

/// <summary>What a graph is made into before it runs: transpositions that copy nothing, constants computed once, and times that add
/// up.</summary>
[TestClass]
public sealed class PreparedGraphTests
{
    /// <summary>A product of permuted operands has the bits of one of copies; as outputs of the graph they must be copies.</summary>
    [TestMethod]
    public void Products_of_permuted_operands_have_the_bits_of_copies()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            ElementType type = random.Next(4) switch { 0 => ElementType.Double, 1 => ElementType.Float16, _ => ElementType.Float };
            long m = Extent(random), n = Extent(random), k = Extent(random);
            long[] batch = [.. Enumerable.Range(0, random.Next(3)).Select(_ => (long)random.Next(1, 4))];
            var (left, leftPerm) = Permuted(random, type, [.. batch, m, k]);
            var (right, rightPerm) = Permuted(random, type, [.. batch.Skip(random.Next(batch.Length + 1)), k, n]);
            Node[] nodes = [Node("Transpose", ["a"], "at", ("perm", leftPerm)), Node("Transpose", ["b"], "bt", ("perm", rightPerm)),
                Node("MatMul", ["at", "bt"], "y")];
            var given = new Dictionary<string, TensorValue?> { ["a"] = left, ["b"] = right };
            TensorValue viewed = new GraphExecutor(Of(["a", "b"], ["y"], [], nodes)).Run(given).Outputs[0]!;
            TensorValue copied = new GraphExecutor(Of(["a", "b"], ["y", "at", "bt"], [], nodes)).Run(given).Outputs[0]!;
            CollectionAssert.AreEqual(copied.Dims, viewed.Dims, $"seed {seed}");
            CollectionAssert.AreEqual(copied.Bytes.ToArray(), viewed.Bytes.ToArray(),
                $"seed {seed}: [{string.Join(", ", leftPerm)}] of {left}, [{string.Join(", ", rightPerm)}] of {right}");
        }
    }

    [TestMethod]
    public void Other_readers_get_a_copy()
    {
        TensorValue a = TensorValue.From<float>([1, 2, 3, 4, 5, 6], 2, 3);
        Graph graph = Of(["a"], ["y", "z"], [], Node("Transpose", ["a"], "t"), Node("MatMul", ["a", "t"], "y"), Node("Neg", ["t"], "z"));
        IReadOnlyList<TensorValue?> outputs = new GraphExecutor(graph).Run(new Dictionary<string, TensorValue?> { ["a"] = a }).Outputs;
        CollectionAssert.AreEqual(new float[] { 14, 32, 32, 77 }, outputs[0]!.Span<float>().ToArray());
        CollectionAssert.AreEqual(new float[] { -1, -4, -2, -5, -3, -6 }, outputs[1]!.Span<float>().ToArray());
    }

    [TestMethod]
    public void Constants_are_computed_once_and_belong_to_the_graph()
    {
        var constants = new Dictionary<string, TensorValue>
        {
            ["w"] = TensorValue.From<float>([1, 2, 3, 4, 5, 6], 2, 3),
            ["one"] = TensorValue.From<float>([1])
        };
        Graph inner = Of([], ["r"], [], Node("Add", ["u", "one"], "v"), Node("Add", ["v", "x"], "r"));
        Node branch = Node("If", ["yes"], "z", ("then_branch", inner), ("else_branch", inner));
        Graph graph = Of(["x", "yes"], ["y", "z", "k"], constants,
            Node("Neg", ["w"], "u"), Node("Transpose", ["u"], "t"), Node("MatMul", ["x", "t"], "y"), branch, Node("Abs", ["w"], "k"));
        var executor = new GraphExecutor(graph);
        var given = new Dictionary<string, TensorValue?>
        {
            ["x"] = TensorValue.From<float>([1, 0, 0, 0, 1, 0], 2, 3), ["yes"] = TensorValue.From([true])
        };
        for (int run = 0; run < 3; run++)
        {
            GraphRun result = executor.Run(given);
            CollectionAssert.AreEqual(new[] { "MatMul", "If", "Abs" }, result.Nodes.Select(n => n.Schema.Name).ToArray());
            CollectionAssert.AreEqual(new float[] { -1, -4, -2, -5 }, result.Outputs[0]!.Span<float>().ToArray());
            CollectionAssert.AreEqual(new float[] { 1, -1, -2, -3, -3, -5 }, result.Outputs[1]!.Span<float>().ToArray());
            CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, result.Outputs[2]!.Span<float>().ToArray());
            foreach (TensorValue? output in result.Outputs)
                output!.Span<float>().Fill(float.NaN);
        }
    }

    [TestMethod]
    public void What_fails_on_constants_fails_when_it_runs()
    {
        var constants = new Dictionary<string, TensorValue> { ["w"] = TensorValue.From<float>([1, 2], 2), ["i"] = TensorValue.From([7L]) };
        Graph bad = Of([], ["r"], [], Node("Gather", ["w", "i"], "g"), Node("Add", ["g", "x"], "r")),
            good = Of([], ["r"], [], Node("Neg", ["x"], "r"));
        var executor =
            new GraphExecutor(Of(["x", "c"], ["y"], constants, Node("If", ["c"], "y", ("then_branch", bad), ("else_branch", good))));
        var given = new Dictionary<string, TensorValue?> { ["x"] = TensorValue.From<float>([3], 1), ["c"] = TensorValue.From([false]) };
        Assert.AreEqual(-3f, executor.Run(given).Outputs[0]!.Span<float>()[0]);
        given["c"] = TensorValue.From([true]);
        Assert.AreEqual("indices-range", Assert.ThrowsExactly<OpException>(() => executor.Run(given)).Rule);
    }

    [TestMethod]
    public void Times_of_nodes_add_up()
    {
        var loop = new Node
        {
            Op = "Loop", Domain = "ai.onnx", Opset = 21, Inputs = ["m", "", "x"], Outputs = ["y"],
            Attributes = new AttributeValues(new Dictionary<string, object> { ["body"] = Of(["i", "c", "s"], ["c", "n"], [],
                Node("Exp", ["s"], "e"), Node("Neg", ["e"], "n")) }),
        };
        var executor = new GraphExecutor(Of(["m", "x"], ["z"], [], loop, Node("Abs", ["y"], "z")),
            new ExecutionOptions { Profiled = true });
        GraphRun run = executor.Run(new Dictionary<string, TensorValue?>
        {
            ["m"] = TensorValue.From([5L]), ["x"] = TensorValue.From<float>([1, 2], 2)
        });
        IReadOnlyList<NodeProfile> nodes = run.Profile!.Nodes;
        CollectionAssert.AreEqual(new[] { "0 Loop 1", "1 Exp 5", "1 Neg 5", "0 Abs 1" },
            nodes.Select(n => $"{n.Depth} {n.Schema.Name} {n.Calls}").ToArray());
        Assert.AreEqual(nodes[0].Total.Ticks, (nodes[0].Own + nodes[1].Total + nodes[2].Total).Ticks, 3);
        Assert.IsTrue(nodes.Sum(n => n.Own.Ticks) <= run.Time.Ticks);
    }

    private static long Extent(Random random) => random.Next(6) switch { 0 => 1, 1 => 64, _ => random.Next(1, 40) };

    /// <summary>A tensor that has the wanted dims after its axes are put in some order.</summary>
    private static (TensorValue Value, long[] Perm) Permuted(Random random, ElementType type, long[] wanted)
    {
        long[] perm = [.. Enumerable.Range(0, wanted.Length).OrderBy(_ => random.Next()).Select(axis => (long)axis)];
        var dims = new long[wanted.Length];
        for (int i = 0; i < perm.Length; i++)
            dims[perm[i]] = wanted[i];
        TensorValue value = TensorValue.Allocate(type, dims);
        for (int i = 0; i < value.Length; i++)
            if (type == ElementType.Float16)
                value.Span<Half>()[i] = (Half)(random.NextSingle() - 0.5f);
            else if (type == ElementType.Double)
                value.Span<double>()[i] = random.NextDouble() - 0.5;
            else
                value.Span<float>()[i] = random.NextSingle() - 0.5f;
        return (value, perm);
    }

    private static Graph Of(string[] inputs, string[] outputs, Dictionary<string, TensorValue> constants, params Node[] nodes) => new()
    {
        Inputs = [.. inputs.Select(i => new GraphValue(i, ValueKind.Tensor, TensorType.Unknown))],
        Outputs = [.. outputs.Select(o => new GraphValue(o, ValueKind.Tensor, TensorType.Unknown))],
        Constants = constants,
        Nodes = nodes,
    };

    private static Node Node(string op, string[] inputs, string output, params (string Name, object Value)[] attributes) => new()
    {
        Op = op, Domain = "ai.onnx", Opset = 21, Inputs = inputs, Outputs = [output],
        Attributes = new AttributeValues(attributes.ToDictionary(a => a.Name, a => a.Value)),
    };
}
