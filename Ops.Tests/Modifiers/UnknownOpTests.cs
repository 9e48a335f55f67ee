using Ops.Graphs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Modifiers;

/// <summary>Ops that modifiers have no rule of their own for still fuse: what reads no scores runs at once, and bodies stand for their
/// ops.</summary>
[TestClass]
public sealed class UnknownOpTests
{
    private static readonly FlexCase s_case = new FlexCase { Queries = 9, Keys = 37, Heads = 4, KeyHeads = 2 }.Filled();

    private static double[] Gain(int count) => [.. Enumerable.Range(0, count).Select(i => Math.Round(Math.Cos(i * 1.3) * 16) / 16)];

    private static void Check(string what, double[] expected, Func<GraphWriter, string>? score,
        Func<GraphWriter, string>? probability = null)
    {
        Graph? Written(Func<GraphWriter, string>? write)
        {
            var w = new GraphWriter(s_case.Scores);
            return write is null ? null : w.Build(write(w));
        }
        foreach (ExecutionPath path in new[] { ExecutionPath.Fused, ExecutionPath.Decomposed })
            FlexCase.Same(expected, s_case.Run(path, Written(score), Written(probability)), 2e-5, $"{what}, {path}");
    }

    private static double[] OfScores(Func<double, int, int, int, int, double> formula) => s_case.Reference(formula, null);

    [TestMethod]
    public void Products_of_constants_run_at_once()
    {
        double[] left = Gain(9 * 3), right = Gain(3 * 37);
        Check("MatMul", OfScores((s, _, _, i, j) => s + Enumerable.Range(0, 3).Sum(k => left[i * 3 + k] * right[k * 37 + j])),
            w => w["Add", w.Score, w["MatMul", w.Numbers(left, ElementType.Float, 9, 3), w.Numbers(right, ElementType.Float, 3, 37)]]);
    }

    [TestMethod]
    public void Scattered_and_found_positions_run_at_once()
    {
        Check("ScatterND", OfScores((s, _, _, _, j) => j is 3 or 11 or 30 ? s : double.NegativeInfinity), w =>
        {
            string none = w.Op("ConstantOfShape", [w["Slice", w["Shape", w.Score], w.Long(3), w.Long(4)]],
                ("value", TensorValue.From<bool>([false], 1)));
            string kept = w["ScatterND", none, w.Tensor(TensorValue.From<long>([3, 11, 30], 3, 1)),
                w.Tensor(TensorValue.From<bool>([true, true, true], 3))];
            return w["Where", kept, w.Score, w.Number(double.NegativeInfinity)];
        });
        long[] documents = [.. Enumerable.Range(0, 37).Select(j => j % 5 == 0 ? 1L : 0)];
        Check("CumSum", OfScores((s, _, _, i, j) => documents[..(j + 1)].Sum() >= documents[..(i + 1)].Sum() ? s : double.NegativeInfinity),
            w =>
        {
            string number = w["CumSum", w.Tensor(TensorValue.From<long>(documents, 37)), w.LongScalar(0)];
            string rows = w["Unsqueeze", w["Slice", number, w.Long(0), w.Long(9)], w.Long(1)];
            return w["Where", w["GreaterOrEqual", number, rows], w.Score, w.Number(double.NegativeInfinity)];
        });
    }

    [TestMethod]
    public void Bodies_stand_for_their_ops()
    {
        Check("Elu", OfScores((s, _, _, _, _) => s < 0 ? Math.Exp(s) - 1 : s), w => w["Elu", w.Score]);
        Check("HardSwish", OfScores((s, _, _, _, _) => s * Math.Clamp(s / 6 + 0.5, 0, 1)), w => w["HardSwish", w.Score]);
        Check("Mish", OfScores((s, _, _, _, _) => s * Math.Tanh(Math.Log(1 + Math.Exp(s)))), w => w["Mish", w.Score]);
        Check("Shrink", OfScores((s, _, _, _, _) => Math.Abs(s) > 0.5 ? s : 0), w => w["Shrink", w.Score]);
        Check("PRelu", OfScores((s, _, h, _, _) => s < 0 ? s * Gain(4)[h] : s),
            w => w["PRelu", w.Score, w.Numbers(Gain(4), ElementType.Float, 4, 1, 1)]);
    }

    [TestMethod]
    public void A_softmax_of_probabilities_takes_numbers_of_rows()
    {
        double[] expected = s_case.Reference((s, _, _, _, _) => s, (row, _, _, _) =>
        {
            double sum = row.Sum(Math.Exp);
            return [.. row.Select(p => Math.Exp(p) / sum)];
        });
        Check("Softmax", expected, null, w => w.Op("Softmax", [w.Score], ("axis", -1L)));
    }

    [TestMethod]
    public void Quantized_probabilities_round_as_the_ops_do()
    {
        foreach (bool perHead in new[] { false, true })
        {
            double[] scales = perHead ? [1.0 / 255, 1.0 / 127, 1.0 / 64, 1.0 / 200] : [1.0 / 255];
            double Rounded(double p, float scale) =>
                Math.Clamp(Math.Round((double)((float)p / scale), MidpointRounding.ToEven) + 3, 0, 255);
            double[] expected = s_case.Reference((s, _, _, _, _) => s, (row, _, h, _) =>
                [.. row.Select(p => (Rounded(p, (float)scales[perHead ? h : 0]) - 3) * (float)scales[perHead ? h : 0])]);
            string Write(GraphWriter w)
            {
                string scale = perHead ? w.Numbers(scales, ElementType.Float, 4) : w.Number(scales[0], ElementType.Float);
                string zero = w.Tensor(perHead ? TensorValue.From<byte>([3, 3, 3, 3], 4) : TensorValue.From<byte>([3]));
                return w["DequantizeLinear", w["QuantizeLinear", w.Score, scale, zero], scale, zero];
            }
            Graph Graph()
            {
                var w = new GraphWriter(s_case.Scores);
                return w.Build(Write(w));
            }
            // A probability within float's rounding of a half step may fall to either side; one step of one key is all that can change.
            foreach (ExecutionPath path in new[] { ExecutionPath.Fused, ExecutionPath.Decomposed })
                FlexCase.Same(expected, s_case.Run(path, null, Graph()), 2e-2, $"QuantizeLinear, {path}");
            FlexCase.Same(s_case.Run(ExecutionPath.Decomposed, null, Graph()), s_case.Run(ExecutionPath.Fused, null, Graph()), 2e-2,
                "both paths");
        }
    }

    [TestMethod]
    public void What_nothing_reads_does_not_matter()
    {
        Check("an unused node", OfScores((s, _, _, _, _) => s * 2), w =>
        {
            _ = w["Transpose", w.Score];
            return w["Mul", w.Score, w.Number(2)];
        });
    }
}
