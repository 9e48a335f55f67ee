using System.Numerics;
using System.Numerics.Tensors;
using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

/// <remarks>Floats of 16 bits are summed as float and rounded once; integers wrap.</remarks>
public static unsafe partial class Col2Im
{
    private static partial void Compute(in Args args, in Operand input, in Operand image_shape, in Operand block_shape, in Operand output)
    {
        var blocks = new IndexList(block_shape);
        long[] block = [.. Enumerable.Range(0, (int)args.n).Select(axis => blocks[axis])];
        var window = new SlidingWindow(output.Dims[2..], args.places, block, args.strides, args.dilations, args.pads[..(int)args.n]);
        switch (output.Type)
        {
            case ElementType.Int8 or ElementType.UInt8: Run<byte>(window, input, output); break;
            case ElementType.Int16 or ElementType.UInt16: Run<ushort>(window, input, output); break;
            case ElementType.Int32 or ElementType.UInt32: Run<uint>(window, input, output); break;
            case ElementType.Int64 or ElementType.UInt64: Run<ulong>(window, input, output); break;
            case ElementType.Double: Run<double>(window, input, output); break;
            case ElementType.Float or ElementType.Float16 or ElementType.BFloat16:
                using (var wide = new WideScratch("Col2Im", ElementType.Float, input, output))
                {
                    Operand from = wide.Read(input), to = wide.Place(output);
                    Run<float>(window, from, to);
                    wide.Write(to, output);
                }

                break;
            case ElementType.String or ElementType.Bool or ElementType.Complex64 or ElementType.Complex128:
            default: throw KernelErrors.UnsupportedType("Col2Im", output.Type);
        }
    }

    private static void Run<T>(in SlidingWindow window, in Operand columns, in Operand image)
        where T : unmanaged, INumber<T>
    {
        var body = new Body<T>(window, (T*)columns.Data, (T*)image.Data);
        Workers.Run(checked((int)(image.Dims[0] * image.Dims[1])), ref body);
    }

    /// <summary>A part is one channel of one image; its blocks overlap, so that each element is summed over the elements of a block in
    /// ascending order.</summary>
    private readonly struct Body<T>(SlidingWindow window, T* columns, T* images) : IParallelBody
        where T : unmanaged, INumber<T>
    {
        public void Run(int part)
        {
            T* image = images + (part * window.Source), column = columns + (part * window.Taps * window.Places);
            new Span<T>(image, checked((int)window.Source)).Clear();
            for (long tap = 0, taps = window.Taps, rows = window.Rows; tap < taps; tap++)
                for (long row = 0; row < rows; row++)
                    if (window.RowStart(row, tap) is var start and >= 0)
                        Add(window.Inside(tap), column + (tap * window.Places) + (row * window.RowPlaces), image + start);
        }

        private void Add((long Low, long High, long Source) inside, T* column, T* image)
        {
            var (low, high, shift) = inside;
            if (high <= low) return;
            image += shift;
            if (window.Stride == 1)
            {
                var sums = new Span<T>(image, (int)(high - low));
                TensorPrimitives.Add(new ReadOnlySpan<T>(column + low, sums.Length), sums, sums);
                return;
            }

            for (long i = low; i < high; i++, image += window.Stride) *image += column[i];
        }
    }
}
