using Ops.Graphs;
using Ops.Kernels;
using Ops.Modifiers;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Modifiers;

/// <summary>What the experimental FlexAttention adds: tensors of the caller in both graphs, and zero for rows without keys.</summary>
[TestClass]
public sealed class CaptureTests
{
    private const string Domain = "opspec.experimental";

    [TestMethod]
    public void Documents_lengths_and_slopes_are_captured()
    {
        FlexCase c = new FlexCase { Batches = 2, Heads = 4, KeyHeads = 2, Queries = 41 }.Filled();
        long[] documents = [.. Enumerable.Range(0, 2 * 41).Select(n => (long)(n % 41 / (5 + n / 41)))], lengths = [30, 41];
        float[] slopes = [0.5f, 0.25f, 0.125f, 0.0625f];
        double[] expected = c.Reference((s, b, h, i, j) => documents[b * 41 + i] == documents[b * 41 + j] && j < lengths[b]
            ? s + slopes[h] * (j - i) : double.NegativeInfinity, null);
        foreach (int spelling in new[] { 0, 5, 7 })
        {
            Positions positions = Positions.All[spelling];
            var w = new GraphWriter(c.Scores);
            w.Captures.AddRange(["documents", "lengths", "slopes"]);
            string own = w["Unsqueeze", "documents", w.Long(1, 3)], other = w["Unsqueeze", "documents", w.Long(1, 2)];
            string inside = w["Less", w.Cast(positions.Along(w, c, 3), ElementType.Int64), w["Reshape", "lengths", w.Long(-1, 1, 1, 1)]];
            string distance = w.Cast(w["Sub", positions.Along(w, c, 3), positions.Along(w, c, 2)], ElementType.Float);
            string biased = w["Add", w.Score, w["Mul", w["Reshape", "slopes", w.Long(-1, 1, 1)], distance]];
            Graph graph = w.Build(w["Where", w["And", w["Equal", own, other], inside], biased, w.Number(double.NegativeInfinity)]);
            foreach (ExecutionPath path in new[] { ExecutionPath.Fused, ExecutionPath.Decomposed })
                FlexCase.Same(expected, c.Run(path, graph, null, Domain, ("documents", TensorValue.From<long>(documents, 2, 41)),
                    ("lengths", TensorValue.From<long>(lengths, 2)),
                    ("slopes", TensorValue.From<float>(slopes, 4))), 1e-5, $"{positions}, {path}");
        }
    }

    [TestMethod]
    public void A_captured_bias_reaches_probabilities_too()
    {
        FlexCase c = new FlexCase { Queries = 9, Keys = 70 }.Filled();
        float[] bias = [.. Enumerable.Range(0, 9 * 70).Select(n => MathF.Sin(n))];
        double[] expected = c.Reference((s, _, _, i, j) => s + bias[i * 70 + j],
            (p, _, _, i) => [.. p.Select((v, j) => v * bias[i * 70 + j])]);
        Graph Write(string op)
        {
            var w = new GraphWriter(c.Scores);
            w.Captures.Add("bias");
            return w.Build(w[op, w.Score, "bias"]);
        }
        foreach (ExecutionPath path in new[] { ExecutionPath.Fused, ExecutionPath.Decomposed })
            FlexCase.Same(expected, c.Run(path, Write("Add"), Write("Mul"), Domain, ("bias", TensorValue.From<float>(bias, 9, 70))), 1e-5,
                path.ToString());
    }

