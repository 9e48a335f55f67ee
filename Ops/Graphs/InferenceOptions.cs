using Ops.Schemas;
using Ops.Specs.Inference;

namespace Ops.Graphs;

/// <summary>How the types of a graph are inferred.</summary>
public sealed record InferenceOptions
{
    /// <summary>Whether what the model declares of outputs and of values between nodes completes what is inferred.</summary>
    public bool UseDeclared { get; init; } = true;

    /// <summary>Whether small values that depend on constants only are computed, so that shapes they decide are known.</summary>
    public bool Fold { get; init; } = true;

    /// <summary>Where the ops come from.</summary>
    public OpSource Ops { get; init; } = OpRegistry.Find;

    /// <summary>
    /// Is told of each node, also in the bodies of If, Loop and Scan, what is known of its inputs; null for an absent one. A node of a body
    /// that is inferred again is told again.
    /// </summary>
    public Action<Node, IReadOnlyList<TensorType?>>? Observe { get; init; }
}
