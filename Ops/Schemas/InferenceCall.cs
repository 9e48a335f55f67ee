using Ops.Specs.Inference;

namespace Ops.Schemas;

/// <summary>A call of an op as inference sees it.</summary>
/// <param name="Inputs">What is known of the inputs, by position; null for an absent one. Trailing absent ones may be left out.</param>
/// <param name="Attributes">The attributes given.</param>
/// <param name="OutputsWanted">Which outputs the caller asks for, by position.</param>
public sealed record InferenceCall(IReadOnlyList<TensorType?> Inputs, AttributeValues Attributes, IReadOnlyList<bool> OutputsWanted)
{
    /// <summary>The input at <paramref name="index"/>, or null when it is absent.</summary>
    public TensorType? Input(int index) => index < Inputs.Count ? Inputs[index] : null;

    /// <summary>Whether the caller asks for the output at <paramref name="index"/>.</summary>
    public bool Wants(int index) => index < OutputsWanted.Count && OutputsWanted[index];
}
