using Ops.Kernels;

namespace Ops;

public static unsafe partial class Unsqueeze
{
    private static partial void Compute(in Args args, in Operand data, in Operand axes, in Operand expanded) =>
        StridedCopy.Block(data.Data, expanded.Data, Layout.Bytes("Unsqueeze", data));
}
