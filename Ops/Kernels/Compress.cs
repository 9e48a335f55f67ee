using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;

namespace Ops;

public static unsafe partial class Compress
{
    private static partial void Compute(in Args args, in Operand input, in Operand condition, in Operand output)
    {
        int width = Layout.Width("Compress", input.Type);
        // Elements of the flattened input are the slices of a vector.
        bool flat = output.Dims.Length == 1;
        long before = flat ? 1 : Layout.Product(input.Dims.AsSpan(0, (int)args.at)),
            after = flat ? 1 : Layout.Product(input.Dims.AsSpan((int)args.at + 1));
        long kept = output.Length == 0 ? 0 : output.Length / before / after, next = 0;
        for (long i = 0; i < args.k && next < kept; i++)
        {
            if (((byte*)condition.Data)[i] == 0) continue;
            StridedCopy.Run(width, [before, after], (byte*)input.Data + (i * after * width), [args.whole * after, 1],
                (byte*)output.Data + (next++ * after * width), [kept * after, 1]);
        }
    }

    /// <summary>How many slices stay.</summary>
    private static partial Dim Count(TensorType condition)
    {
        if (condition.Data is not { } data) return Dim.Unknown;
        long count = 0;
        for (long i = 0; i < data.Count; i++)
        {
            if (!data[i].IsKnown) return Dim.Unknown;
            if (data[i].Value != 0) count++;
        }

        return count;
    }
}
