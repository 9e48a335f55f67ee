using Ops.Kernels;

namespace Ops;

public static partial class CumSum
{
    private static partial void Compute(in Args args, in Operand x, in Operand axis, in Operand y) =>
        RunningFolds.Run("CumSum", product: false, x, new IndexList(axis)[0], y, args.exclusive, args.reverse);
}
