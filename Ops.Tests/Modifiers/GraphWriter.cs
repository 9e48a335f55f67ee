using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Modifiers;

/// <summary>Writes graphs of modifiers node by node; every call gives the name of its result.</summary>
internal sealed class GraphWriter(ElementType type)
{
    private readonly List<Node> nodes = [];
    private readonly Dictionary<string, TensorValue> constants = [];

    /// <summary>The scores or probabilities.</summary>
    public string Score { get; } = "s";

    /// <summary>Their element type.</summary>
    public ElementType Type => type;

    /// <summary>What comes after the scores.</summary>
    public List<string> Captures { get; } = [];

    public string this[string op, params string[] inputs] => Op(op, inputs);

    public string Op(string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        string output = $"v{nodes.Count}";
        nodes.Add(new Node
        {
            Op = op,
            Domain = "ai.onnx",
            Opset = 26,
            Inputs = inputs,
            Outputs = [output],
            Attributes = new AttributeValues(attributes.ToDictionary(a => a.Name, a => a.Value))
        });
        return output;
    }

    public string Tensor(TensorValue value)
    {
        string name = $"c{constants.Count}";
        constants[name] = value;
        return name;
    }

    public string Long(params long[] values) => Tensor(TensorValue.From<long>(values, values.Length));

    public string LongScalar(long value) => Tensor(TensorValue.From<long>([value]));

    /// <summary>A scalar of a type.</summary>
    public string Number(double value, ElementType of) => Numbers([value], of, []);

    /// <summary>A scalar of the scores' type.</summary>
    public string Number(double value) => Number(value, type);

    public string Numbers(double[] values, ElementType of, params long[] dims) => Tensor(of switch
    {
        ElementType.Float => TensorValue.From<float>(Array.ConvertAll(values, v => (float)v), dims),
        ElementType.Double => TensorValue.From<double>(values, dims),
        ElementType.Float16 => TensorValue.From<Half>(Array.ConvertAll(values, v => (Half)v), dims),
        ElementType.BFloat16 => TensorValue.From<BFloat16>(Array.ConvertAll(values, v => (BFloat16)(float)v), dims),
        ElementType.Int32 => TensorValue.From<int>(Array.ConvertAll(values, v => (int)v), dims),
        ElementType.Int64 => TensorValue.From<long>(Array.ConvertAll(values, v => (long)v), dims),
        ElementType.Bool => TensorValue.From<bool>(Array.ConvertAll(values, v => v != 0), dims),
        _ => throw new NotSupportedException(of.Name()),
    });

    public string Cast(string x, ElementType to) => Op("Cast", [x], ("to", (long)to));

    public Graph Build(string output) => new()
    {
        Name = "modifier",
        Inputs = [new GraphValue(Score, ValueKind.Tensor, new TensorType(type, default)),
            .. Captures.Select(c => new GraphValue(c, ValueKind.Tensor, TensorType.Unknown))],
        Outputs = [new GraphValue(output, ValueKind.Tensor, new TensorType(type, default))],
        Nodes = [.. nodes],
        Constants = constants,
    };
}
