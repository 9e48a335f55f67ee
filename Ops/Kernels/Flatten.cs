using Ops.Kernels;

namespace Ops;

public static unsafe partial class Flatten
{
    private static partial void Compute(in Args args, in Operand input, in Operand output) =>
        StridedCopy.Block(input.Data, output.Data, Layout.Bytes("Flatten", input));
}
