using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class NonZero
{
    private static partial void Compute(in Args args, in Operand X, in Operand Y)
    {
        long count = X.Length, found = Y.Dims[1];
        int rank = X.Dims.Length;
        using var scratch = Scratch.Rent(count);
        ElementConversion.Run("NonZero", X, new Operand(scratch.Data, ElementType.Bool, X.Dims));
        var indices = (long*)Y.Data;
        long column = 0;
        for (long i = 0; i < count; i++)
        {
            if (scratch.Data[i] == 0) continue;
            long rest = i;
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                indices[(axis * found) + column] = rest % X.Dims[axis];
                rest /= X.Dims[axis];
            }

            column++;
        }
    }

    /// <summary>How many elements are not zero.</summary>
    private static partial Dim Count(TensorType X)
    {
        if (X.Data is not { } data) return Dim.Unknown;
        long count = 0;
        for (long i = 0; i < data.Count; i++)
        {
            if (X.Element.IsFloat())
            {
                Real value = data.RealAt(i);
                if (!value.IsKnown) return Dim.Unknown;
                if (value.Value != 0) count++;
            }
            else
            {
                // Of the integers only those of 64 bits without a sign may be too large to be known.
                Dim value = data[i];
                if (!value.IsKnown && X.Element != ElementType.UInt64) return Dim.Unknown;
                if (!value.IsKnown || value.Value != 0) count++;
            }
        }

        return count;
    }
}