    [TestMethod]
    public void What_is_captured_may_change_in_place()
    {
        FlexCase c = new FlexCase { Batches = 2, Heads = 4, KeyHeads = 2, Queries = 9, Keys = 41 }.Filled();
        var w = new GraphWriter(c.Scores);
        w.Captures.AddRange(["lengths", "slopes"]);
        string inside = w["Less", Positions.All[0].Along(w, c, 3), w["Reshape", "lengths", w.Long(-1, 1, 1, 1)]];
        Graph graph =
            w.Build(w["Where", inside, w["Mul", w.Score, w["Reshape", "slopes", w.Long(-1, 1, 1)]], w.Number(double.NegativeInfinity)]);
        TensorValue lengths = TensorValue.From<long>([30, 41], 2), slopes = TensorValue.From<float>([0.5f, 0.25f, 1, 2], 4);
        double[] Run() => c.Run(ExecutionPath.Fused, graph, null, Domain, ("lengths", lengths), ("slopes", slopes));
        double[] Expected(long[] n, float[] f) => c.Reference((s, b, h, _, j) => j < n[b] ? s * f[h] : double.NegativeInfinity, null);
        FlexCase.Same(Expected([30, 41], [0.5f, 0.25f, 1, 2]), Run(), 1e-5, "first");
        lengths.Span<long>()[0] = 3;
        slopes.Span<float>()[3] = -1;
        FlexCase.Same(Expected([3, 41], [0.5f, 0.25f, 1, -1]), Run(), 1e-5, "changed");
        int kept = ModifierCache.Count;
        lengths.Span<long>()[0] = 30;
        slopes.Span<float>()[3] = 2;
        FlexCase.Same(Expected([30, 41], [0.5f, 0.25f, 1, 2]), Run(), 1e-5, "changed back");
        Assert.AreEqual(kept, ModifierCache.Count);
    }

    [TestMethod]
    public void Large_captures_are_read_where_they_lie()
    {
        FlexCase c = new FlexCase { Heads = 4, KeyHeads = 2, Queries = 60, Keys = 300 }.Filled();
        float[] bias = [.. Enumerable.Range(0, 4 * 60 * 300).Select(n => n % 7 == 3 ? float.NegativeInfinity : MathF.Sin(n))];
        var w = new GraphWriter(c.Scores);
        w.Captures.Add("bias");
        Graph graph = w.Build(w["Add", w.Score, "bias"]);
        TensorValue captured = TensorValue.From<float>(bias, 4, 60, 300);
        foreach (float value in new[] { bias[0], 5f })
        {
            captured.Span<float>()[0] = value;
            double[] expected = c.Reference((s, _, h, i, j) => s + (h + i + j == 0 ? value : bias[(h * 60 + i) * 300 + j]), null);
            FlexCase.Same(expected, c.Run(ExecutionPath.Fused, graph, null, Domain, ("bias", captured)), 1e-5, $"{value}");
        }
    }

    [TestMethod]
    public void New_content_compiles_nothing()
    {
        FlexCase c = new FlexCase { Batches = 2, Heads = 4, KeyHeads = 2, Queries = 1, Keys = 300 }.Filled();
        var w = new GraphWriter(c.Scores);
        w.Captures.AddRange(["lengths", "slopes"]);
        string keys = Positions.All[0].Along(w, c, 3), lengths = w["Reshape", "lengths", w.Long(-1, 1, 1, 1)];
        string distance = w.Cast(w["Sub", keys, w["Sub", lengths, w.LongScalar(1)]], ElementType.Float);
        Graph graph = w.Build(w["Where", w["Less", keys, lengths],
            w["Add", w.Score, w["Mul", w["Reshape", "slopes", w.Long(-1, 1, 1)], distance]], w.Number(double.NegativeInfinity)]);
        int before = ModifierCache.Compilations;
        foreach (int length in Enumerable.Range(1, 299))
        {
            long[] n = [length, 300 - length];
            float[] f = [0.5f, 0.25f * length, 0, -1];
            double[] expected = c.Reference((s, b, h, _, j) => j < n[b] ? s + f[h] * (j - n[b] + 1) : double.NegativeInfinity, null);
            FlexCase.Same(expected,
                c.Run(ExecutionPath.Fused, graph, null, Domain, ("lengths", TensorValue.From<long>(n, 2)),
                    ("slopes", TensorValue.From<float>(f, 4))),
                1e-5, $"{length}");
        }
        Assert.AreEqual(before + 1, ModifierCache.Compilations);
    }

