using Ops.Kernels;
using Ops.Threading;

namespace Ops;

/// <remarks>
/// Where axes are cut as well as padded, the elements that are left out count no more: what is added comes from those that are left.
/// </remarks>
public static unsafe partial class Pad
{
    private static partial void Compute(
        in Args args, in Operand data, in Operand pads, in Operand constant_value, in Operand axes, in Operand output)
    {
        if (!PackedElements.IsPacked(data.Type))
        {
            Run(args, Layout.Width("Pad", data.Type), data.Data, data.Dims, constant_value.Data, output.Data, output.Dims);
            return;
        }

        byte constant = 0;
        if (!constant_value.IsAbsent) PackedElements.Unpack(constant_value, &constant);
        long length = data.Length;
        using var scratch = Scratch.Rent(length + output.Length);
        PackedElements.Unpack(data, scratch.Data);
        Run(args, 1, scratch.Data, data.Dims, &constant, scratch.Data + length, output.Dims);
        PackedElements.Pack(scratch.Data + length, output);
    }

    private static void Run(in Args args, int width, void* data, long[] dims, void* constant, void* output, long[] padded)
    {
        int rank = dims.Length;
        if (Layout.Product(padded) == 0) return;
        if (args.mode == "constant")
        {
            UInt128 zero = 0;
            StridedCopy.Fill(width, constant == null ? &zero : constant, output, Layout.Product(padded));
        }

        // First the elements that stay, then, axis by axis, what is added before and after: it copies slices that are there already.
        long[] from = Layout.Strides(dims), to = Layout.Strides(padded), kept = new long[rank], start = new long[rank];
        byte* source = (byte*)data;
        var destination = (byte*)output;
        for (int axis = 0; axis < rank; axis++)
        {
            long before = args.before[axis], skipped = Math.Max(-before, 0);
            start[axis] = Math.Max(before, 0);
            kept[axis] = Math.Max(Math.Min(dims[axis], dims[axis] + args.after[axis]) - skipped, 0);
            if (start[axis] + kept[axis] > padded[axis]) kept[axis] = Math.Max(padded[axis] - start[axis], 0);
            source += skipped * from[axis] * width;
            destination += start[axis] * to[axis] * width;
        }

        StridedCopy.Run(width, kept, source, from, destination, to);
        if (args.mode == "constant") return;
        var region = (long[])kept.Clone();
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            // The axes behind this one are complete, those before it still have their kept part only.
            byte* corner = (byte*)output;
            for (int other = 0; other < axis; other++) corner += start[other] * to[other] * width;
            region[axis] = 1;
            for (long place = 0; place < padded[axis]; place++)
            {
                if (place >= start[axis] && place < start[axis] + kept[axis]) continue;
                long origin = start[axis] + Source(args.mode, place - start[axis], kept[axis]);
                StridedCopy.Run(width, region, corner + (origin * to[axis] * width), to, corner + (place * to[axis] * width), to);
            }

            region[axis] = padded[axis];
        }
    }

    /// <summary>The element that an added one is a copy of, both counted from the first one that was kept.</summary>
    private static long Source(string mode, long place, long length)
    {
        switch (mode)
        {
            case "edge":
                return Math.Clamp(place, 0, length - 1);
            case "wrap":
                return ((place % length) + length) % length;
            default:
                if (length == 1) return 0;
                long period = 2 * (length - 1), at = ((place % period) + period) % period;
                return Math.Min(at, period - at);
        }
    }
}
