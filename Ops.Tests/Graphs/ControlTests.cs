using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Graphs;

/// <summary>If, Loop and Scan against plain loops, and where they must stop or refuse.</summary>
[TestClass]
public sealed class ControlTests
{
    [TestMethod]
    [DataRow(true, 5f)]
    [DataRow(false, 6f)]
    public void Branches_read_what_lies_around_them(bool condition, float expected)
    {
        Node choice = N("If", ["c"], ["y"], ("then_branch", G([], ["t"], N("Add", ["a", "b"], ["t"]))),
            ("else_branch", G([], ["t"], N("Mul", ["a", "b"], ["t"]))));
        Graph graph = G(["c", "a"], ["y"], [N("Add", ["a", "one"], ["b"]), choice], ("one", F(1)));
        Assert.AreEqual(expected, Run(graph, ("c", TensorValue.From([condition])), ("a", F(2)))[0].Span<float>()[0]);
    }

    [TestMethod]
    public void Inner_names_hide_outer_ones()
    {
        Graph inner = G([], ["x"], N("Add", ["a", "a"], ["x"]));
        Graph graph = G(["c", "a", "x"], ["y", "z"], N("If", ["c"], ["y"], ("then_branch", inner), ("else_branch", inner)),
            N("Identity", ["x"], ["z"]));
        TensorValue[] outputs = Run(graph, ("c", TensorValue.From([true])), ("a", F(2)), ("x", F(7)));
        Assert.AreEqual(4f, outputs[0].Span<float>()[0]);
        Assert.AreEqual(7f, outputs[1].Span<float>()[0]);
    }

    /// <summary>x doubles until it passes a bound: with and without a trip count, with and without a first condition.</summary>
    [TestMethod]
    [DataRow(-1L, -1)]
    [DataRow(3L, -1)]
    [DataRow(3L, 1)]
    [DataRow(50L, 1)]
    [DataRow(-1L, 1)]
    [DataRow(0L, 1)]
    [DataRow(5L, 0)]
    public void Loops_follow_count_and_condition(long most, int first)
    {
        var given = new List<(string, TensorValue?)> { ("x", F(1)) };
        if (most >= 0)
            given.Add(("m", TensorValue.From([most])));
        if (first >= 0)
            given.Add(("c", TensorValue.From([first == 1])));
        Node loop = N("Loop", [most >= 0 ? "m" : "", first >= 0 ? "c" : "", "x"], ["last", "all"], ("body", Doubling()));
        Graph graph = G([.. given.Select(g => g.Item1)], ["last", "all"], [loop], ("bound", F(100)));

        var all = new List<float>();
        float x = 1;
        bool goOn = first != 0;
        for (long i = 0; goOn && (most < 0 || i < most); i++)
        {
            all.Add(x);
            x += x;
            goOn = x < 100;
        }

        TensorValue[] outputs = Run(graph, [.. given]);
        Assert.AreEqual(x, outputs[0].Span<float>()[0]);
        CollectionAssert.AreEqual(new long[] { all.Count }, outputs[1].Dims);
        CollectionAssert.AreEqual(all, outputs[1].Span<float>().ToArray());
    }

    [TestMethod]
    public void Loops_see_their_number_and_may_change_shapes()
    {
        // Appends the number of each iteration.
        Graph body = G(["i", "go", "list"], ["goes", "longer"],
            [N("Identity", ["go"], ["goes"]), N("Unsqueeze", ["i", "zero"], ["v"]), N("Concat", ["list", "v"], ["longer"], ("axis", 0L))],
            ("zero", TensorValue.From<long>([0], 1)));
        Graph graph = G(["m", "list"], ["y"], N("Loop", ["m", "", "list"], ["y"], ("body", body)));
        TensorValue empty = TensorValue.Allocate(ElementType.Int64, [0]);
        CollectionAssert.AreEqual(new long[] { 0, 1, 2, 3 },
            Run(graph, ("m", TensorValue.From([4L])), ("list", empty))[0].Span<long>().ToArray());
        InferredGraph inferred = GraphInference.Infer(graph,
            new Dictionary<string, TensorType?>
            {
                ["m"] = TensorType.Of(ElementType.Int64), ["list"] = TensorType.Of(ElementType.Int64, 0)
            });
        Assert.AreEqual("int64[?]", inferred["y"].ToString());
    }

