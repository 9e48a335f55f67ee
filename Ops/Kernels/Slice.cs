using Ops.Kernels;

namespace Ops;

public static unsafe partial class Slice
{
    private static partial void Compute(
        in Args args, in Operand data, in Operand starts, in Operand ends, in Operand axes, in Operand steps, in Operand output)
    {
        int width = Layout.Width("Slice", data.Type);
        long[] strides = Layout.Strides(data.Dims);
        var source = (byte*)data.Data;
        if (output.Length == 0) return;
        var distances = new IndexList(steps);
        for (int j = 0; j < args.ax.Length; j++)
        {
            long axis = args.ax[j];
            source += args.from[j] * strides[axis] * width;
            if (!steps.IsAbsent) strides[axis] *= distances[j];
        }

        StridedCopy.Run(width, output.Dims, source, strides, output.Data, Layout.Strides(output.Dims));
    }
}
