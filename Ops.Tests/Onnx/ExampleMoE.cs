using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Onnx;

/// <summary>A mixture of experts with an activation that no static attribute names: the gate's relu, squared and capped, times
/// up.</summary>
internal sealed class ExampleMoE : Example
{
    private const int Experts = 6, Chosen = 2, Width = 24, Inner = 40;
    private const double Cap = 0.5;

    private static readonly int[] Tokens = [1, 9];

    private readonly float[] router = Numbers(1, Width * Experts), inner = Numbers(2, Experts * Width * 2 * Inner),
        outer = Numbers(3, Experts * Inner * Width);

    public override string Name => "moe";

    public override int Sets => Tokens.Length;

    public override ModelProto Model()
    {
        GraphProto activation = Build.Graph([Build.Value("gate", ElementType.Float, "n", Inner),
            Build.Value("up", ElementType.Float, "n", Inner)], [Build.Value("r", ElementType.Float, "n", Inner)],
            Build.Node("Relu", ["gate"], ["positive"]),
            Build.Node("Mul", ["positive", "positive"], ["square"]),
            Build.Node("Min", ["square", "cap"], ["bounded"]),
            Build.Node("Mul", ["bounded", "up"], ["r"]));
        activation.Name = "activation_mod";
        activation.Initializer.Add(TensorWriter.Write("cap", TensorValue.From<float>([(float)Cap])));
        GraphProto graph = Build.Graph([Build.Value("X", ElementType.Float, "tokens", Width)],
            [Build.Value("Y", ElementType.Float, "tokens", Width)],
            Named("route", Build.Node("MatMul", ["X", "router"], ["logits"])),
            In("opspec.experimental", Named("experts", Build.Node("MoE", ["X", "logits", "w_in", "w_out"], ["Y"],
                Build.Int("k", Chosen), Build.Int("normalize", 1), Build.Subgraph("activation_mod", activation)))));
        graph.Initializer.Add(TensorWriter.Write("router", TensorValue.From<float>(router, Width, Experts)));
        graph.Initializer.Add(TensorWriter.Write("w_in", TensorValue.From<float>(inner, Experts, Width, 2 * Inner)));
        graph.Initializer.Add(TensorWriter.Write("w_out", TensorValue.From<float>(outer, Experts, Inner, Width)));
        return Model(graph, 26, ("opspec.experimental", 1));
    }

    public override TensorValue[] Inputs(int set) =>
        [TensorValue.From<float>(Array.ConvertAll(Numbers(10 + set, Tokens[set] * Width), x => 4 * x), Tokens[set], Width)];

    public override TensorValue[] Outputs(TensorValue[] inputs)
    {
        float[] x = inputs[0].Span<float>().ToArray();
        var y = new float[x.Length];
        for (int token = 0; token < x.Length / Width; token++)
        {
            float[] row = x[(token * Width)..((token + 1) * Width)];
            double[] scores = Array.ConvertAll(Times(Array.ConvertAll(row, v => (double)v), router, 0, Experts), Math.Exp);
            int[] best = [.. Enumerable.Range(0, Experts).OrderByDescending(e => scores[e]).ThenBy(e => e).Take(Chosen)];
            double all = best.Sum(e => scores[e]);
            var sum = new double[Width];
            foreach (int expert in best)
            {
                double[] hidden = Times(Array.ConvertAll(row, v => (double)v), inner, expert * Width * 2 * Inner, 2 * Inner);
                double[] active =
                    [.. Enumerable.Range(0, Inner).Select(i => Math.Min(Math.Pow(Math.Max(hidden[i], 0), 2), Cap) * hidden[Inner + i])];
                double[] answer = Times(active, outer, expert * Inner * Width, Width);
                for (int i = 0; i < Width; i++)
                    sum[i] += scores[expert] / all * answer[i];
            }
            for (int i = 0; i < Width; i++)
                y[token * Width + i] = (float)sum[i];
        }
        return [TensorValue.From<float>(y, [.. inputs[0].Dims])];
    }

    /// <summary>A row times a matrix that begins somewhere in an array.</summary>
    private static double[] Times(double[] row, float[] matrix, int start, int columns)
    {
        var result = new double[columns];
        for (int k = 0; k < row.Length; k++)
            for (int n = 0; n < columns; n++)
                result[n] += row[k] * matrix[start + k * columns + n];
        return result;
    }
}
