using Ops.Graphs;
using Ops.Onnx.Proto;
using Ops.Specs;

namespace Ops.Onnx;

/// <summary>An ONNX model.</summary>
public sealed class OnnxModel
{
    private OnnxModel(Graph graph, ModelProto proto, IReadOnlyDictionary<string, long> opsets)
    {
        Graph = graph;
        IrVersion = proto.IrVersion;
        Producer = proto.ProducerName;
        Opsets = opsets;
    }

    /// <summary>The graph, with the model's own functions inlined.</summary>
    public Graph Graph { get; }

    /// <summary>The version of the file format.</summary>
    public long IrVersion { get; }

    /// <summary>What wrote the model; may be empty.</summary>
    public string Producer { get; }

    /// <summary>The version of each domain that the model imports.</summary>
    public IReadOnlyDictionary<string, long> Opsets { get; }

    /// <summary>Reads a model. Data outside the file may lie in the file's folder only.</summary>
    /// <exception cref="OpException">The file cannot be read, or what it holds is no sound model.</exception>
    public static OnnxModel Load(string path) => Parse(OnnxFile.ReadBytes(path), Path.GetDirectoryName(Path.GetFullPath(path)), path);

    /// <summary>Reads a model from bytes.</summary>
    /// <param name="bytes">The bytes of the file.</param>
    /// <param name="folder">Where data outside the file may lie; null when there is no such place.</param>
    /// <param name="source">Where the bytes come from, for messages.</param>
    /// <exception cref="OpException">The bytes are no sound model.</exception>
    public static OnnxModel Parse(byte[] bytes, string? folder = null, string source = "model")
    {
        ModelProto proto = OnnxFile.Parse(ModelProto.Parser, bytes, source);
        return OnnxFile.Guard(source, () => Import(proto, folder, source));
    }

    private static OnnxModel Import(ModelProto proto, string? folder, string source)
    {
        if (proto.Graph is null)
            throw new OpException(source, "graph", "it holds no graph, so it is no ONNX model");
        // Before IR version 3 there were no imports, and one opset.
        IEnumerable<OperatorSetIdProto> declared = proto.OpsetImport.Count == 0 && proto.IrVersion < 3
            ? [new OperatorSetIdProto { Version = 1 }] : proto.OpsetImport;
        var imports = new OpsetImports(declared, source);
        var importer = new GraphImporter(proto, imports, new TensorReader(source, folder), source);
        return new OnnxModel(importer.Import(proto.Graph), proto, imports.Versions);
    }
}
