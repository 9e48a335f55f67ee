using Ops.Kernels;

namespace Ops;

public static unsafe partial class Expand
{
    private static partial void Compute(in Args args, in Operand input, in Operand shape, in Operand output)
    {
        int missing = output.Dims.Length - input.Dims.Length;
        long[] own = Layout.Strides(input.Dims), strides = new long[output.Dims.Length];
        for (int axis = 0; axis < own.Length; axis++) strides[missing + axis] = input.Dims[axis] == 1 ? 0 : own[axis];
        StridedCopy.Run(Layout.Width("Expand", input.Type), output.Dims, input.Data, strides, output.Data, Layout.Strides(output.Dims));
    }
}
