using Ops.Kernels;

namespace Ops;

public static unsafe partial class ReverseSequence
{
    private static partial void Compute(in Args args, in Operand input, in Operand sequence_lens, in Operand Y)
    {
        int width = Layout.Width("ReverseSequence", input.Type);
        long[] strides = Layout.Strides(input.Dims);
        long inner = Layout.Product(input.Dims.AsSpan(2)) * width;
        long batchStride = strides[args.batch_axis] * width, timeStride = strides[args.time_axis] * width,
            times = input.Dims[args.time_axis];
        var lengths = new IndexList(sequence_lens);
        for (long b = 0; b < args.B; b++)
        {
            byte* source = (byte*)input.Data + (b * batchStride), target = (byte*)Y.Data + (b * batchStride);
            for (long t = 0; t < times; t++)
            {
                long from = t < lengths[b] ? lengths[b] - 1 - t : t;
                Buffer.MemoryCopy(source + (from * timeStride), target + (t * timeStride), inner, inner);
            }
        }
    }
}
