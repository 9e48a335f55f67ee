using Ops.Kernels;

namespace Ops;

public static unsafe partial class ArgMin
{
    private static partial void Compute(in Args args, in Operand data, in Operand reduced) =>
        ArgExtreme.Run("ArgMin", data, (int)args.at, greatest: false, args.select_last_index, (long*)reduced.Data);
}