    [TestMethod]
    public void Sparsity_is_that_of_the_call()
    {
        var call = new ModifierCall(1, 2, 1024, 1024, ElementType.Float, ElementType.Float);
        var w = new GraphWriter(ElementType.Float);
        w.Captures.Add("documents");
        Graph graph = w.Build(w["Where", w["Equal", w["Unsqueeze", "documents", w.Long(1)], "documents"], w.Score,
            w.Number(double.NegativeInfinity)]);
        foreach (int length in new[] { 256, 96, 1024 })
        {
            TensorValue documents = TensorValue.From<long>([.. Enumerable.Range(0, 1024).Select(n => (long)(7 + n / length))], 1024);
            var (modifiers, operands) = ModifierCache.Bind("FlexAttention", call, graph, null, [Operand(documents)]);
            Assert.IsNotNull(operands);
            for (int query = 0; query + 8 <= 1024; query += 8)
                for (int cell = 0; cell < 1024; cell += 256)
                {
                    int low = cell, high = cell + 256,
                        number = modifiers.Scores!.Select(0, new Interval(0, 1), new Interval(query, query + 7), ref low, ref high, 32,
                            operands, out bool isFull);
                    int from = Math.Max(cell, query / length * length), to = Math.Min(cell + 256, (query + 7) / length * length + length);
                    Assert.AreEqual(from < to, number >= 0, $"{length}, {query}, {cell}");
                    if (from >= to) continue;
                    Assert.AreEqual((from, Math.Min(cell + 256, (to + 31) / 32 * 32)), (low, high));
                    Assert.AreEqual(query / length == (query + 7) / length && to == high, isFull, $"{length}, {query}, {cell}");
                    Assert.AreEqual(isFull, modifiers.Scores[number].Steps.Length == 0, $"{length}, {query}, {cell}");
                }
            GC.KeepAlive(documents);
        }
    }

    [TestMethod]
    public void Captures_are_places_in_tables()
    {
        FlexCase c = new FlexCase { Heads = 4, KeyHeads = 2, Queries = 33, Keys = 70 }.Filled();
        double[] table = [.. Enumerable.Range(0, 40).Select(n => Math.Sin(n))];
        // Token types choose a bias; -1 counts from the end, which is found out in the call; slopes times distances become a table of the
        // call.
        foreach (long[] types in new long[][] { [0, 39, 3], [1, 2, 0], [-1, 5, -40] })
        {
            long[] keys = [.. Enumerable.Range(0, 70).Select(j => types[j % 3])];
            float[] slopes = [1, 0.5f, types[0], 0];
            var w = new GraphWriter(c.Scores);
            w.Captures.AddRange(["types", "slopes"]);
            string distance = w.Cast(w["Sub", Positions.All[0].Along(w, c, 3), Positions.All[0].Along(w, c, 2)], ElementType.Float);
            string biased = w["Add", w.Score, w["Gather", w.Numbers(table, ElementType.Float, 40), "types"]];
            Graph graph = w.Build(w["Add", biased, w["Abs", w["Mul", w["Reshape", "slopes", w.Long(-1, 1, 1)], distance]]]);
            double[] expected = c.Reference((s, _, h, i, j) => s + table[(keys[j] + 40) % 40] + Math.Abs(slopes[h] * (j - i)), null);
            (string, TensorValue)[] captures = [("types", TensorValue.From<long>(keys, 70)),
                ("slopes", TensorValue.From<float>(slopes, 4))];
            foreach (ExecutionPath path in new[] { ExecutionPath.Fused, ExecutionPath.Decomposed })
                FlexCase.Same(expected, c.Run(path, graph, null, Domain, captures), 1e-5, $"{types[0]}, {path}");
        }
        var beyond = new GraphWriter(c.Scores);
        beyond.Captures.Add("types");
        Graph read = beyond.Build(beyond["Add", beyond.Score, beyond["Gather", beyond.Numbers(table, ElementType.Float, 40), "types"]]);
        foreach (long place in new[] { 40L, -41, long.MinValue, 1L << 40 })
            Assert.ThrowsExactly<OpException>(() => c.Run(ExecutionPath.Auto, read, null, Domain,
                ("types", TensorValue.From<long>([.. Enumerable.Range(0, 70).Select(j => j == 69 ? place : 0)], 70))),
                $"{place}");
    }

