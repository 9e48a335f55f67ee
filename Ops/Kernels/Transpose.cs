using Ops.Kernels;
using Ops.Threading;

namespace Ops;

public static unsafe partial class Transpose
{
    private static partial void Compute(in Args args, in Operand data, in Operand transposed)
    {
        if (!PackedElements.IsPacked(data.Type))
        {
            Permutation.Run(Layout.Width("Transpose", data.Type), data.Dims, args.perm, data.Data, transposed.Data);
            return;
        }

        long length = data.Length;
        using var scratch = Scratch.Rent(2 * length);
        PackedElements.Unpack(data, scratch.Data);
        Permutation.Run(1, data.Dims, args.perm, scratch.Data, scratch.Data + length);
        PackedElements.Pack(scratch.Data + length, transposed);
    }
}
