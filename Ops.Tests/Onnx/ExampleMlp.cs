using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Onnx;

/// <summary>A normalised, two-layer perceptron with a softmax at its end.</summary>
internal sealed class ExampleMlp : Example
{
    private const int Features = 64, Hidden = 128, Classes = 10;
    private const double Epsilon = 1e-5;

    private readonly float[] scale = Numbers(1, Features, 1), shift = Numbers(2, Features, 0);
    private readonly float[] w1 = Numbers(3, Features * Hidden, 0), b1 = Numbers(4, Hidden, 0);
    private readonly float[] w2 = Numbers(5, Hidden * Classes, 0), b2 = Numbers(6, Classes, 0);

    private static readonly int[] Rows = [2, 5];

    public override string Name => "mlp";

    public override int Sets => Rows.Length;

    public override ModelProto Model()
    {
        GraphProto graph = Build.Graph([Build.Value("x", ElementType.Float, "batch", Features)],
            [Build.Value("probabilities", ElementType.Float, "batch", Classes)],
            Named("normalise", Build.Node("LayerNormalization", ["x", "scale", "shift"], ["normalised"], Build.Int("axis", -1),
                Build.Float("epsilon", (float)Epsilon))),
            Named("hidden", Build.Node("MatMul", ["normalised", "w1"], ["h1"])),
            Named("hidden-bias", Build.Node("Add", ["h1", "b1"], ["h2"])),
            Named("activate", Build.Node("Relu", ["h2"], ["h3"])),
            Named("classes", Build.Node("MatMul", ["h3", "w2"], ["c1"])),
            Named("classes-bias", Build.Node("Add", ["c1", "b2"], ["logits"])),
            Named("choose", Build.Node("Softmax", ["logits"], ["probabilities"], Build.Int("axis", -1))));
        graph.Initializer.Add(TensorWriter.Write("scale", TensorValue.From<float>(scale, Features)));
        graph.Initializer.Add(TensorWriter.Write("shift", TensorValue.From<float>(shift, Features)));
        graph.Initializer.Add(TensorWriter.Write("w1", TensorValue.From<float>(w1, Features, Hidden)));
        graph.Initializer.Add(TensorWriter.Write("b1", TensorValue.From<float>(b1, Hidden)));
        graph.Initializer.Add(TensorWriter.Write("w2", TensorValue.From<float>(w2, Hidden, Classes)));
        graph.Initializer.Add(TensorWriter.Write("b2", TensorValue.From<float>(b2, Classes)));
        return Model(graph, 20);
    }

    public override TensorValue[] Inputs(int set) =>
        [TensorValue.From<float>(Numbers(100 + Rows[set], Rows[set] * Features), Rows[set], Features)];

    public override TensorValue[] Outputs(TensorValue[] inputs)
    {
        TensorValue input = inputs[0];
        int rows = (int)input.Dims[0];
        ReadOnlySpan<float> x = input.Span<float>();
        var result = new float[rows * Classes];
        for (int row = 0; row < rows; row++)
        {
            double[] normalised = Normalise(x.Slice(row * Features, Features));
            double[] hidden = Array.ConvertAll(Layer(normalised, w1, b1), v => Math.Max(v, 0));
            double[] logits = Layer(hidden, w2, b2);
            double greatest = logits.Max(), sum = logits.Sum(v => Math.Exp(v - greatest));
            for (int c = 0; c < Classes; c++)
                result[row * Classes + c] = (float)(Math.Exp(logits[c] - greatest) / sum);
        }
        return [TensorValue.From<float>(result, rows, Classes)];
    }

    private double[] Normalise(ReadOnlySpan<float> row)
    {
        double mean = 0, variance = 0;
        foreach (float v in row)
            mean += (double)v / Features;
        foreach (float v in row)
            variance += (v - mean) * (v - mean) / Features;
        var result = new double[Features];
        for (int i = 0; i < Features; i++)
            result[i] = (row[i] - mean) / Math.Sqrt(variance + Epsilon) * scale[i] + shift[i];
        return result;
    }

    private static double[] Layer(double[] x, float[] weights, float[] bias)
    {
        double[] y = Array.ConvertAll(bias, b => (double)b);
        for (int k = 0; k < x.Length; k++)
            for (int n = 0; n < y.Length; n++)
                y[n] += x[k] * weights[k * y.Length + n];
        return y;
    }
}
