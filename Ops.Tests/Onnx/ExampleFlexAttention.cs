using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Onnx;

/// <summary>
/// FlexAttention whose score_mod no static attribute covers: capped scores, a slope for each head, a window that also shows the first
/// tokens to all.
/// </summary>
internal sealed class ExampleFlexAttention : Example
{
    private const int Heads = 4, KeyValueHeads = 2, Width = 16, Window = 48, Sinks = 4;
    private const double Cap = 5;

    private static readonly (int Queries, int Keys)[] Lengths = [(160, 160), (1, 300)];

    public override string Name => "flexattention";

    public override int Sets => Lengths.Length;

    public override ModelProto Model()
    {
        GraphProto graph = Build.Graph(
            [Build.Value("Q", ElementType.Float, 1, Heads, "L", Width), Build.Value("K", ElementType.Float, 1, KeyValueHeads, "S", Width),
                Build.Value("V", ElementType.Float, 1, KeyValueHeads, "S", Width)],
            [Build.Value("Y", ElementType.Float, 1, Heads, "L", Width)],
            In("ai.onnx.preview",
                Named("attend", Build.Node("FlexAttention", ["Q", "K", "V"], ["Y"], Build.Subgraph("score_mod", ScoreMod())))));
        return Model(graph, 26, ("ai.onnx.preview", 1));
    }

    /// <summary>As an exporter writes it: positions from shapes, the queries last among the keys.</summary>
    private static GraphProto ScoreMod()
    {
        GraphProto graph = Build.Graph([Build.Value("s", ElementType.Float, "B", Heads, "L", "S")],
            [Build.Value("r", ElementType.Float, "B", Heads, "L", "S")],
            Build.Node("Shape", ["s"], ["shape"]),
            Build.Node("Gather", ["shape", "two"], ["L"]),
            Build.Node("Gather", ["shape", "three"], ["S"]),
            Build.Node("Range", ["zero", "S", "one"], ["keys"]),
            Build.Node("Sub", ["S", "L"], ["past"]),
            Build.Node("Range", ["past", "S", "one"], ["positions"]),
            Build.Node("Unsqueeze", ["positions", "last"], ["queries"]),
            Build.Node("Sub", ["queries", "keys"], ["distance"]),
            Build.Node("Div", ["s", "cap"], ["small"]),
            Build.Node("Tanh", ["small"], ["bounded"]),
            Build.Node("Mul", ["bounded", "cap"], ["capped"]),
            Build.Node("Cast", ["distance"], ["steps"], Build.Int("to", (long)ElementType.Float)),
            Build.Node("Mul", ["steps", "slopes"], ["bias"]),
            Build.Node("Sub", ["capped", "bias"], ["biased"]),
            Build.Node("GreaterOrEqual", ["distance", "zero"], ["causal"]),
            Build.Node("Less", ["distance", "window"], ["near"]),
            Build.Node("Less", ["keys", "sinks"], ["first"]),
            Build.Node("Or", ["near", "first"], ["kept"]),
            Build.Node("And", ["causal", "kept"], ["visible"]),
            Build.Node("Where", ["visible", "biased", "nothing"], ["r"]));
        graph.Name = "score_mod";
        (string Name, TensorValue Value)[] constants =
        [
            ("zero", TensorValue.From<long>([0])), ("one", TensorValue.From<long>([1])), ("two", TensorValue.From<long>([2])),
            ("three", TensorValue.From<long>([3])),
            ("last", TensorValue.From<long>([1], 1)), ("window", TensorValue.From<long>([Window])),
            ("sinks", TensorValue.From<long>([Sinks])),
            ("cap", TensorValue.From<float>([(float)Cap])), ("nothing", TensorValue.From<float>([float.NegativeInfinity])),
            ("slopes", TensorValue.From<float>([.. Enumerable.Range(0, Heads).Select(h => (float)Slope(h))], Heads, 1, 1)),
        ];
        graph.Initializer.AddRange(constants.Select(c => TensorWriter.Write(c.Name, c.Value)));
        return graph;
    }

    private static double Slope(int head) => Math.Pow(2, -2 * (head + 1));

    public override TensorValue[] Inputs(int set)
    {
        var (queries, keys) = Lengths[set];
        return
        [
            TensorValue.From<float>(Array.ConvertAll(Numbers(10 * set + 1, Heads * queries * Width), x => 8 * x), 1, Heads, queries, Width),
            TensorValue.From<float>(Array.ConvertAll(Numbers(10 * set + 2, KeyValueHeads * keys * Width), x => 8 * x), 1, KeyValueHeads,
                keys, Width),
            TensorValue.From<float>(Numbers(10 * set + 3, KeyValueHeads * keys * Width), 1, KeyValueHeads, keys, Width),
        ];
    }

    public override TensorValue[] Outputs(TensorValue[] inputs)
    {
        int queries = (int)inputs[0].Dims[2], keys = (int)inputs[1].Dims[2];
        float[] q = inputs[0].Span<float>().ToArray(), k = inputs[1].Span<float>().ToArray(), v = inputs[2].Span<float>().ToArray();
        var y = new float[q.Length];
        for (int head = 0; head < Heads; head++)
            for (int query = 0; query < queries; query++)
            {
                int own = (head * queries + query) * Width, shared = head / (Heads / KeyValueHeads) * keys * Width,
                    position = keys - queries + query;
                double sum = 0;
                var row = new double[Width];
                for (int key = 0; key <= position; key++)
                {
                    if (position - key >= Window && key >= Sinks)
                        continue;
                    double score = 0;
                    for (int e = 0; e < Width; e++)
                        score += (double)q[own + e] * k[shared + key * Width + e];
                    // Capped scores are small: no maximum need be taken off.
                    double weight = Math.Exp(Cap * Math.Tanh(score / Math.Sqrt(Width) / Cap) - Slope(head) * (position - key));
                    sum += weight;
                    for (int e = 0; e < Width; e++)
                        row[e] += weight * v[shared + key * Width + e];
                }
                for (int e = 0; e < Width; e++)
                    y[own + e] = (float)(row[e] / sum);
            }
        return [TensorValue.From<float>(y, [.. inputs[0].Dims])];
    }
}