    [TestMethod]
    public void Scans_cut_and_stack_along_any_axis()
    {
        var random = new Random(3);
        foreach (ElementType type in new[] { ElementType.Float, ElementType.Int4, ElementType.String })
            for (int trial = 0; trial < 40; trial++)
            {
                int cut = random.Next(-3, 3), stack = random.Next(-3, 3);
                long back = random.Next(2), reversed = random.Next(2);
                long[] dims = [random.Next(4), 1 + random.Next(3), 1 + random.Next(5)];
                TensorValue x = Numbered(type, dims);
                Graph body = G(["s"], ["s"]);
                Graph graph = G(["x"], ["y"],
                    N("Scan", ["x"], ["y"], ("body", body), ("num_scan_inputs", 1L), ("scan_input_axes", new[] { (long)cut }),
                        ("scan_output_axes", new[] { (long)stack }),
                    ("scan_input_directions", new[] { back }), ("scan_output_directions", new[] { reversed })));
                TensorValue y = Run(graph, ("x", x))[0];
                int from = (cut + 3) % 3, to = (stack + 3) % 3;
                long[] rest = [.. dims.Where((_, i) => i != from)];
                long[] wanted = [.. rest[..to], dims[from], .. rest[to..]];
                CollectionAssert.AreEqual(wanted, y.Dims);
                for (long at = 0; at < x.Length; at++)
                {
                    long[] place = Place(at, dims);
                    long slice = back == reversed ? place[from] : dims[from] - 1 - place[from];
                    long[] others = [.. place.Where((_, i) => i != from)];
                    Assert.AreEqual(Text(x, at), Text(y, Offset([.. others[..to], slice, .. others[to..]], wanted)),
                        $"{type} {cut} {stack}");
                }
            }
    }

    [TestMethod]
    public void Scans_know_the_shapes_of_nothing()
    {
        Graph body = G(["sum", "s"], ["next", "copy"], N("Add", ["sum", "s"], ["next"]), N("Identity", ["next"], ["copy"]));
        Graph graph = G(["sum", "x"], ["last", "all"],
            N("Scan", ["sum", "x"], ["last", "all"], ("body", body), ("num_scan_inputs", 1L), ("scan_output_axes", new[] { 1L })));
        TensorValue[] outputs = Run(graph, ("sum", TensorValue.From<float>([1, 2], 2)),
            ("x", TensorValue.Allocate(ElementType.Float, [0, 2])));
        Assert.AreEqual("float[2]", outputs[0].ToString());
        Assert.AreEqual("float[2, 0]", outputs[1].ToString());
    }

    [TestMethod]
    public void Old_scans_take_batches_of_sequences_of_different_lengths()
    {
        Graph body = G(["sum", "s"], ["next", "copy"], N("Add", ["sum", "s"], ["next"]), N("Identity", ["next"], ["copy"]));
        Node scan = N("Scan", ["lengths", "sum", "x"], ["last", "all"], 8, ("body", body), ("num_scan_inputs", 1L),
            ("directions", new[] { 1L }));
        Graph graph = G(["lengths", "sum", "x"], ["last", "all"], scan);
        TensorValue[] outputs = Run(graph, ("lengths", TensorValue.From<long>([2, 3], 2)), ("sum", TensorValue.From<float>([0, 100], 2, 1)),
            ("x", TensorValue.From<float>([1, 2, 3, 4, 5, 6], 2, 3, 1)));
        CollectionAssert.AreEqual(new float[] { 3, 115 }, outputs[0].Span<float>().ToArray());
        CollectionAssert.AreEqual(new float[] { 2, 3, 0, 106, 111, 115 }, outputs[1].Span<float>().ToArray());
    }

    [TestMethod]
    public void Endless_loops_end_at_the_limit_of_steps()
    {
        OpException error = Assert.ThrowsExactly<OpException>(
            () => new GraphExecutor(Endless(), new ExecutionOptions { MaxSteps = 10_000 }).Run(new Dictionary<string, TensorValue?>()));
        Assert.AreEqual("steps", error.Rule);
    }

    [TestMethod]
    public void Endless_loops_can_be_stopped()
    {
        using var source = new CancellationTokenSource(50);
        Assert.ThrowsExactly<OperationCanceledException>(
            () => new GraphExecutor(Endless()).Run(new Dictionary<string, TensorValue?>(), source.Token));
    }

