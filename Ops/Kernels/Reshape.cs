using Ops.Kernels;

namespace Ops;

public static unsafe partial class Reshape
{
    private static partial void Compute(in Args args, in Operand data, in Operand shape, in Operand reshaped) =>
        StridedCopy.Block(data.Data, reshaped.Data, Layout.Bytes("Reshape", data));
}
