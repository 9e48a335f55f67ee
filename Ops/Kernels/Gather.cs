using Ops.Kernels;
using Ops.Threading;

namespace Ops;

public static unsafe partial class Gather
{
    private static partial void Compute(in Args args, in Operand data, in Operand indices, in Operand output)
    {
        if (output.Length == 0) return;
        long block = Layout.Product(args.post) * Layout.Width("Gather", data.Type), count = indices.Length;
        var places = new IndexList(indices);
        using var scratch = Scratch.Rent(count * sizeof(long));
        var offsets = (long*)scratch.Data;
        for (long i = 0; i < count; i++) offsets[i] = places.Within(i, args.N) * block;
        BlockGather.Run((byte*)data.Data, offsets, count, Layout.Product(args.pre), args.N * block, (byte*)output.Data, block);
    }
}
