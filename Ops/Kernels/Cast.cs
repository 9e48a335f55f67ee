using Ops.Kernels;

namespace Ops;

public static partial class Cast
{
    private static partial void Compute(in Args args, in Operand input, in Operand output) =>
        ElementConversion.Run("Cast", input, output, args.saturate, args.round_mode);
}
