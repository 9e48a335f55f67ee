using Ops.Specs.Inference;

namespace Ops.Graphs;

/// <summary>What inference knows of a graph.</summary>
/// <param name="Types">The type of every tensor, by name: inputs, constants, outputs of nodes in order.</param>
/// <param name="Uncovered">The nodes whose outputs are not known, because their op, version or type has no spec; with the reason.</param>
public sealed record InferredGraph(IReadOnlyDictionary<string, TensorType> Types, IReadOnlyList<string> Uncovered)
{
    /// <summary>The type of a value; unknown when it is none of the graph's, or no tensor.</summary>
    public TensorType this[string name] => Types.GetValueOrDefault(name) ?? TensorType.Unknown;
}
