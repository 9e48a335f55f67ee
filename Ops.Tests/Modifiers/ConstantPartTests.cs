using Ops.Graphs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Modifiers;

/// <summary>Parts of modifiers that read no score fuse whatever ops they are made of; so do activations and quantisation.</summary>
[TestClass]
public sealed class ConstantPartTests
{
    private static readonly long[] Starts = [.. Enumerable.Range(0, 41).Select(j => j is 3 or 11 or 30 ? 1L : 0)];

    private static readonly long[] Permuted = [4, 9, 2, 7, 0, 11, 5];

    private static string At(GraphWriter w, FlexCase c, int axis) => Positions.All[0].Along(w, c, axis);

    private static string Masked(GraphWriter w, string condition) => w["Where", condition, w.Score, w.Number(double.NegativeInfinity)];

    private static long Document(int position) => Starts.Take(position + 1).Sum();

    private static readonly Dictionary<string, (Func<GraphWriter, FlexCase, string> Write, Func<double, int, int, int, double> Formula)> Scores = new()
    {
        ["documents added up from their starts"] = (
            (w, c) => w["CumSum", w.Long(Starts), w.LongScalar(0)] is var ids
                ? Masked(w, w["Equal", w["Gather", ids, At(w, c, 2)], w["Gather", ids, At(w, c, 3)]]) : "",
            (s, _, i, j) => Document(i) == Document(j) ? s : double.NegativeInfinity),
        ["a product of constants"] = (
            (w, c) => w["Add", w.Score, w["MatMul",
                w.Numbers([.. Enumerable.Range(0, c.Queries).Select(i => i / 8.0)], w.Type, c.Queries, 1),
                w.Numbers([.. Enumerable.Range(0, c.Keys).Select(j => j % 3.0)], w.Type, 1, c.Keys)]],
            (s, _, i, j) => s + i / 8.0 * (j % 3)),
        ["bits of positions"] = (
            (w, c) => Masked(w, w["Equal", w["BitwiseAnd", At(w, c, 2), At(w, c, 3)], w.LongScalar(0)]),
            (s, _, i, j) => (i & j) == 0 ? s : double.NegativeInfinity),
        ["positions that wrap around"] = (
            (w, c) => Masked(w,
                w["Less", w.Cast(w["Sub", At(w, c, 2), At(w, c, 3)], ElementType.UInt8), w.Tensor(TensorValue.From<byte>([5]))]),
            (s, _, i, j) => i - j is >= 0 and < 5 ? s : double.NegativeInfinity),
        ["the greatest position"] = (
            (w, c) => w["Add", w.Score,
                w["Div", w.Cast(At(w, c, 3), w.Type), w.Op("ReduceMax", [w.Cast(At(w, c, 3), w.Type)], ("keepdims", 0L))]],
            (s, _, _, j) => s + j / 40.0),
        ["nodes nobody needs"] = (
            (w, c) => w["Softmax", w.Score] is { Length: > 0 } ? w["Add", w.Score, w.Number(1)] : "",
            (s, _, _, _) => s + 1),
        ["a table whose index is read from another"] = (
            (w, c) => Masked(w, w["Gather", w.Tensor(TensorValue.From<bool>([true, false, true, true, false], 5)),
                w["Mod", w["Gather", w.Long(Permuted), w["Mod", w["Mul", At(w, c, 2), w.LongScalar(3)], w.LongScalar(7)]],
                    w.LongScalar(5)]]),
            (s, _, i, _) => Permuted[i * 3 % 7] % 5 is 0 or 2 or 3 ? s : double.NegativeInfinity),
        ["elu"] = ((w, _) => w.Op("Elu", [w.Score], ("alpha", 0.5f)), (s, _, _, _) => s < 0 ? 0.5 * (Math.Exp(s) - 1) : s),
        ["celu"] = ((w, _) => w.Op("Celu", [w.Score], ("alpha", 2f)),
            (s, _, _, _) => Math.Max(s, 0) + Math.Min(2 * (Math.Exp(s / 2) - 1), 0)),
        ["selu"] = ((w, _) => w["Selu", w.Score],
            (s, _, _, _) => 1.0507009873554805 * (s < 0 ? 1.6732632423543772 * (Math.Exp(s) - 1) : s)),
        ["hard sigmoid"] = ((w, _) => w.Op("HardSigmoid", [w.Score], ("alpha", 0.3f)), (s, _, _, _) => Math.Clamp(0.3f * s + 0.5, 0, 1)),
        ["hard swish"] = ((w, _) => w["HardSwish", w.Score], (s, _, _, _) => s * Math.Clamp(s / 6 + 0.5, 0, 1)),
        ["mish"] = ((w, _) => w["Mish", w.Score], (s, _, _, _) => s * Math.Tanh(Math.Log(1 + Math.Exp(s)))),
        ["shrink"] = ((w, _) => w.Op("Shrink", [w.Score], ("lambd", 0.45f), ("bias", 0.125f)),
            (s, _, _, _) => s < -0.45f ? s + 0.125 : s > 0.45f ? s - 0.125 : 0),
        ["a slope for each head"] = ((w, _) => w["PRelu", w.Score, w.Numbers([0.25, 0.5], w.Type, 2, 1, 1)],
            (s, h, _, _) => s < 0 ? s * (h + 1) / 4 : s),
        ["quantised by head"] = (
            (w, _) => w.Numbers([0.0625, 0.25], ElementType.Float, 2) is var scale
                && w.Tensor(TensorValue.From<sbyte>([3, -100], 2)) is var zero
                ? w.Op("DequantizeLinear",
                    [w.Op("QuantizeLinear", [w["Add", w.Score, w.Number(0.01)], scale, zero], ("axis", 1L)), scale, zero],
                    ("axis", 1L)) : "",
            (s, h, _, _) => (Math.Clamp(Math.Round((s + 0.01) / (h == 0 ? 0.0625 : 0.25)) + (h == 0 ? 3 : -100), -128, 127)
                - (h == 0 ? 3 : -100)) * (h == 0 ? 0.0625 : 0.25)),
    };

    public static IEnumerable<object[]> Names => Scores.Keys.Select(n => new object[] { n });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void ItFusesAndAgreesWithTheFormula(string name)
    {
        var (write, formula) = Scores[name];
        FlexCase c = new FlexCase { Batches = 2 }.Filled();
        var writer = new GraphWriter(c.Scores);
        Graph graph = writer.Build(write(writer, c));
        double[] expected = c.Reference((s, _, h, i, j) => formula(s, h, i, j), null);
        FlexCase.Same(expected, c.Run(ExecutionPath.Fused, graph, null), 1e-5, "fused");
        FlexCase.Same(expected, c.Run(ExecutionPath.Decomposed, graph, null), 1e-5, "decomposed");
    }
}