    [TestMethod]
    public void A_capture_that_is_not_given_is_refused()
    {
        var w = new GraphWriter(ElementType.Float);
        w.Captures.AddRange(["absent", "slope"]);
        var node = new Node
        {
            Op = "FlexAttention", Domain = Domain, Opset = 1, Inputs = ["Q", "Q", "Q", "", "slope"], Outputs = ["Y"],
            Attributes = new AttributeValues(new Dictionary<string, object> { ["score_mod"] = w.Build(w["Mul", w.Score, "slope"]) }),
        };
        var graph = new Graph
        {
            Name = "call", Nodes = [node], Constants = new Dictionary<string, TensorValue>(),
            Inputs = [new GraphValue("Q", ValueKind.Tensor, TensorType.Unknown),
                new GraphValue("slope", ValueKind.Tensor, TensorType.Unknown)],
            Outputs = [new GraphValue("Y", ValueKind.Tensor, TensorType.Unknown)],
        };
        var inputs = new Dictionary<string, TensorValue?>
        {
            ["Q"] = TensorValue.Allocate(ElementType.Float, [1, 2, 3, 4]),
            ["slope"] = TensorValue.From<float>([2], 1)
        };
        foreach (ExecutionPath path in new[] { ExecutionPath.Auto, ExecutionPath.Fused, ExecutionPath.Decomposed })
            StringAssert.Contains(
                Assert.ThrowsExactly<OpException>(() => new GraphExecutor(graph, new ExecutionOptions { Path = path }).Run(inputs)).Message,
                "an element of captures, is missing");
    }

    [TestMethod]
    public void What_is_captured_may_be_of_any_type()
    {
        FlexCase c = new FlexCase { Batches = 2, Queries = 20, Keys = 70 }.Filled();
        foreach (ElementType type in new[] { ElementType.Bool, ElementType.UInt8, ElementType.Int8, ElementType.Int16, ElementType.Int32,
            ElementType.Int64, ElementType.UInt64, ElementType.Float16, ElementType.BFloat16, ElementType.Double })
        {
            long[] ids = [.. Enumerable.Range(0, 2 * 70).Select(n => (long)(type == ElementType.Bool ? n % 70 / 40 : n % 70 / 9))];
            TensorValue captured = TensorValue.Allocate(type, [2, 70]);
            for (int n = 0; n < ids.Length; n++)
            {
                switch (type)
                {
                    case ElementType.Bool or ElementType.UInt8 or ElementType.Int8: captured.Bytes[n] = (byte)ids[n]; break;
                    case ElementType.Int16: captured.Span<short>()[n] = (short)ids[n]; break;
                    case ElementType.Int32: captured.Span<int>()[n] = (int)ids[n]; break;
                    case ElementType.Int64: captured.Span<long>()[n] = ids[n]; break;
                    case ElementType.UInt64: captured.Span<ulong>()[n] = (ulong)ids[n]; break;
                    case ElementType.Float16: captured.Span<Half>()[n] = (Half)ids[n]; break;
                    case ElementType.BFloat16: captured.Span<BFloat16>()[n] = (BFloat16)(float)ids[n]; break;
                    default: captured.Span<double>()[n] = ids[n]; break;
                }
            }
            var w = new GraphWriter(c.Scores);
            w.Captures.Add("ids");
            string own = w["Slice", w["Unsqueeze", "ids", w.Long(1, 3)], w.Long(0), w.Long(20), w.Long(2)];
            Graph graph =
                w.Build(w["Where", w["Equal", own, w["Unsqueeze", "ids", w.Long(1, 2)]], w.Score, w.Number(double.NegativeInfinity)]);
            double[] expected = c.Reference((s, b, _, i, j) => ids[b * 70 + i] == ids[b * 70 + j] ? s : double.NegativeInfinity, null);
            FlexCase.Same(expected, c.Run(ExecutionPath.Fused, graph, null, Domain, ("ids", captured)), 1e-5, type.Name());
        }
    }