    [TestMethod]
    public void Loops_keep_to_the_memory_limit()
    {
        // 4 KB are passed on and stacked: the stack alone outgrows the limit.
        Graph body = G(["i", "go", "x"], ["goes", "next", "copy"], N("Identity", ["go"], ["goes"]), N("Add", ["x", "x"], ["next"]),
            N("Identity", ["x"], ["copy"]));
        Graph graph = G(["m", "x"], ["last", "all"], N("Loop", ["m", "", "x"], ["last", "all"], ("body", body)));
        var inputs = new Dictionary<string, TensorValue?>
        {
            ["m"] = TensorValue.From([10L]),
            ["x"] = TensorValue.Allocate(ElementType.Float, [1024], clear: true)
        };
        new GraphExecutor(graph, new ExecutionOptions { MaxBytes = 100 << 10 }).Run(inputs);
        OpException error =
            Assert.ThrowsExactly<OpException>(() => new GraphExecutor(graph, new ExecutionOptions { MaxBytes = 30 << 10 }).Run(inputs));
        Assert.AreEqual("memory", error.Rule);
        // What is only passed on takes no more memory however often.
        Graph thin = G(["m", "x"], ["last"],
            N("Loop", ["m", "", "x"], ["last"],
                ("body", G(["i", "go", "x"], ["goes", "next"], N("Identity", ["go"], ["goes"]), N("Add", ["x", "x"], ["next"])))));
        new GraphExecutor(thin,
            new ExecutionOptions { MaxBytes = 20 << 10 }).Run(
                new Dictionary<string, TensorValue?>(inputs) { ["m"] = TensorValue.From([1000L]) });
    }

    [TestMethod]
    public void Broken_rules_have_names()
    {
        Graph one = G(["s"], ["t"], N("Identity", ["s"], ["t"])), none = G([], ["t"], N("Identity", ["x"], ["t"]));
        AssertRule("inputs-of-body", N("Scan", ["x"], ["y"], ("body", none), ("num_scan_inputs", 1L)));
        AssertRule("outputs-of-body",
            N("Scan", ["x"], ["y", "z"], ("body", one), ("num_scan_inputs", 1L), ("scan_output_axes", new[] { 0L, 0 })));
        AssertRule("axes-in-range", N("Scan", ["x"], ["y"], ("body", one), ("num_scan_inputs", 1L), ("scan_input_axes", new[] { 5L })));
        AssertRule("enough-inputs", N("Scan", ["x"], ["y"], ("body", one), ("num_scan_inputs", 2L)));
        AssertRule("outputs-of-body", N("Loop", ["", "", "x"], ["y"], ("body", G(["i", "c", "s"], ["s"]))));
        AssertRule("state-type",
            N("Loop", ["m", "", "x"], ["y"],
                ("body", G(["i", "c", "s"], ["c2", "i2"], N("Identity", ["c"], ["c2"]), N("Identity", ["i"], ["i2"])))));
        AssertRule("branches-have-no-inputs", N("If", ["c"], ["y"], ("then_branch", one), ("else_branch", one)));
        AssertRule("outputs-of-branches", N("If", ["c"], ["y", "z"], ("then_branch", none), ("else_branch", none)));
    }

    [TestMethod]
    public void Inference_refuses_branches_of_different_types()
    {
        Graph cast = G([], ["t"], N("Cast", ["x"], ["t"], ("to", (long)ElementType.Int64))),
            copy = G([], ["t"], N("Identity", ["x"], ["t"]));
        Graph graph = G(["c", "x"], ["y"], N("If", ["c"], ["y"], ("then_branch", cast), ("else_branch", copy)));
        OpException error = Assert.ThrowsExactly<OpException>(() => GraphInference.Infer(graph,
            new Dictionary<string, TensorType?> { ["c"] = TensorType.Of(ElementType.Bool), ["x"] = TensorType.Of(ElementType.Float, 2) }));
        Assert.AreEqual("branches-of-one-type", error.Rule);
    }

    private static void AssertRule(string rule, Node node)
    {
        Graph graph = G(["x", "c", "m"], [node.Outputs[0]], node);
        OpException error = Assert.ThrowsExactly<OpException>(() => Run(graph, ("x", TensorValue.From<float>([1, 2], 2)),
            ("c", TensorValue.From([true])), ("m", TensorValue.From([2L]))));
        Assert.AreEqual(rule, error.Rule, error.Message);
    }

    [TestMethod]
    public void A_branch_that_contradicts_itself_is_an_error_only_where_it_runs()
    {
        // Squeezing an axis of 2 is wrong; which branch runs is not known before running.
        Graph squeeze = G([], ["t"], N("Squeeze", ["x", "axes"], ["t"])), copy = G([], ["t"], N("Identity", ["x"], ["t"]));
        Graph graph = G(["c", "x"], ["y"], [N("If", ["c"], ["y"], ("then_branch", squeeze), ("else_branch", copy))],
            ("axes", TensorValue.From<long>([0], 1)));
        InferredGraph inferred = GraphInference.Infer(graph,
            new Dictionary<string, TensorType?> { ["c"] = TensorType.Of(ElementType.Bool), ["x"] = TensorType.Of(ElementType.Float, 2) });
        Assert.AreEqual("float[2]", inferred["y"].ToString());
        Assert.AreEqual("float[2]", Run(graph, ("c", TensorValue.From([false])), ("x", TensorValue.From<float>([1, 2], 2)))[0].ToString());
        Assert.ThrowsExactly<OpException>(() => Run(graph, ("c", TensorValue.From([true])), ("x", TensorValue.From<float>([1, 2], 2))));
    }

