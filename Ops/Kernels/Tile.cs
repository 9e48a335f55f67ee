using Ops.Kernels;

namespace Ops;

public static unsafe partial class Tile
{
    private static partial void Compute(in Args args, in Operand input, in Operand repeats, in Operand output)
    {
        // Every axis becomes two: the copies, which all read the same, and the elements of one.
        int rank = input.Dims.Length;
        long[] own = Layout.Strides(input.Dims), whole = Layout.Strides(output.Dims);
        long[] extents = new long[2 * rank], from = new long[2 * rank], to = new long[2 * rank];
        for (int axis = 0; axis < rank; axis++)
        {
            extents[2 * axis] = ((long*)repeats.Data)[axis];
            to[2 * axis] = input.Dims[axis] * whole[axis];
            extents[(2 * axis) + 1] = input.Dims[axis];
            from[(2 * axis) + 1] = own[axis];
            to[(2 * axis) + 1] = whole[axis];
        }

        StridedCopy.Run(Layout.Width("Tile", input.Type), extents, input.Data, from, output.Data, to);
    }
}
