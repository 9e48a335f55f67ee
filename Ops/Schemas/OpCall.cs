using Ops.Tensors;

namespace Ops.Schemas;

/// <summary>A call of an op on tensors; running it fills <see cref="Outputs"/>.</summary>
/// <param name="Inputs">The inputs by position; null for an absent one. Trailing absent ones may be left out.</param>
/// <param name="Attributes">The attributes given.</param>
/// <param name="OutputsWanted">Which outputs the caller asks for, by position.</param>
public sealed record OpCall(IReadOnlyList<TensorValue?> Inputs, AttributeValues Attributes, IReadOnlyList<bool> OutputsWanted)
{
    /// <summary>The outputs by position; null for one that was not asked for.</summary>
    public TensorValue?[] Outputs { get; set; } = [];

    /// <summary>The input at <paramref name="index"/>, or null when it is absent.</summary>
    public TensorValue? Input(int index) => index < Inputs.Count ? Inputs[index] : null;

    /// <summary>Whether the caller asks for the output at <paramref name="index"/>.</summary>
    public bool Wants(int index) => index < OutputsWanted.Count && OutputsWanted[index];

    /// <summary>The same call as inference sees it, with the data of every input.</summary>
    public InferenceCall ToInference() => new([.. Inputs.Select(i => i?.ToTensorType())], Attributes, OutputsWanted);
}
