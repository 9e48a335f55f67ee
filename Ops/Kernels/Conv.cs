using System.Numerics;
using System.Numerics.Tensors;
using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class Conv
{
    private static partial void Compute(in Args args, in Operand X, in Operand W, in Operand B, in Operand Y)
    {
        if (X.Type == ElementType.Double)
        {
            Run<double>(args, X, W, B, Y);
            return;
        }

        if (X.Type == ElementType.Float)
        {
            Run<float>(args, X, W, B, Y);
            return;
        }

        // 16-bit floats are summed as float, and rounded once.
        using var scratch = Scratch.Rent((X.Length + W.Length + Y.Length + (B.IsAbsent ? 0 : B.Length)) * sizeof(float));
        float* free = (float*)scratch.Data;
        Operand x = Floats(X, ref free), w = Floats(W, ref free), b = B.IsAbsent ? B : Floats(B, ref free);
        var y = new Operand(free, ElementType.Float, Y.Dims);
        Run<float>(args, x, w, b, y);
        ElementConversion.Run("Conv", y, Y);
    }

    private static Operand Floats(in Operand operand, ref float* free)
    {
        var floats = new Operand(free, ElementType.Float, operand.Dims);
        free += operand.Length;
        ElementConversion.Run("Conv", operand, floats);
        return floats;
    }

    private static void Run<T>(in Args args, in Operand x, in Operand w, in Operand b, in Operand y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var body = new Body<T>(args, x, w, b, y);
        Workers.Run(checked((int)(args.N * args.M)), ref body);
    }

    /// <summary>A part is one channel of one output; each of its elements is summed over channels, then over the filter, in ascending
    /// order.</summary>
    private readonly struct Body<T>(Args args, Operand x, Operand w, Operand b, Operand y) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(int part)
        {
            long image = part / args.M, filter = part % args.M, channels = w.Dims[1], first = filter / (args.M / args.group) * channels;
            var window = new SlidingWindow(x.Dims[2..], y.Dims[2..], w.Dims[2..], args.strides, args.dilations, args.before);
            long size = window.Places, source = window.Source, taps = window.Taps, rows = window.Rows;
            T* output = (T*)y.Data + (part * size);
            new Span<T>(output, (int)size).Fill(b.IsAbsent ? T.Zero : ((T*)b.Data)[filter]);
            for (long c = 0; c < channels; c++)
            {
                T* plane = (T*)x.Data + (((image * args.C) + first + c) * source);
                T* weights = (T*)w.Data + (((filter * channels) + c) * taps);
                for (long tap = 0; tap < taps; tap++)
                    for (long row = 0; row < rows; row++)
                        if (window.RowStart(row, tap) is var start and >= 0)
                            Add(weights[tap], window.Inside(tap), plane + start, output + (row * window.RowPlaces), window.Stride);
            }
        }

        private static void Add(T weight, (long Low, long High, long Source) inside, T* source, T* target, long stride)
        {
            var (low, high, shift) = inside;
            if (high <= low) return;
            source += shift;
            if (stride == 1)
            {
                var sums = new Span<T>(target + low, (int)(high - low));
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<T>(source, sums.Length), weight, sums, sums);
                return;
            }

            for (long i = low; i < high; i++, source += stride) target[i] += weight * *source;
        }
    }
}
