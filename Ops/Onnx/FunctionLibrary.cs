using Google.Protobuf.Collections;
using Ops.Onnx.Proto;
using Ops.Specs;

namespace Ops.Onnx;

/// <summary>The functions a model brings along.</summary>
internal sealed class FunctionLibrary
{
    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> functions = [];

    public FunctionLibrary(RepeatedField<FunctionProto> protos, string source)
    {
        foreach (FunctionProto function in protos)
            if (!functions.TryAdd((OpsetImports.Canonical(function.Domain), function.Name, function.Overload), function))
                throw new OpException(source, "duplicate", $"there are two functions '{function.Name}' of domain '{function.Domain}'");
    }

    /// <summary>The function a node calls, or null when it calls an op.</summary>
    public FunctionProto? Find(NodeProto node) =>
        functions.GetValueOrDefault((OpsetImports.Canonical(node.Domain), node.OpType, node.Overload));
}
