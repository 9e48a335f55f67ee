using Ops.Kernels;

namespace Ops;

public static unsafe partial class MaxUnpool
{
    private static partial void Compute(in Args args, in Operand X, in Operand I, in Operand output_shape, in Operand output)
    {
        int width = Layout.Width("MaxUnpool", X.Type);
        UInt128 zero = 0;
        StridedCopy.Fill(width, &zero, output.Data, output.Length);
        long[] covered = [args.N, args.C, .. args.covered], strides = Layout.Strides(output.Dims);
        bool same = covered.AsSpan().SequenceEqual(output.Dims);
        var indices = (long*)I.Data;
        for (long i = 0, count = X.Length; i < count; i++)
        {
            long place = same ? indices[i] : Place(indices[i], covered, strides);
            Buffer.MemoryCopy((byte*)X.Data + (i * width), (byte*)output.Data + (place * width), width, width);
        }
    }

    /// <summary>Where in the output a place of what the windows cover is.</summary>
    private static long Place(long at, long[] covered, long[] strides)
    {
        long place = 0;
        for (int axis = covered.Length - 1; axis >= 0; axis--)
        {
            place += at % covered[axis] * strides[axis];
            at /= covered[axis];
        }

        return place;
    }
}
