using Ops.Onnx.Proto;
using Ops.Specs;

namespace Ops.Onnx;

/// <summary>Which version of each domain a model or a function is written in.</summary>
internal sealed class OpsetImports
{
    private readonly Dictionary<string, long> versions = [];

    public OpsetImports(IEnumerable<OperatorSetIdProto> imports, string source)
    {
        foreach (OperatorSetIdProto import in imports)
            if (!versions.TryAdd(Canonical(import.Domain), import.Version) && versions[Canonical(import.Domain)] != import.Version)
                throw new OpException(source, "opset", $"it imports two versions of domain '{Canonical(import.Domain)}'");
    }

    /// <summary>The imports by domain.</summary>
    public IReadOnlyDictionary<string, long> Versions => versions;

    /// <summary>The name of a domain; the empty one is <c>ai.onnx</c>.</summary>
    public static string Canonical(string domain) => domain.Length == 0 ? "ai.onnx" : domain;

    /// <summary>The version of a node's domain.</summary>
    public long Of(NodeProto node, string subject) => versions.TryGetValue(Canonical(node.Domain), out long version)
        ? version : throw new OpException(subject, "opset", $"the model does not import domain '{Canonical(node.Domain)}'");
}
