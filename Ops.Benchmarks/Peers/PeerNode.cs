using Google.Protobuf;
using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Tensors;
using AttributeType = Ops.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Ops.Benchmarks.Peers;

/// <summary>The node that both sides run.</summary>
/// <param name="Op">The op.</param>
/// <param name="Opset">The version of the domain.</param>
/// <param name="Attributes">Its attributes: long, float, string, long[].</param>
/// <param name="Constants">Which inputs are part of the model, by position.</param>
public sealed record PeerNode(string Op, int Opset, IReadOnlyDictionary<string, object>? Attributes = null,
    IReadOnlyList<int>? Constants = null)
{
    private const int IrVersion = 10;

    /// <summary>The version of ai.onnx that a model of another domain's op imports.</summary>
    private const int BaseOpset = 21;

    /// <summary>The domain of the op; empty is ai.onnx.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Whether an input is part of the model.</summary>
    public bool IsConstant(int input) => Constants?.Contains(input) == true;

    /// <summary>The name of an input.</summary>
    public static string InputName(int input) => $"x{input}";

    /// <summary>The bytes of a model that is this node and nothing else.</summary>
    public byte[] ToModel(IReadOnlyList<TensorValue?> inputs, IReadOnlyList<TensorValue> outputs)
    {
        var node = new NodeProto { OpType = Op, Domain = Domain };
        var graph = new GraphProto { Name = Op, Node = { node } };
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i] is null)
            {
                node.Input.Add("");
                continue;
            }
            node.Input.Add(InputName(i));
            if (IsConstant(i))
                graph.Initializer.Add(TensorWriter.Write(InputName(i), inputs[i]!));
            else
                graph.Input.Add(Value(InputName(i), inputs[i]!));
        }
        for (int i = 0; i < outputs.Count; i++)
        {
            node.Output.Add($"y{i}");
            graph.Output.Add(Value($"y{i}", outputs[i]));
        }
        foreach (var (name, value) in Attributes ?? new Dictionary<string, object>())
            node.Attribute.Add(Attribute(name, value));
        var model = new ModelProto { IrVersion = IrVersion, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Domain, Version = Opset });
        if (Domain.Length > 0)
            model.OpsetImport.Add(new OperatorSetIdProto { Version = BaseOpset });
        return model.ToByteArray();
    }

    private static ValueInfoProto Value(string name, TensorValue tensor)
    {
        var shape = new TensorShapeProto();
        foreach (long dim in tensor.Dims)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dim });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)tensor.Type, Shape = shape } }
        };
    }

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        long v => new AttributeProto { Name = name, Type = AttributeType.Int, I = v },
        float v => new AttributeProto { Name = name, Type = AttributeType.Float, F = v },
        string v => new AttributeProto { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(v) },
        long[] v => new AttributeProto { Name = name, Type = AttributeType.Ints, Ints = { v } },
        _ => throw new ArgumentException($"attribute '{name}' is a {value.GetType().Name}", nameof(value)),
    };
}

/// <summary>A call of ONNX Runtime on tensors of its own, where it has another op for the same thing.</summary>
/// <param name="Node">The node.</param>
/// <param name="Inputs">The inputs of each set.</param>
/// <param name="Outputs">The outputs, to take types and shapes from; all sets share them.</param>
public sealed record PeerCall(PeerNode Node, IReadOnlyList<TensorValue[]> Inputs, IReadOnlyList<TensorValue> Outputs)
{
    /// <summary>The inputs that are further outputs too, changed in place.</summary>
    public IReadOnlyList<int> Shared { get; init; } = [];
}