    [TestMethod]
    public void What_captures_alone_decide_may_take_any_op()
    {
        FlexCase c = new FlexCase { Queries = 60, Keys = 60, Heads = 4, KeyHeads = 2 }.Filled();
        var w = new GraphWriter(c.Scores);
        w.Captures.AddRange(["starts", "factors"]);
        // Documents are the sums of the flags of their first tokens; a bias is a product of captured matrices.
        string documents = w["CumSum", "starts", w.LongScalar(0)];
        string bias = w["MatMul", "factors", w.Op("Transpose", ["factors"], ("perm", new long[] { 1, 0 }))];
        Graph graph = w.Build(w["Where", w["Equal", w["Unsqueeze", documents, w.Long(1)], documents], w["Add", w.Score, bias],
            w.Number(double.NegativeInfinity)]);
        var v = new GraphWriter(c.Scores);
        v.Captures.AddRange(["starts", "factors"]);
        Graph gate = v.Build(v["Mul", v.Score, v.Op("Softmax", [v["ReduceSum", "factors", v.Long(1)]], ("axis", 0L))]);
        int compiled = 0;
        foreach (int length in new[] { 7, 13, 60 })
        {
            long[] starts = [.. Enumerable.Range(0, 60).Select(i => i % length == 0 ? 1L : 0)];
            float[] factors = [.. Enumerable.Range(0, 120).Select(i => MathF.Sin(i * length))];
            double[] expected = c.Reference((s, _, _, i, j) => i / length == j / length
                ? s + factors[2 * i] * factors[2 * j] + factors[2 * i + 1] * factors[2 * j + 1] : double.NegativeInfinity, null);
            (string, TensorValue)[] captures = [("starts", TensorValue.From<long>(starts, 60)),
                ("factors", TensorValue.From<float>(factors, 60, 2))];
            int before = ModifierCache.Compilations;
            FlexCase.Same(expected, c.Run(ExecutionPath.Fused, graph, null, Domain, captures), 1e-5, $"{length}");
            if (length == 13) Assert.AreEqual(before, ModifierCache.Compilations);
            FlexCase.Same(c.Run(ExecutionPath.Decomposed, graph, gate, Domain, captures),
                c.Run(ExecutionPath.Fused, graph, gate, Domain, captures), 1e-5, $"{length}, both");
            FlexCase.Same(c.Run(ExecutionPath.Decomposed, null, gate, Domain, captures),
                c.Run(ExecutionPath.Fused, null, gate, Domain, captures), 1e-5, $"{length}, gate");
            compiled = ModifierCache.Compilations - before;
        }
        Assert.IsTrue(compiled <= 2, $"{compiled} compilations");
    }

    private static unsafe Operand Operand(TensorValue value) => new((byte*)value.Pointer, value.Type, value.Dims);

    [TestMethod]
    public void A_row_without_keys_may_be_zero()
    {
        FlexCase c = new FlexCase { Queries = 20, Keys = 300, ZeroBlindRows = true }.Filled();
        double[] expected = c.Reference((s, _, _, i, j) => j + 3 <= i ? s : double.NegativeInfinity, null);
        expected = Array.ConvertAll(expected, v => double.IsNaN(v) ? 0 : v);
        var w = new GraphWriter(c.Scores);
        Graph graph = w.Build(w["Where",
            w["LessOrEqual", w["Add", Positions.All[0].Along(w, c, 3), w.LongScalar(3)], Positions.All[0].Along(w, c, 2)], w.Score,
            w.Number(double.NegativeInfinity)]);
        foreach (ExecutionPath path in new[] { ExecutionPath.Fused, ExecutionPath.Decomposed })
            FlexCase.Same(expected, c.Run(path, graph, null, Domain), 1e-5, path.ToString());
        c.K[0] = double.NaN;
        FlexCase.Same(c.Run(ExecutionPath.Decomposed, graph, null, Domain), c.Run(ExecutionPath.Fused, graph, null, Domain), 1e-5,
            "NaN stays");
    }
}
