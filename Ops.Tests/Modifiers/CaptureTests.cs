using Ops.Graphs;
using Ops.Modifiers;
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
        double[] expected = c.Reference((s, b, h, i, j) => documents[b * 41 + i] == documents[b * 41 + j] && j < lengths[b] ? s + slopes[h] * (j - i) : double.NegativeInfinity, null);
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
                FlexCase.Same(expected, c.Run(path, graph, null, Domain, ("documents", TensorValue.From<long>(documents, 2, 41)), ("lengths", TensorValue.From<long>(lengths, 2)), ("slopes", TensorValue.From<float>(slopes, 4))), 1e-5, $"{positions}, {path}");
        }
    }

    [TestMethod]
    public void A_captured_bias_reaches_probabilities_too()
    {
        FlexCase c = new FlexCase { Queries = 9, Keys = 70 }.Filled();
        float[] bias = [.. Enumerable.Range(0, 9 * 70).Select(n => MathF.Sin(n))];
        double[] expected = c.Reference((s, _, _, i, j) => s + bias[i * 70 + j], (p, _, _, i) => [.. p.Select((v, j) => v * bias[i * 70 + j])]);
        Graph Write(string op)
        {
            var w = new GraphWriter(c.Scores);
            w.Captures.Add("bias");
            return w.Build(w[op, w.Score, "bias"]);
        }
        foreach (ExecutionPath path in new[] { ExecutionPath.Fused, ExecutionPath.Decomposed })
            FlexCase.Same(expected, c.Run(path, Write("Add"), Write("Mul"), Domain, ("bias", TensorValue.From<float>(bias, 9, 70))), 1e-5, path.ToString());
    }

    [TestMethod]
    public void What_is_captured_may_change_in_place()
    {
        FlexCase c = new FlexCase { Batches = 2, Heads = 4, KeyHeads = 2, Queries = 9, Keys = 41 }.Filled();
        var w = new GraphWriter(c.Scores);
        w.Captures.AddRange(["lengths", "slopes"]);
        string inside = w["Less", Positions.All[0].Along(w, c, 3), w["Reshape", "lengths", w.Long(-1, 1, 1, 1)]];
        Graph graph = w.Build(w["Where", inside, w["Mul", w.Score, w["Reshape", "slopes", w.Long(-1, 1, 1)]], w.Number(double.NegativeInfinity)]);
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
    public void A_row_without_keys_may_be_zero()
    {
        FlexCase c = new FlexCase { Queries = 20, Keys = 300, ZeroBlindRows = true }.Filled();
        double[] expected = c.Reference((s, _, _, i, j) => j + 3 <= i ? s : double.NegativeInfinity, null);
        expected = Array.ConvertAll(expected, v => double.IsNaN(v) ? 0 : v);
        var w = new GraphWriter(c.Scores);
        Graph graph = w.Build(w["Where", w["LessOrEqual", w["Add", Positions.All[0].Along(w, c, 3), w.LongScalar(3)], Positions.All[0].Along(w, c, 2)], w.Score, w.Number(double.NegativeInfinity)]);
        foreach (ExecutionPath path in new[] { ExecutionPath.Fused, ExecutionPath.Decomposed })
            FlexCase.Same(expected, c.Run(path, graph, null, Domain), 1e-5, path.ToString());
        c.K[0] = double.NaN;
        FlexCase.Same(c.Run(ExecutionPath.Decomposed, graph, null, Domain), c.Run(ExecutionPath.Fused, graph, null, Domain), 1e-5, "NaN stays");
    }
}
