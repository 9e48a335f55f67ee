using Ops.Graphs;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Cli.Conformance;

/// <summary>
/// Makes the graphs of control flow for a case, small ones that fit what the op hands to them and wants back: If takes constants out of a
/// branch, Loop and Scan pass values on, some of them changed, and give others besides.
/// </summary>
/// <param name="op">The op.</param>
/// <param name="made">The case; its tensors are made.</param>
/// <param name="random">Where chance comes from.</param>
internal sealed class ControlGraphs(OpModel op, SpecCase made, Random random)
{
    /// <summary>The kernel pattern of ops that run graphs.</summary>
    public const string Pattern = "control";

    private const int MostIterations = 4;

    private static readonly ElementType[] Changed = [ElementType.Float, ElementType.Double, ElementType.Int32, ElementType.Int64];

    private readonly List<Node> nodes = [];
    private readonly Dictionary<string, TensorValue> constants = [];

    /// <summary>Puts a graph in the place of each attribute that wants one.</summary>
    /// <param name="op">The op.</param>
    /// <param name="made">The case; its tensors are made.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="misfit">Whether the numbers of inputs or outputs may be wrong.</param>
    public static void Give(OpModel op, SpecCase made, Random random, bool misfit)
    {
        (ElementType Type, long[] Dims)[] results = [.. Enumerable.Range(0, ResultsOf(op, made))
            .Select(_ => (Changed[random.Next(Changed.Length)], random.Next(2) == 0 ? Array.Empty<long>() : [1 + random.Next(3)]))];
        foreach (AttributeModel attribute in op.Attributes)
            if (IsMade(op, attribute) && made.Present.Contains(attribute.Name))
            {
                var maker = new ControlGraphs(op, made, random);
                Graph graph = op.Name switch
                {
                    "If" => maker.Branch(attribute.Name, results),
                    "Loop" => maker.Loop(results.Length),
                    _ => maker.Scan(results.Length)
                };
                made.Values[attribute.Name] = misfit ? maker.Misfit(graph) : graph;
            }
    }

    /// <summary>Whether an attribute is a graph that is made here.</summary>
    public static bool IsMade(OpModel op, AttributeModel attribute) =>
        op.Kernel is { Pattern: Pattern } && op.Name is "If" or "Loop" or "Scan"
            && attribute is { Kind: AttributeKind.Graph, Arrows.Count: 0 };

    private static int ResultsOf(OpModel op, SpecCase made) => op.Outputs[0].Family is { } family ? made.CountOf(family) : 1;

    private Graph Branch(string name, (ElementType Type, long[] Dims)[] results)
    {
        var outputs = new List<GraphValue>();
        foreach (var (type, dims) in results)
        {
            string constant = $"{name}_constant{outputs.Count}", output = $"{name}_output{outputs.Count}";
            TensorValue tensor = TensorValue.Allocate(type, dims, clear: true);
            for (int i = 0; i < tensor.Length; i++)
                CaseElements.Write(tensor, i, random.Next(-9, 10));
            constants[constant] = tensor;
            Add("Identity", output, constant);
            outputs.Add(new GraphValue(output, ValueKind.Tensor, tensor.ToTensorType() with { Data = null }));
        }
        return ToGraph(name, [], outputs);
    }

    private Graph Loop(int results)
    {
        TensorValue[] states = made.Given.GetValueOrDefault(op.Inputs[2].Name) ?? [];
        List<GraphValue> inputs = [new("iteration", ValueKind.Tensor, TensorType.Of(ElementType.Int64)),
            new("condition", ValueKind.Tensor, TensorType.Of(ElementType.Bool)), .. Formal("state", states)];
        List<GraphValue> outputs = [new("again", ValueKind.Tensor, TensorType.Of(ElementType.Bool))];
        if (made.Present.Contains(op.Inputs[0].Name) && random.Next(2) == 0)
        {
            Add("Identity", "again", "condition");
        }
        else
        {
            // Without a number of iterations only the condition ends the loop.
            TensorValue most = TensorValue.Allocate(ElementType.Int64, [], clear: true);
            CaseElements.Write(most, 0, random.Next(MostIterations));
            constants["most"] = most;
            Add("Less", "again", "iteration", "most");
        }
        outputs.AddRange(PassOn(states));
        outputs.AddRange(Besides(inputs.Where(i => i.Name != "condition").ToArray(), results - states.Length));
        return ToGraph("loop", inputs, outputs);
    }

    private Graph Scan(int results)
    {
        TensorValue[] all = made.Given.GetValueOrDefault(op.Inputs[^1].Name) ?? [];
        int scanned = made.Value("num_scan_inputs") is double count ? Math.Clamp((int)count, 0, all.Length) : 0;
        TensorValue[] states = all[..^scanned];
        GraphValue[] inputs = [.. Formal("state", states), .. Formal("slice", all[^scanned..])];
        List<GraphValue> outputs = [.. PassOn(states)];
        outputs.AddRange(Besides(inputs, results - states.Length));
        return ToGraph("scan", inputs, outputs);
    }

    private static IEnumerable<GraphValue> Formal(string name, TensorValue[] tensors) =>
        tensors.Select((t, i) => new GraphValue($"{name}{i}", ValueKind.Tensor, new TensorType(t.Type, default)));

    /// <summary>Passes states on, some of those that can be changed.</summary>
    private IEnumerable<GraphValue> PassOn(TensorValue[] states)
    {
        for (int i = 0; i < states.Length; i++)
        {
            string given = $"state{i}", next = $"next{i}";
            if (!Changed.Contains(states[i].Type) || random.Next(3) == 0)
                Add("Identity", next, given);
            else if (random.Next(2) == 0)
                Add("Neg", next, given);
            else
                Add("Add", next, given, given);
            yield return new GraphValue(next, ValueKind.Tensor, new TensorType(states[i].Type, default));
        }
    }

    private IEnumerable<GraphValue> Besides(IReadOnlyList<GraphValue> values, int count)
    {
        for (int i = 0; i < count && values.Count > 0; i++)
        {
            GraphValue value = values[random.Next(values.Count)];
            Add("Identity", $"given{i}", value.Name);
            yield return value with { Name = $"given{i}" };
        }
    }

    /// <summary>The same graph with an input too many, or an output too few.</summary>
    private Graph Misfit(Graph graph)
    {
        int way = random.Next(3);
        IEnumerable<GraphValue> inputs = way == 0
            ? graph.Inputs.Append(new GraphValue("more", ValueKind.Tensor, TensorType.Unknown)) : graph.Inputs;
        return ToGraph(graph.Name, [.. inputs], [.. way == 1 && graph.Outputs.Count > 0 ? graph.Outputs.SkipLast(1) : graph.Outputs]);
    }

    private void Add(string name, string output, params string[] inputs) =>
        nodes.Add(new Node { Op = name, Domain = "ai.onnx", Opset = op.Since == 1 ? 10 : op.Since, Inputs = inputs, Outputs = [output] });

    private Graph ToGraph(string name, IReadOnlyList<GraphValue> inputs, IReadOnlyList<GraphValue> outputs) =>
        new() { Name = name, Inputs = inputs, Outputs = outputs, Nodes = nodes, Constants = constants };
}
