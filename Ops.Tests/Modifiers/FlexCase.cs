using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Modifiers;

/// <summary>One call of FlexAttention: extents, types, operands, modifiers.</summary>
internal sealed record FlexCase
{
    public int Batches { get; init; } = 1;

    public int Heads { get; init; } = 2;

    public int KeyHeads { get; init; } = 1;

    public int Queries { get; init; } = 7;

    public int Keys { get; init; } = 41;

    public int Depth { get; init; } = 8;

    public int ValueDepth { get; init; } = 5;

    public ElementType Type { get; init; } = ElementType.Float;

    public ElementType? Precision { get; init; }

    public float? Scale { get; init; }

    public bool ZeroBlindRows { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>The type of the scores.</summary>
    public ElementType Scores => Precision ?? (Type == ElementType.Double ? ElementType.Double : ElementType.Float);

    public int Extent(int axis) => axis switch { 0 => Batches, 1 => Heads, 2 => Queries, _ => Keys };

    public double[] Q { get; set; } = [];

    public double[] K { get; set; } = [];

    public double[] V { get; set; } = [];

    /// <summary>Fills the operands with numbers that the type has.</summary>
    public FlexCase Filled()
    {
        var random = new Random(Seed);
        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => Math.Round(random.NextDouble() * 64 - 32) / 16)];
        return this with
        {
            Q = Numbers(Batches * Heads * Queries * Depth),
            K = Numbers(Batches * KeyHeads * Keys * Depth),
            V = Numbers(Batches * KeyHeads * Keys * ValueDepth)
        };
    }

    public IReadOnlyList<NodeRun> LastRuns { get; private set; } = [];

    /// <summary>Runs the call.</summary>
    public double[] Run(ExecutionPath path, Graph? score, Graph? probability, string domain = "ai.onnx.preview",
        params (string Name, TensorValue Value)[] captures)
    {
        var attributes = new Dictionary<string, object>();
        if (Scale is { } scale) attributes["scale"] = scale;
        if (Precision is { } precision) attributes["softmax_precision"] = (long)precision;
        if (ZeroBlindRows) attributes["masked_row_zero"] = 1L;
        if (score is not null) attributes["score_mod"] = score;
        if (probability is not null) attributes["prob_mod"] = probability;
        var writer = new GraphWriter(Type);
        TensorValue Tensor(double[] values, params long[] dims)
        {
            string name = writer.Numbers(values, Type, dims);
            return writer.Build("s").Constants[name];
        }
        var inputs = new Dictionary<string, TensorValue?>
        {
            ["Q"] = Tensor(Q, Batches, Heads, Queries, Depth),
            ["K"] = Tensor(K, Batches, KeyHeads, Keys, Depth),
            ["V"] = Tensor(V, Batches, KeyHeads, Keys, ValueDepth),
        };
        foreach (var (name, value) in captures) inputs[name] = value;
        var graph = new Graph
        {
            Inputs = [.. inputs.Keys.Select(n => new GraphValue(n, ValueKind.Tensor, TensorType.Unknown))],
            Outputs = [new GraphValue("Y", ValueKind.Tensor, TensorType.Unknown)],
            Nodes = [new Node
            {
                Op = "FlexAttention",
                Domain = domain,
                Opset = 1,
                Inputs = [.. inputs.Keys],
                Outputs = ["Y"],
                Attributes = new AttributeValues(attributes)
            }],
        };
        GraphRun run = new GraphExecutor(graph, new ExecutionOptions { Path = path }).Run(inputs);
        LastRuns = run.Nodes;
        return Doubles(run.Outputs[0]!);
    }

    public static double[] Doubles(TensorValue value) => value.Type switch
    {
        ElementType.Float => Array.ConvertAll(value.Span<float>().ToArray(), v => (double)v),
        ElementType.Double => value.Span<double>().ToArray(),
        ElementType.Float16 => Array.ConvertAll(value.Span<Half>().ToArray(), v => (double)v),
        _ => Array.ConvertAll(value.Span<BFloat16>().ToArray(), v => (double)(float)v),
    };

    /// <summary>The result by the formula, in double.</summary>
    /// <param name="score">The modified score of a score and batch, head, query, key.</param>
    /// <param name="probability">The modified probabilities of a row.</param>
    public double[] Reference(Func<double, int, int, int, int, double>? score, Func<double[], int, int, int, double[]>? probability)
    {
        double scale = Scale is { } given ? given : 1 / Math.Sqrt(Depth);
        var result = new double[Batches * Heads * Queries * ValueDepth];
        for (int b = 0; b < Batches; b++)
            for (int h = 0; h < Heads; h++)
                for (int i = 0; i < Queries; i++)
                {
                    int keyHead = b * KeyHeads + h / (Heads / KeyHeads), row = (b * Heads + h) * Queries + i;
                    var scores = new double[Keys];
                    for (int j = 0; j < Keys; j++)
                    {
                        double sum = 0;
                        for (int d = 0; d < Depth; d++) sum += Q[row * Depth + d] * K[(keyHead * Keys + j) * Depth + d];
                        scores[j] = score is null ? sum * scale : score(sum * scale, b, h, i, j);
                    }
                    double max = scores.Length == 0 ? 0 : scores.Max(), total = 0;
                    if (scores.Any(double.IsNaN)) max = double.NaN;
                    for (int j = 0; j < Keys; j++) total += scores[j] = Math.Exp(scores[j] - max);
                    for (int j = 0; j < Keys; j++) scores[j] /= total;
                    if (probability is not null) scores = probability(scores, b, h, i);
                    for (int j = 0; j < Keys; j++)
                        for (int d = 0; d < ValueDepth; d++)
                            result[row * ValueDepth + d] += scores[j] * V[(keyHead * Keys + j) * ValueDepth + d];
                }
        return result;
    }

    /// <summary>Compares with a tolerance of the type; NaN only equals NaN.</summary>
    public static void Same(double[] expected, double[] actual, double tolerance, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        for (int i = 0; i < expected.Length; i++)
            if (double.IsNaN(expected[i]) ? !double.IsNaN(actual[i])
                : !(Math.Abs(expected[i] - actual[i]) <= tolerance * (1 + Math.Abs(expected[i])) || expected[i] == actual[i]))
                Assert.Fail($"{what}: element {i} is {actual[i]}, wants {expected[i]}");
    }
}
