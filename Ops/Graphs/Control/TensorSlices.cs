using Ops.Kernels;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>The parts of a tensor at the positions of one axis.</summary>
internal static unsafe class TensorSlices
{
    /// <summary>The part at one position, as a tensor without the axis; in the same memory where it lies together there.</summary>
    public static TensorValue Take(TensorValue whole, int axis, long position)
    {
        if (axis == 0 && whole.ViewAt(position) is { } view)
            return view;
        TensorValue part = TensorValue.Allocate(whole.Type, [.. whole.Dims[..axis], .. whole.Dims[(axis + 1)..]],
            clear: whole.Type.Bits() is > 0 and < 8);
        Copy(whole, part, whole.Dims, axis, position, toWhole: false);
        return part;
    }

    /// <summary>Writes the part at one position.</summary>
    public static void Put(TensorValue part, TensorValue whole, int axis, long position) =>
        Copy(whole, part, whole.Dims, axis, position, toWhole: true);

    /// <summary>A tensor of no elements along a new axis, as far as the type of its parts is known: dims that are not are 0.</summary>
    /// <exception cref="OpException">Not even the element type is known.</exception>
    public static TensorValue Empty(string op, TensorType part, int axis)
    {
        if (part.Element == ElementType.Undefined)
            throw new OpException(op, "scan-output", "there is no iteration, and nothing tells the type of a scan output");
        long[] dims = part.Shape.IsKnown ? Array.ConvertAll(part.Shape.ToArray(), d => d.ValueOr(0)) : [];
        axis = axis < 0 ? axis + dims.Length + 1 : axis;
        if (axis < 0 || axis > dims.Length)
            throw new OpException(op, "scan-output", $"{axis} is no axis of a scan output of {dims.Length + 1} axes");
        return TensorValue.Allocate(part.Element, [.. dims[..axis], 0, .. dims[axis..]]);
    }

    private static void Copy(TensorValue whole, TensorValue part, long[] dims, int axis, long position, bool toWhole)
    {
        long before = Layout.Product(dims.AsSpan(0, axis)), after = Layout.Product(dims.AsSpan(axis + 1)), stride = dims[axis] * after;
        int bits = whole.Type.Bits();
        if (bits >= 8)
        {
            int width = bits / 8;
            byte* inWhole = (byte*)whole.Pointer + position * after * width;
            if (before == 1)
                Buffer.MemoryCopy(toWhole ? part.Pointer : inWhole, toWhole ? inWhole : part.Pointer, after * width, after * width);
            else if (toWhole)
                StridedCopy.Run(width, [before, after], part.Pointer, [after, 1], inWhole, [stride, 1]);
            else
                StridedCopy.Run(width, [before, after], inWhole, [stride, 1], part.Pointer, [after, 1]);
            GC.KeepAlive(whole);
            GC.KeepAlive(part);
            return;
        }
        for (long i = 0; i < before; i++)
            for (long j = 0; j < after; j++)
            {
                long there = i * stride + position * after + j, here = i * after + j;
                if (whole.Strings is { } strings)
                    _ = toWhole ? strings[there] = part.Strings![here] : part.Strings![here] = strings[there];
                else if (toWhole)
                    CopyBits(part.Bytes, here, whole.Bytes, there, bits);
                else
                    CopyBits(whole.Bytes, there, part.Bytes, here, bits);
            }
    }

    /// <summary>Copies an element of fewer than 8 bits.</summary>
    private static void CopyBits(Span<byte> source, long from, Span<byte> target, long to, int bits)
    {
        int perByte = 8 / bits, mask = (1 << bits) - 1, shift = (int)(to % perByte) * bits;
        int element = (source[(int)(from / perByte)] >> (int)(from % perByte) * bits) & mask;
        ref byte cell = ref target[(int)(to / perByte)];
        cell = (byte)((cell & ~(mask << shift)) | (element << shift));
    }
}
