using Ops.Kernels;

namespace Ops;

public static unsafe partial class SpaceToDepth
{
    private static partial void Compute(in Args args, in Operand input, in Operand output)
    {
        long b = args.blocksize;
        int width = Layout.Width("SpaceToDepth", input.Type);
        Permutation.Run(width, [args.N, args.C, args.H / b, b, args.W / b, b], [0, 3, 5, 1, 2, 4], input.Data, output.Data);
    }
}
