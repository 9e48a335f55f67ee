using Ops.Kernels;
using Ops.Tensors;

namespace Ops;

public static unsafe partial class EyeLike
{
    private static partial void Compute(in Args args, in Operand input, in Operand output)
    {
        int width = Layout.Width("EyeLike", output.Type);
        byte* zero = stackalloc byte[16];
        new Span<byte>(zero, 16).Clear();
        StridedCopy.Fill(width, zero, output.Data, output.Length);
        ReadOnlySpan<byte> one = TensorConstants.Of(output.Type, [1L], []).Bytes;

        // An offset that is far outside leaves no diagonal.
        Int128 first = Int128.Max(0, -(Int128)args.k), last = Int128.Min(args.R, args.C - (Int128)args.k);
        for (Int128 row = first; row < last; row++)
            one.CopyTo(new Span<byte>((byte*)output.Data + ((((long)row * args.C) + (long)(row + args.k)) * width), width));
    }
}
