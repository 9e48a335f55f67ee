using Ops.Kernels;

namespace Ops;

public static unsafe partial class DepthToSpace
{
    private static partial void Compute(in Args args, in Operand input, in Operand output)
    {
        long b = args.blocksize, channels = args.C / (b * b);
        int width = Layout.Width("DepthToSpace", input.Type);
        if (args.mode == "CRD")
            Permutation.Run(width, [args.N, channels, b, b, args.H, args.W], [0, 1, 4, 2, 5, 3], input.Data, output.Data);
        else
            Permutation.Run(width, [args.N, b, b, channels, args.H, args.W], [0, 3, 4, 1, 5, 2], input.Data, output.Data);
    }
}
