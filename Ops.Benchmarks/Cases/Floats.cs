using System.Numerics.Tensors;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>Tensors of floats for cases.</summary>
internal static unsafe class Floats
{
    /// <summary>Numbers from -1 to 1, the same in every run.</summary>
    public static TensorValue Random(uint seed, params long[] dims)
    {
        TensorValue tensor = Empty(dims);
        uint state = 2 * seed + 1;
        foreach (ref float x in tensor.Span<float>())
        {
            state = state * 1664525 + 1013904223;
            x = (int)state * (1f / int.MaxValue);
        }
        return tensor;
    }

    /// <summary>A tensor for an output; its pages exist.</summary>
    public static TensorValue Empty(params long[] dims)
    {
        TensorValue tensor = TensorValue.Allocate(ElementType.Float, dims);
        tensor.Bytes.Clear();
        return tensor;
    }

    /// <summary>The elements for a typed method.</summary>
    public static ReadOnlyTensorSpan<float> Read(this TensorValue tensor) =>
        new((float*)tensor.Pointer, (nint)tensor.Length, Lengths(tensor));

    /// <summary>The elements for a typed method to fill.</summary>
    public static TensorSpan<float> Write(this TensorValue tensor) => new((float*)tensor.Pointer, (nint)tensor.Length, Lengths(tensor));

    private static nint[] Lengths(TensorValue tensor) => Array.ConvertAll(tensor.Dims, d => (nint)d);
}
