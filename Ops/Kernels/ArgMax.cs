using Ops.Kernels;

namespace Ops;

public static unsafe partial class ArgMax
{
    private static partial void Compute(in Args args, in Operand data, in Operand reduced) =>
        ArgExtreme.Run("ArgMax", data, (int)args.at, greatest: true, args.select_last_index, (long*)reduced.Data);
}
