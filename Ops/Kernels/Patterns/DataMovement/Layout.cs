using Ops.Specs;
using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Where the elements of dense tensors are.</summary>
internal static class Layout
{
    /// <summary>How many bytes an element takes.</summary>
    /// <exception cref="OpException">The type has no whole number of bytes.</exception>
    public static int Width(string op, ElementType type) =>
        type.Bits() is var bits and >= 8 ? bits / 8 : throw KernelErrors.UnsupportedType(op, type);

    /// <summary>How many bytes the elements of an operand take, packed ones included.</summary>
    /// <exception cref="OpException">The type has no layout in bytes.</exception>
    public static long Bytes(string op, in Operand operand) =>
        operand.Type.Bits() is var bits and > 0 ? (operand.Length * bits + 7) / 8 : throw KernelErrors.UnsupportedType(op, operand.Type);

    /// <summary>The distance in elements from one index of each axis to the next.</summary>
    public static long[] Strides(ReadOnlySpan<long> dims)
    {
        var strides = new long[dims.Length];
        long stride = 1;
        for (int axis = dims.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= dims[axis];
        }

        return strides;
    }

    /// <summary>The number of elements of some dims.</summary>
    public static long Product(ReadOnlySpan<long> dims)
    {
        long product = 1;
        foreach (long dim in dims) product = checked(product * dim);
        return product;
    }

    /// <summary>An axis counted from the front.</summary>
    public static int Axis(long axis, int rank) => (int)(axis < 0 ? axis + rank : axis);
}
