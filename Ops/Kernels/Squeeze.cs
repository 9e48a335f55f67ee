using Ops.Kernels;

namespace Ops;

public static unsafe partial class Squeeze
{
    private static partial void Compute(in Args args, in Operand data, in Operand axes, in Operand squeezed) =>
        StridedCopy.Block(data.Data, squeezed.Data, Layout.Bytes("Squeeze", data));
}
