using Ops.Schemas;

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
}
