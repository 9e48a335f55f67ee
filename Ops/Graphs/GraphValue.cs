using Ops.Specs.Inference;

namespace Ops.Graphs;

/// <summary>A named value as the model declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Type">What is declared of it when it is a tensor; <see cref="TensorType.Unknown"/> for every other kind.</param>
public sealed record GraphValue(string Name, ValueKind Kind, TensorType Type)
{
    /// <summary>Whether it is known to be something else than a tensor.</summary>
    public bool IsOther => Kind is not (ValueKind.Tensor or ValueKind.Unknown);

    /// <summary>The name and what is declared, for instance <c>x: float[N, 4]</c>.</summary>
    public override string ToString() => $"{Name}: {(IsOther ? Kind.ToString().ToLowerInvariant() : Type)}";
}
