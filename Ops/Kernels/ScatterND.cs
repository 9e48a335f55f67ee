using Ops.Kernels;
using Ops.Threading;

namespace Ops;

public static unsafe partial class ScatterND
{
    private static partial void Compute(in Args args, in Operand data, in Operand indices, in Operand updates, in Operand output)
    {
        StridedCopy.Block(data.Data, output.Data, Layout.Bytes("ScatterND", data));
        long block = Layout.Product(args.rest), tuples = Layout.Product(args.q);
        using var scratch = Scratch.Rent(tuples * sizeof(long));
        var places = (long*)scratch.Data;
        IndexTuples.Offsets((long*)indices.Data, tuples, args.m, block, places);
        ScatterUpdates.Run("ScatterND", args.reduction, updates, places, tuples, block, output);
    }
}
