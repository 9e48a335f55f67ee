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

    /// <summary>A part is one channel of one output; each of its elements is summed over channels, then over the filter, in ascending order.</summary>
    private readonly struct Body<T>(Args args, Operand x, Operand w, Operand b, Operand y) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(int part)
        {
            long image = part / args.M, filter = part % args.M, channels = w.Dims[1], first = filter / (args.M / args.group) * channels;
            ReadOnlySpan<long> kernel = w.Dims.AsSpan(2), from = x.Dims.AsSpan(2), to = y.Dims.AsSpan(2);
            long size = Layout.Product(to), source = Layout.Product(from), taps = Layout.Product(kernel);
            T* output = (T*)y.Data + (part * size);
            new Span<T>(output, (int)size).Fill(b.IsAbsent ? T.Zero : ((T*)b.Data)[filter]);
            int last = kernel.Length - 1;
            long rows = to[last] == 0 ? 0 : size / to[last];
            for (long c = 0; c < channels; c++)
            {
                T* plane = (T*)x.Data + (((image * args.C) + first + c) * source);
                T* weights = (T*)w.Data + (((filter * channels) + c) * taps);
                for (long tap = 0; tap < taps; tap++)
                    for (long row = 0; row < rows; row++)
                        if (Row(row, tap / kernel[last], kernel, from, to) is var start and >= 0)
                            Add(weights[tap], plane + (start * from[last]), output + (row * to[last]), tap % kernel[last], from[last], to[last], last);
            }
        }

        /// <summary>The row of the input that a row of the output meets at a row of the filter; -1 when it lies among the zeros.</summary>
        private long Row(long row, long tap, ReadOnlySpan<long> kernel, ReadOnlySpan<long> from, ReadOnlySpan<long> to)
        {
            long start = 0, stride = 1;
            for (int axis = kernel.Length - 2; axis >= 0; axis--)
            {
                long at = (row % to[axis] * args.strides[axis]) + (tap % kernel[axis] * args.dilations[axis]) - args.before[axis];
                if (at < 0 || at >= from[axis]) return -1;
                start += at * stride;
                stride *= from[axis];
                row /= to[axis];
                tap /= kernel[axis];
            }

            return start;
        }

        private void Add(T weight, T* source, T* target, long tap, long from, long to, int axis)
        {
            long stride = args.strides[axis], shift = (tap * args.dilations[axis]) - args.before[axis];
            long low = shift >= 0 ? 0 : (-shift + stride - 1) / stride, high = from - shift <= 0 ? 0 : Math.Min(to, ((from - shift - 1) / stride) + 1);
            if (high <= low) return;
            if (stride == 1)
            {
                var sums = new Span<T>(target + low, (int)(high - low));
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<T>(source + low + shift, sums.Length), weight, sums, sums);
                return;
            }

            for (long i = low; i < high; i++) target[i] += weight * source[(i * stride) + shift];
        }
    }
}
