using Ops.Kernels;
using Ops.Threading;

namespace Ops;

public static unsafe partial class GatherND
{
    private static partial void Compute(in Args args, in Operand data, in Operand indices, in Operand output)
    {
        if (output.Length == 0) return;
        long block = Layout.Product(args.rest) * Layout.Width("GatherND", data.Type);
        long batches = Layout.Product(args.b), tuples = Layout.Product(args.q) * batches, batchBytes = Layout.Product(args.m) * block;
        using var scratch = Scratch.Rent(tuples * sizeof(long));
        var offsets = (long*)scratch.Data;
        IndexTuples.Offsets((long*)indices.Data, tuples, args.m, block, offsets);
        long perBatch = tuples / batches;
        for (long i = 0; i < tuples; i++) offsets[i] += i / perBatch * batchBytes;
        BlockGather.Run((byte*)data.Data, offsets, tuples, 1, 0, (byte*)output.Data, block);
    }
}
