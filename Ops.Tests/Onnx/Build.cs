using Google.Protobuf;
using Ops.Onnx;
using Ops.Onnx.Proto;
using Ops.Specs.Types;
using Ops.Tensors;
using AttributeType = Ops.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Ops.Tests.Onnx;

/// <summary>Builds small models.</summary>
internal static class Build
{
    public static ModelProto Model(GraphProto graph, long opset = 20)
    {
        var model = new ModelProto { IrVersion = 10, ProducerName = "Ops.Tests", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        return model;
    }

    public static GraphProto Graph(IEnumerable<ValueInfoProto> inputs, IEnumerable<ValueInfoProto> outputs, params NodeProto[] nodes)
    {
        var graph = new GraphProto { Name = "test" };
        graph.Input.AddRange(inputs);
        graph.Output.AddRange(outputs);
        graph.Node.AddRange(nodes);
        return graph;
    }

    public static NodeProto Node(string op, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        return node;
    }

    /// <summary>A tensor value; a dim is a number, a name, or null.</summary>
    public static ValueInfoProto Value(string name, ElementType type = ElementType.Float, params object?[] dims)
    {
        var shape = new TensorShapeProto();
        foreach (object? dim in dims)
            shape.Dim.Add(dim switch
            {
                string symbol => new TensorShapeProto.Types.Dimension { DimParam = symbol },
                null => new TensorShapeProto.Types.Dimension(),
                _ => new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(dim) },
            });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } }
        };
    }

    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Ints(string name, params long[] values) =>
        new() { Name = name, Type = AttributeType.Ints, Ints = { values } };

    public static AttributeProto Float(string name, float value) => new() { Name = name, Type = AttributeType.Float, F = value };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Tensor(string name, TensorValue value) =>
        new() { Name = name, Type = AttributeType.Tensor, T = TensorWriter.Write("", value) };

    public static AttributeProto Subgraph(string name, GraphProto graph) => new() { Name = name, Type = AttributeType.Graph, G = graph };

    public static AttributeProto Reference(string name, string outer, AttributeType type) =>
        new() { Name = name, Type = type, RefAttrName = outer };

    public static TensorProto Raw(ElementType type, byte[] bytes, params long[] dims)
    {
        var proto = new TensorProto { Name = "t", DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        proto.Dims.AddRange(dims);
        return proto;
    }

    public static OnnxModel Load(this ModelProto model, string? folder = null) => OnnxModel.Parse(model.ToByteArray(), folder);
}
