using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>What inference knows of the values around a subgraph, which reads them by name.</summary>
/// <param name="Types">The types in the graph around it.</param>
/// <param name="Constants">The values in the graph around it that depend on constants only.</param>
/// <param name="Outer">What lies around that graph.</param>
/// <param name="Options">How the graph around it is inferred.</param>
internal sealed record GraphScope(
    IReadOnlyDictionary<string, TensorType> Types, IReadOnlyDictionary<string, TensorValue> Constants, GraphScope? Outer,
    InferenceOptions Options)
{
    /// <summary>The type of a value around the subgraph; null when nothing is known of it.</summary>
    public TensorType? Find(string name) => Types.TryGetValue(name, out TensorType? type) ? type : Outer?.Find(name);

    /// <summary>The value around the subgraph, when it depends on constants only.</summary>
    public TensorValue? FindConstant(string name) =>
        Types.ContainsKey(name) ? Constants.GetValueOrDefault(name) : Outer?.FindConstant(name);
}
