using Google.Protobuf;
using Ops.Graphs;
using Ops.Onnx.Proto;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;
using AttributeType = Ops.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Ops.Onnx;

/// <summary>Writes a graph as an ONNX model, for other runtimes: bodies included, an op's meaning is portable.</summary>
public static class ModelWriter
{
    private const int IrVersion = 10;

    /// <summary>The bytes of a model that is this graph.</summary>
    /// <exception cref="OpException">Its nodes are of several versions of a domain, or it holds what has no place in a model.</exception>
    public static byte[] Write(Graph graph)
    {
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "opspec", Graph = GraphOf(graph) };
        foreach (IGrouping<string, Node> domain in NodesOf(graph).GroupBy(n => n.Domain).OrderBy(g => g.Key, StringComparer.Ordinal))
            model.OpsetImport.Add(new OperatorSetIdProto
            {
                Domain = domain.Key == "ai.onnx" ? "" : domain.Key, Version = OpsetOf(domain.Key, domain)
            });
        return model.ToByteArray();
    }

    /// <summary>Writes a model that <see cref="Write(Graph)"/> made; its folder is made when it is not there.</summary>
    /// <exception cref="OpException">The file cannot be written.</exception>
    public static void Save(string path, byte[] model) => OnnxFile.WriteBytes(path, model);

    /// <summary>The oldest version of a domain that has the very ops the nodes mean: more runtimes know it.</summary>
    private static long OpsetOf(string domain, IEnumerable<Node> nodes)
    {
        (Node Node, long Since)[] ops =
            [.. nodes.Select(n => (n, (long)(OpRegistry.Find(domain, n.Op, n.Opset)?.Schema.Since ?? n.Opset)))];
        long opset = ops.Max(o => o.Since);
        foreach (var (node, since) in ops)
            if (OpRegistry.Find(domain, node.Op, opset) is { } found && found.Schema.Since != since)
                throw new OpException($"node {node}", "opset",
                    $"it is of version {since}, and another one of version {opset} of domain {domain}; a model imports one");
        return opset;
    }

    private static IEnumerable<Node> NodesOf(Graph graph) => graph.Nodes.SelectMany(n => n.Subgraphs.SelectMany(NodesOf).Prepend(n));

    private static GraphProto GraphOf(Graph graph)
    {
        if (graph.Unsupported.Count > 0)
            throw new OpException($"graph '{graph.Name}'", Coverage.NotSupported, string.Join(", ", graph.Unsupported));
        var proto = new GraphProto { Name = graph.Name.Length > 0 ? graph.Name : "graph" };
        proto.Input.AddRange(graph.Inputs.Select(ValueOf));
        proto.Output.AddRange(graph.Outputs.Select(ValueOf));
        proto.Initializer.AddRange(graph.Constants.Select(c => TensorWriter.Write(c.Key, c.Value)));
        proto.ValueInfo.AddRange(graph.Declared.Values.Select(ValueOf));
        foreach (Node node in graph.Nodes)
        {
            var written = new NodeProto { Name = node.Name, OpType = node.Op, Domain = node.Domain == "ai.onnx" ? "" : node.Domain };
            written.Input.AddRange(node.Inputs);
            written.Output.AddRange(node.Outputs);
            written.Attribute.AddRange(node.Attributes.Select(a => AttributeOf(a.Key, a.Value)));
            proto.Node.Add(written);
        }
        return proto;
    }

    private static ValueInfoProto ValueOf(GraphValue value)
    {
        var info = new ValueInfoProto { Name = value.Name };
        if (value.Type.Element == ElementType.Undefined)
            return info;
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)value.Type.Element };
        if (value.Type.Shape.IsKnown)
        {
            tensor.Shape = new TensorShapeProto();
            foreach (Dim dim in value.Type.Shape.Items)
                tensor.Shape.Dim.Add(dim.IsKnown ? new TensorShapeProto.Types.Dimension { DimValue = dim.Value }
                    : dim.IsSymbolic ? new TensorShapeProto.Types.Dimension { DimParam = dim.ToString() }
                    : new TensorShapeProto.Types.Dimension());
        }
        info.Type = new TypeProto { TensorType = tensor };
        return info;
    }

    private static AttributeProto AttributeOf(string name, object value) => value switch
    {
        long v => new AttributeProto { Name = name, Type = AttributeType.Int, I = v },
        float v => new AttributeProto { Name = name, Type = AttributeType.Float, F = v },
        string v => new AttributeProto { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(v) },
        long[] v => new AttributeProto { Name = name, Type = AttributeType.Ints, Ints = { v } },
        float[] v => new AttributeProto { Name = name, Type = AttributeType.Floats, Floats = { v } },
        string[] v => new AttributeProto { Name = name, Type = AttributeType.Strings, Strings = { v.Select(ByteString.CopyFromUtf8) } },
        TensorValue v => new AttributeProto { Name = name, Type = AttributeType.Tensor, T = TensorWriter.Write("", v) },
        Graph v => new AttributeProto { Name = name, Type = AttributeType.Graph, G = GraphOf(v) },
        Graph[] v => new AttributeProto { Name = name, Type = AttributeType.Graphs, Graphs = { v.Select(GraphOf) } },
        _ => throw new OpException("attribute", name, $"a {value.GetType().Name} has no place in a model"),
    };
}
