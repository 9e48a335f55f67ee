using Ops.Graphs;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.Onnx;

/// <summary>The value of a <c>Constant</c> node, in each form ONNX has for it.</summary>
internal static class ConstantNode
{
    /// <summary>The value, or null when it is sparse.</summary>
    /// <exception cref="OpException">There is not exactly one value, or it is of the wrong kind.</exception>
    public static TensorValue? Read(IReadOnlyDictionary<string, object> attributes, string subject)
    {
        if (attributes.Count != 1)
            throw new OpException(subject, "constant", $"it has {attributes.Count} attributes, wants exactly one");
        var (name, value) = attributes.First();
        return (name, value) switch
        {
            ("value", TensorValue tensor) => tensor,
            ("value_float", float number) => TensorValue.From<float>([number]),
            ("value_floats", float[] numbers) => TensorValue.From<float>(numbers, numbers.Length),
            ("value_int", long number) => TensorValue.From<long>([number]),
            ("value_ints", long[] numbers) => TensorValue.From<long>(numbers, numbers.Length),
            ("value_string", string text) => TensorValue.From([text]),
            ("value_strings", string[] texts) => TensorValue.From(texts, texts.Length),
            ("sparse_value", OtherAttribute) => null,
            _ => throw new OpException(subject, "constant", $"the attribute '{name}' is no value of a constant"),
        };
    }
}
