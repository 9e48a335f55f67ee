using System.Numerics;
using System.Numerics.Tensors;
using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class ConvTranspose
{
    private static partial void Compute(in Args args, in Operand X, in Operand W, in Operand B, in Operand Y)
    {
        // 16-bit floats are summed as float, and rounded once.
        using var wide = new WideScratch("ConvTranspose", WideScratch.For(X.Type), X, W, B, Y);
        Operand x = wide.Read(X), w = wide.Read(W), b = wide.Read(B), y = wide.Place(Y);
        if (x.Type == ElementType.Double) Run<double>(args, x, w, b, y);
        else Run<float>(args, x, w, b, y);
        wide.Write(y, Y);
    }

    private static void Run<T>(in Args args, in Operand x, in Operand w, in Operand b, in Operand y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var body = new Body<T>(args, x, w, b, y);
        Workers.Run(checked((int)(args.N * args.M * args.group)), ref body);
    }

    /// <summary>A part is one channel of one output; each of its elements is summed over channels, then over the filter, in ascending
    /// order. The window moves over the output, and has a place for each element of the input.</summary>
    private readonly struct Body<T>(Args args, Operand x, Operand w, Operand b, Operand y) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(int part)
        {
            long filters = args.M * args.group, image = part / filters, filter = part % filters, channels = args.C / args.group,
                first = filter / args.M * channels;
            var window = new SlidingWindow(y.Dims[2..], args.d, args.k, args.strides, args.dilations, args.before);
            long places = window.Places, size = window.Source, taps = window.Taps, rows = window.Rows;
            T* output = (T*)y.Data + (part * size);
            new Span<T>(output, checked((int)size)).Fill(b.IsAbsent ? T.Zero : ((T*)b.Data)[filter]);
            for (long c = first; c < first + channels; c++)
            {
                T* plane = (T*)x.Data + (((image * args.C) + c) * places);
                T* weights = (T*)w.Data + (((c * args.M) + (filter % args.M)) * taps);
                for (long tap = 0; tap < taps; tap++)
                    for (long row = 0; row < rows; row++)
                        if (window.RowStart(row, tap) is var start and >= 0)
                            Add(weights[tap], window.Inside(tap), plane + (row * window.RowPlaces), output + start, window.Stride);
            }
        }

        private static void Add(T weight, (long Low, long High, long Source) inside, T* source, T* target, long stride)
        {
            var (low, high, shift) = inside;
            if (high <= low) return;
            target += shift;
            if (stride == 1)
            {
                var sums = new Span<T>(target, (int)(high - low));
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<T>(source + low, sums.Length), weight, sums, sums);
                return;
            }

            for (long i = low; i < high; i++, target += stride) *target += weight * source[i];
        }
    }
}
