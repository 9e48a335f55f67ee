using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>Writes the graph of a modifier of floats.</summary>
internal sealed class ModifierWriter
{
    private readonly List<Node> nodes = [];
    private readonly Dictionary<string, TensorValue> constants = [];
    private readonly List<string> captures = [];

    /// <summary>The scores.</summary>
    public string Score => "s";

    /// <summary>The graph that a method writes; it returns the name of the result.</summary>
    public static Graph Write(Func<ModifierWriter, string> write)
    {
        var writer = new ModifierWriter();
        string result = write(writer);
        return new Graph
        {
            Name = "modifier",
            Inputs = [new GraphValue("s", ValueKind.Tensor, new TensorType(ElementType.Float, default)),
                .. writer.captures.Select(c => new GraphValue(c, ValueKind.Tensor, TensorType.Unknown))],
            Outputs = [new GraphValue(result, ValueKind.Tensor, new TensorType(ElementType.Float, default))],
            Nodes = writer.nodes,
            Constants = writer.constants,
        };
    }

    /// <summary>A node; the result is its output.</summary>
    public string Add(string op, params string[] inputs) => Add(op, inputs, AttributeValues.None);

    /// <summary>A real.</summary>
    public string Real(float value) => Constant(TensorValue.From<float>([value]));

    /// <summary>Reals.</summary>
    public string Reals(float[] values, params long[] dims) => Constant(TensorValue.From<float>(values, dims));

    /// <summary>An integer.</summary>
    public string Whole(long value) => Constant(TensorValue.From<long>([value]));

    /// <summary>Integers.</summary>
    public string Wholes(long[] values, params long[] dims) => Constant(TensorValue.From<long>(values, dims));

    /// <summary>A tensor.</summary>
    public string Tensor(TensorValue value) => Constant(value);

    /// <summary>The next tensor that the call brings besides.</summary>
    public string Capture()
    {
        captures.Add($"x{captures.Count}");
        return captures[^1];
    }

    /// <summary>A conversion.</summary>
    public string Cast(string x, ElementType to) =>
        Add("Cast", [x], new AttributeValues(new Dictionary<string, object> { ["to"] = (long)to }));

    /// <summary>The positions of keys.</summary>
    public string Keys() => Add("Range", Whole(0), Add("Gather", Add("Shape", Score), Whole(3)), Whole(1));

    /// <summary>The positions of queries, down the scores.</summary>
    public string Queries() =>
        Add("Unsqueeze", Add("Range", Whole(0), Add("Gather", Add("Shape", Score), Whole(2)), Whole(1)),
            Constant(TensorValue.From<long>([1], 1)));

    private string Add(string op, string[] inputs, AttributeValues attributes)
    {
        string output = $"v{nodes.Count}";
        nodes.Add(new Node { Op = op, Domain = "ai.onnx", Opset = 26, Inputs = inputs, Outputs = [output], Attributes = attributes });
        return output;
    }

    private string Constant(TensorValue value)
    {
        string name = $"c{constants.Count}";
        constants[name] = value;
        return name;
    }
}
