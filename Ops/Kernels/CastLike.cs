using Ops.Kernels;

namespace Ops;

public static partial class CastLike
{
    private static partial void Compute(in Args args, in Operand input, in Operand target_type, in Operand output) =>
        ElementConversion.Run("CastLike", input, output, args.saturate, args.round_mode);
}