    [TestMethod]
    public void Deep_nesting_is_inferred_in_no_time_and_refused_when_absurd()
    {
        Graph Nested(int depth) => depth == 0 ? G([], ["t"], N("Identity", ["x"], ["t"]))
            : G([], ["t"],
                N("If", ["c"], ["t"], ("then_branch", Nested(depth - 1)), ("else_branch", G([], ["t"], N("Identity", ["x"], ["t"])))));
        Graph Whole(int depth) => G(["c", "x"], ["t"], [.. Nested(depth).Nodes]);
        var types = new Dictionary<string, TensorType?>
        {
            ["c"] = TensorType.Of(ElementType.Bool), ["x"] = new(ElementType.Float, Seq.Of(Dim.Symbol("n")))
        };
        Assert.AreEqual("float[n]", GraphInference.Infer(Whole(40), types)["t"].ToString());
        Assert.AreEqual("depth", Assert.ThrowsExactly<OpException>(() => new GraphExecutor(Whole(200))).Rule);
    }

    private static Graph Doubling() => G(["i", "go", "x"], ["goes", "next", "before"],
        N("Add", ["x", "x"], ["next"]), N("Less", ["next", "bound"], ["goes"]), N("Identity", ["x"], ["before"]));

    private static Graph Endless() =>
        G([], ["y"],
            [N("Loop", ["", "", "zero"], ["y"],
                ("body", G(["i", "go", "x"], ["goes", "next"], N("Identity", ["go"], ["goes"]), N("Identity", ["x"], ["next"]))))],
            ("zero", F(0)));

    private static TensorValue[] Run(Graph graph, params (string Name, TensorValue? Value)[] inputs) =>
        [.. new GraphExecutor(graph).Run(inputs.Where(i => graph.Inputs.Any(g => g.Name == i.Name)).ToDictionary(i => i.Name,
            i => i.Value)).Outputs
            .Select(o => o!)];

    private static TensorValue F(float x) => TensorValue.From([x]);

    private static TensorValue Numbered(ElementType type, long[] dims)
    {
        TensorValue x = TensorValue.Allocate(type, dims, clear: true);
        for (int i = 0; i < x.Length; i++)
            if (type == ElementType.Float)
                x.Span<float>()[i] = i;
            else if (type == ElementType.String)
                x.Strings![i] = $"{i}";
            else
                x.Bytes[i / 2] |= (byte)((i * 7 & 15) << i % 2 * 4);
        return x;
    }

    private static string Text(TensorValue x, long i) =>
        x.Type == ElementType.Float ? $"{x.Span<float>()[(int)i]}" : x.Strings?[i] ?? $"{x.Bytes[(int)i / 2] >> (int)(i % 2 * 4) & 15}";

    private static long[] Place(long offset, long[] dims)
    {
        var place = new long[dims.Length];
        for (int axis = dims.Length - 1; axis >= 0; axis--)
            (offset, place[axis]) = (offset / dims[axis], offset % dims[axis]);
        return place;
    }

    private static long Offset(long[] place, long[] dims) => place.Zip(dims).Aggregate(0L, (at, p) => at * p.Second + p.First);

    private static Graph G(string[] inputs, string[] outputs, params Node[] nodes) => G(inputs, outputs, nodes, []);

    private static Graph G(string[] inputs, string[] outputs, Node[] nodes, params (string Name, TensorValue Value)[] constants) => new()
    {
        Name = "g",
        Inputs = [.. inputs.Select(i => new GraphValue(i, ValueKind.Tensor, TensorType.Unknown))],
        Outputs = [.. outputs.Select(o => new GraphValue(o, ValueKind.Tensor, TensorType.Unknown))],
        Nodes = nodes,
        Constants = constants.ToDictionary(c => c.Name, c => c.Value),
    };

    private static Node N(string op, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes) =>
        N(op, inputs, outputs, 24, attributes);

    private static Node N(string op, string[] inputs, string[] outputs, long opset,
        params (string Name, object Value)[] attributes) => new()
    {
        Op = op,
        Domain = "ai.onnx",
        Opset = opset,
        Inputs = inputs,
        Outputs = outputs,
        Attributes = new AttributeValues(attributes.ToDictionary(a => a.Name, a => a.Value)),
    };
}
