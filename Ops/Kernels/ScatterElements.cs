using Ops.Kernels;
using Ops.Threading;

namespace Ops;

public static unsafe partial class ScatterElements
{
    private static partial void Compute(in Args args, in Operand data, in Operand indices, in Operand updates, in Operand output)
    {
        StridedCopy.Block(data.Data, output.Data, Layout.Bytes("ScatterElements", data));
        var walk = new ElementWalk("ScatterElements", data, indices, args.axis);
        using var scratch = Scratch.Rent(walk.Count * sizeof(long));
        var places = (long*)scratch.Data;
        ElementWalk.Rows rows = walk.All();
        while (rows.Next())
            for (long i = 0; i < rows.Length; i++) places[rows.First + i] = rows.Place(i);
        ScatterUpdates.Run("ScatterElements", args.reduction, updates, places, walk.Count, 1, output);
    }
}
