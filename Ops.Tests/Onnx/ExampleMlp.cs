using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Onnx;

/// <summary>
/// The model in examples/mlp: a normalised, two-layer perceptron with a softmax at its end. Weights come from a fixed integer sequence and
/// are multiples of 1/64, so the files are the same wherever they are made; the outputs wanted are computed here in double precision, by
/// plain loops that share nothing with the kernels.
/// </summary>
internal sealed class ExampleMlp
{
    private const int Inputs = 64, Hidden = 128, Classes = 10;
    private const double Epsilon = 1e-5;

    private readonly float[] scale = Numbers(1, Inputs, 1), shift = Numbers(2, Inputs, 0);
    private readonly float[] w1 = Numbers(3, Inputs * Hidden, 0), b1 = Numbers(4, Hidden, 0);
    private readonly float[] w2 = Numbers(5, Hidden * Classes, 0), b2 = Numbers(6, Classes, 0);

    /// <summary>The model.</summary>
    public ModelProto Model()
    {
        GraphProto graph = Build.Graph([Build.Value("x", ElementType.Float, "batch", Inputs)], [Build.Value("probabilities", ElementType.Float, "batch", Classes)],
            Named("normalise", Build.Node("LayerNormalization", ["x", "scale", "shift"], ["normalised"], Build.Int("axis", -1), Build.Float("epsilon", (float)Epsilon))),
            Named("hidden", Build.Node("MatMul", ["normalised", "w1"], ["h1"])),
            Named("hidden-bias", Build.Node("Add", ["h1", "b1"], ["h2"])),
            Named("activate", Build.Node("Relu", ["h2"], ["h3"])),
            Named("classes", Build.Node("MatMul", ["h3", "w2"], ["c1"])),
            Named("classes-bias", Build.Node("Add", ["c1", "b2"], ["logits"])),
            Named("choose", Build.Node("Softmax", ["logits"], ["probabilities"], Build.Int("axis", -1))));
        graph.Name = "mlp";
        graph.Initializer.Add(TensorWriter.Write("scale", TensorValue.From<float>(scale, Inputs)));
        graph.Initializer.Add(TensorWriter.Write("shift", TensorValue.From<float>(shift, Inputs)));
        graph.Initializer.Add(TensorWriter.Write("w1", TensorValue.From<float>(w1, Inputs, Hidden)));
        graph.Initializer.Add(TensorWriter.Write("b1", TensorValue.From<float>(b1, Hidden)));
        graph.Initializer.Add(TensorWriter.Write("w2", TensorValue.From<float>(w2, Hidden, Classes)));
        graph.Initializer.Add(TensorWriter.Write("b2", TensorValue.From<float>(b2, Classes)));
        ModelProto model = Build.Model(graph);
        model.ProducerName = "opspec examples";
        return model;
    }

    /// <summary>An input of some rows.</summary>
    public static TensorValue Input(int rows) => TensorValue.From<float>(Numbers(100 + rows, rows * Inputs, 0), rows, Inputs);

    /// <summary>What the model makes of an input.</summary>
    public TensorValue Output(TensorValue input)
    {
        int rows = (int)input.Dims[0];
        ReadOnlySpan<float> x = input.Span<float>();
        var result = new float[rows * Classes];
        for (int row = 0; row < rows; row++)
        {
            double[] normalised = Normalise(x.Slice(row * Inputs, Inputs));
            double[] hidden = Array.ConvertAll(Layer(normalised, w1, b1), v => Math.Max(v, 0));
            double[] logits = Layer(hidden, w2, b2);
            double greatest = logits.Max(), sum = logits.Sum(v => Math.Exp(v - greatest));
            for (int c = 0; c < Classes; c++)
                result[row * Classes + c] = (float)(Math.Exp(logits[c] - greatest) / sum);
        }
        return TensorValue.From<float>(result, rows, Classes);
    }

    private double[] Normalise(ReadOnlySpan<float> row)
    {
        double mean = 0, variance = 0;
        foreach (float v in row)
            mean += (double)v / Inputs;
        foreach (float v in row)
            variance += (v - mean) * (v - mean) / Inputs;
        var result = new double[Inputs];
        for (int i = 0; i < Inputs; i++)
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

    private static NodeProto Named(string name, NodeProto node)
    {
        node.Name = name;
        return node;
    }

    /// <summary>Multiples of 1/64 within 1/4 of a middle.</summary>
    private static float[] Numbers(uint seed, int count, float middle)
    {
        var numbers = new float[count];
        uint state = seed * 2654435761u;
        for (int i = 0; i < count; i++)
        {
            state = state * 1664525u + 1013904223u;
            numbers[i] = middle + ((int)(state >> 16) % 33 - 16) / 64f;
        }
        return numbers;
    }

    private static float[] Numbers(int seed, int count, float middle) => Numbers((uint)seed, count, middle);
}
