using Ops.Kernels;

namespace Ops;

public static partial class CumProd
{
    private static partial void Compute(in Args args, in Operand x, in Operand axis, in Operand y) =>
        RunningFolds.Run("CumProd", product: true, x, new IndexList(axis)[0], y, args.exclusive, args.reverse);
}
