using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Graphs;

/// <summary>Results overwrite inputs only where nobody can tell, and a node that ran before is validated as often as it must be.</summary>
[TestClass]
public sealed class InPlaceTests
{
    private static readonly string[] Unary = ["Neg", "Abs", "Sigmoid", "Exp"], Binary = ["Add", "Sub", "Mul", "Max"];

    /// <summary>Random graphs of what may run in place, of views and of branches, against the same nodes one by one in memory of their
    /// own.</summary>
    [TestMethod]
    public void Random_graphs_give_what_their_nodes_give()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            Graph graph = RandomGraph(random);
            var inputs = graph.Inputs.ToDictionary(i => i.Name,
                i => (TensorValue?)Floats(random, [.. i.Type.Shape.ToArray().Select(d => d.Value)]));
            Dictionary<string, byte[]> before = inputs.ToDictionary(i => i.Key, i => i.Value!.Bytes.ToArray());
            Dictionary<string, TensorValue> expected = OneByOne(graph, inputs);
            var executor = new GraphExecutor(graph);
            for (int run = 0; run < 2; run++)
            {
                IReadOnlyList<TensorValue?> outputs = executor.Run(inputs).Outputs;
                for (int i = 0; i < outputs.Count; i++)
                    CollectionAssert.AreEqual(expected[graph.Outputs[i].Name].Bytes.ToArray(), outputs[i]!.Bytes.ToArray(),
                        $"seed {seed}, run {run}, {graph.Outputs[i].Name}");
                foreach (var (name, bytes) in before)
                    CollectionAssert.AreEqual(bytes, inputs[name]!.Bytes.ToArray(), $"seed {seed}: the caller's {name} changed");
            }
        }
    }

    [TestMethod]
    public void A_chain_takes_the_memory_of_one_value()
    {
        const int Count = 1 << 18;
        Graph graph = Of(["x"], ["y"], Node("Neg", ["x"], "a"), Node("Exp", ["a"], "b"), Node("Abs", ["b"], "c"), Node("Neg", ["c"], "y"));
        var executor = new GraphExecutor(graph, new ExecutionOptions { MaxBytes = 2 * Count * sizeof(float) });
        TensorValue x = Floats(new Random(1), Count);
        float[] y = executor.Run(new Dictionary<string, TensorValue?> { ["x"] = x }).Outputs[0]!.Span<float>().ToArray();
        Assert.AreEqual(-MathF.Exp(-x.Span<float>()[7]), y[7], 1e-5f);
    }

    /// <summary>The same node meets other shapes, and other elements where they decide the shape.</summary>
    [TestMethod]
    public void A_node_sees_what_changed_since_its_last_call()
    {
        var constants = new Dictionary<string, TensorValue> { ["zero"] = TensorValue.From([0L], 1), ["m"] = TensorValue.From([-1L, 2], 2) };
        Graph graph = Of([.. Inputs("x", "n")], constants, ["y", "z"], Node("Slice", ["x", "zero", "n"], "y"),
            Node("Reshape", ["x", "m"], "z"));
        var executor = new GraphExecutor(graph);
        foreach (long length in new long[] { 8, 8, 6, 8, 2 })
            for (long n = 0; n < 3; n++)
            {
                TensorValue x = Floats(new Random((int)n), length);
                IReadOnlyList<TensorValue?> outputs =
                    executor.Run(new Dictionary<string, TensorValue?> { ["x"] = x, ["n"] = TensorValue.From([n], 1) }).Outputs;
                CollectionAssert.AreEqual(x.Span<float>()[..(int)Math.Min(n, length)].ToArray(), outputs[0]!.Span<float>().ToArray());
                CollectionAssert.AreEqual(new[] { length / 2, 2 }, outputs[1]!.Dims);
            }
        Assert.ThrowsExactly<OpException>(() => executor.Run(new Dictionary<string, TensorValue?>
        {
            ["x"] = Floats(new Random(1), 7), ["n"] = TensorValue.From([1L], 1)
        }));
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(400)]
    public void Rules_on_data_hold_in_every_call(int count)
    {
        var executor = new GraphExecutor(Of(["x", "i"], ["y"], Node("Gather", ["x", "i"], "y")));
        TensorValue x = Floats(new Random(1), 5), indices = TensorValue.Allocate(ElementType.Int64, [count], clear: true);
        var given = new Dictionary<string, TensorValue?> { ["x"] = x, ["i"] = indices };
        executor.Run(given);
        executor.Run(given);
        indices.Span<long>()[count - 1] = 5;
        Assert.ThrowsExactly<OpException>(() => executor.Run(given));
        indices.Span<long>()[count - 1] = 4;
        Assert.AreEqual(x.Span<float>()[4], executor.Run(given).Outputs[0]!.Span<float>()[count - 1]);
    }

    private static Graph RandomGraph(Random random)
    {
        long[][] shapes = [[2, 3, 4], [4], [3, 1], [2, 3, 4], [24]];
        var values = new List<(string Name, long[] Dims)>();
        var inputs = new List<GraphValue>();
        for (int i = 0; i < 3; i++)
        {
            long[] dims = shapes[random.Next(shapes.Length)];
            values.Add(($"x{i}", dims));
            inputs.Add(new GraphValue($"x{i}", ValueKind.Tensor, TensorType.Of(ElementType.Float, dims)));
        }
        var constants = new Dictionary<string, TensorValue> { ["c"] = Floats(random, 4), ["yes"] = TensorValue.From([true]) };
        values.Add(("c", [4]));
        var nodes = new List<Node>();
        for (int i = 0, count = random.Next(3, 14); i < count; i++)
        {
            // Mostly the newest values, so that chains become long.
            (string Name, long[] Dims) Pick() => values[Math.Max(random.Next(values.Count), random.Next(values.Count))];
            var (a, dims) = Pick();
            var (b, other) = Pick();
            string name = $"v{i}";
            if (random.Next(4) is var kind && kind == 0)
            {
                nodes.Add(Node(Unary[random.Next(Unary.Length)], [a], name));
            }
            else if (kind == 1 && dims.Aggregate(1L, (x, y) => x * y) == 24)
            {
                dims = dims.Length == 1 ? [2, 3, 4] : [24];
                constants[$"s{i}"] = TensorValue.From<long>(dims, dims.Length);
                nodes.Add(Node("Reshape", [a, $"s{i}"], name));
            }
            else if (kind == 2)
            {
                Graph branch = Of([], ["t"], Node("Neg", [a], "u"), Node("Abs", ["u"], "t"));
                Graph through = Of([], ["t"], Node("Identity", [a], "t"));
                nodes.Add(new Node
                {
                    Op = "If", Domain = "ai.onnx", Opset = 21, Inputs = ["yes"], Outputs = [name],
                    Attributes = new AttributeValues(new Dictionary<string, object>
                    {
                        ["then_branch"] = random.Next(2) == 0 ? branch : through, ["else_branch"] = branch
                    }),
                });
            }
            else if (Joined(dims, other) is { } joined)
            {
                dims = joined;
                nodes.Add(Node(Binary[random.Next(Binary.Length)], [a, b], name));
            }
            else
            {
                nodes.Add(Node("Add", [a, a], name));
            }
            values.Add((name, dims));
        }
        string[] outputs = [.. nodes.Select(n => n.Outputs[0]).Where((_, i) => i == nodes.Count - 1 || random.Next(4) == 0)];
        return Of(inputs, constants, outputs, [.. nodes]);
    }

    private static Dictionary<string, TensorValue> OneByOne(Graph graph, Dictionary<string, TensorValue?> inputs)
    {
        var values = new Dictionary<string, TensorValue>(graph.Constants);
        foreach (var (name, value) in inputs)
            values[name] = value!;
        foreach (Node node in graph.Nodes)
        {
            if (node.Op == "If")
            {
                foreach (Node inner in ((Graph)node.Attributes.Find("then_branch")!).Nodes)
                    values[inner.Outputs[0]] = Alone(inner, values);
                values[node.Outputs[0]] = values["t"];
            }
            else
            {
                values[node.Outputs[0]] = Alone(node, values);
            }
        }
        return values;
    }

    private static TensorValue Alone(Node node, Dictionary<string, TensorValue> values)
    {
        var call = new OpCall([.. node.Inputs.Select(i => values[i])], node.Attributes, [true]);
        OpRegistry.Get(node.Domain, node.Op, node.Opset).Run!(call);
        return call.Outputs[0]!;
    }

    private static long[]? Joined(long[] a, long[] b)
    {
        var joined = new long[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= joined.Length; i++)
        {
            long x = i <= a.Length ? a[^i] : 1, y = i <= b.Length ? b[^i] : 1;
            if (x != y && x != 1 && y != 1)
                return null;
            joined[^i] = Math.Max(x, y);
        }
        return joined;
    }

    private static TensorValue Floats(Random random, params long[] dims)
    {
        TensorValue value = TensorValue.Allocate(ElementType.Float, dims);
        foreach (ref float x in value.Span<float>())
            x = random.NextSingle() - 0.5f;
        return value;
    }

    private static IEnumerable<GraphValue> Inputs(params string[] names) =>
        names.Select(n => new GraphValue(n, ValueKind.Tensor, TensorType.Unknown));

    private static Graph Of(string[] inputs, string[] outputs, params Node[] nodes) => Of([.. Inputs(inputs)], [], outputs, nodes);

    private static Graph Of(List<GraphValue> inputs, Dictionary<string, TensorValue> constants, string[] outputs,
        params Node[] nodes) => new()
    {
        Inputs = inputs,
        Constants = constants,
        Outputs = [.. outputs.Select(o => new GraphValue(o, ValueKind.Tensor, TensorType.Unknown))],
        Nodes = nodes,
    };

    private static Node Node(string op, string[] inputs, string output) =>
        new() { Op = op, Domain = "ai.onnx", Opset = 21, Inputs = inputs, Outputs = [output] };
}
