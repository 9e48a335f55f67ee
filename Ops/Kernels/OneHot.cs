using Ops.Kernels;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class OneHot
{
    private static partial void Compute(in Args args, in Operand indices, in Operand depth, in Operand values, in Operand output)
    {
        int width = Layout.Width("OneHot", values.Type);
        byte* off = (byte*)values.Data, on = off + width;
        StridedCopy.Fill(width, off, output.Data, output.Length);
        long extent = output.Dims[args.at], inner = Layout.Product(args.q.AsSpan((int)args.at)), count = indices.Length;
        using var scratch = Scratch.Rent(count * sizeof(long));
        var places = new Operand(scratch.Data, ElementType.Int64, indices.Dims);
        ElementConversion.Run("OneHot", indices, places);
        var index = (long*)scratch.Data;
        for (long i = 0; i < count; i++)
        {
            long at = index[i] < 0 ? index[i] + extent : index[i];
            if (at < 0 || at >= extent) continue;
            long place = (((i / inner * extent) + at) * inner) + (i % inner);
            Buffer.MemoryCopy(on, (byte*)output.Data + (place * width), width, width);
        }
    }

    /// <summary>The dim of the vectors.</summary>
    private static partial Dim Depth(TensorType depth)
    {
        if (depth.Data is not { Count: 1 } data) return Dim.Unknown;
        if (!depth.Element.IsFloat()) return data[0];
        Real value = data.RealAt(0);
        return !value.IsKnown ? Dim.Unknown
            : value.Value is >= 0 and <= long.MaxValue / 2 ? (long)value.Value
            : Dim.Invalid($"depth is {value}");
    }
}
