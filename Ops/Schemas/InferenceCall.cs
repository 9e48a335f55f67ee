using Ops.Specs;
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

    /// <summary>The elements of a variadic input, from <paramref name="index"/> on.</summary>
    public IReadOnlyList<TensorType> Variadic(int index) => [.. Inputs.Skip(index).Select(i => i ?? TensorType.Unknown)];

    /// <summary>Refuses a call with other attributes than the op's, too many inputs or outputs, or a required one missing.</summary>
    /// <exception cref="OpException">The rule <c>inputs</c>, <c>outputs</c> or one about an attribute is broken.</exception>
    public void Check(OpSchema schema)
    {
        Attributes.Check(schema);
        bool variadic = schema.Inputs.Count > 0 && schema.Inputs[^1].Variadic;
        if (!variadic && Inputs.Count > schema.Inputs.Count)
            throw new OpException(schema.Name, "inputs", $"there are {Inputs.Count}, {schema} takes at most {schema.Inputs.Count}");
        for (int i = 0; i < schema.Inputs.Count; i++)
            if (!schema.Inputs[i].Optional && Input(i) is null)
                throw schema.MissingInput(i);
        for (int i = variadic ? schema.Inputs.Count - 1 : schema.Inputs.Count; i < Inputs.Count; i++)
            if (Inputs[i] is null)
                throw new OpException(schema.Name, "inputs", $"input {i}, an element of {schema.Inputs[^1].Name}, is missing");
        if (OutputsWanted.Count > schema.Outputs.Count && !(schema.Outputs.Count > 0 && schema.Outputs[^1].Variadic))
            throw new OpException(schema.Name, "outputs", $"{OutputsWanted.Count} are asked for, {schema} has {schema.Outputs.Count}");
        for (int i = OutputsWanted.Count; i < schema.Outputs.Count; i++)
            if (!schema.Outputs[i].Optional && !schema.Outputs[i].Variadic)
                throw new OpException(schema.Name, "outputs",
                    $"output {i}, {schema.Outputs[i].Name}, is missing: {OutputsWanted.Count} are asked for");
    }
}
