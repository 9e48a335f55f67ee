using System.Numerics;
using Ops.Kernels;
using Ops.Simd;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

/// <remarks>What the elements of a filter meet is gathered as columns, which the filters are multiplied with.</remarks>
public static unsafe partial class DeformConv
{
    private static partial void Compute(in Args args, in Operand X, in Operand W, in Operand offset, in Operand B, in Operand mask,
        in Operand Y)
    {
        // 16-bit floats are computed as float, and rounded once.
        using var wide = new WideScratch("DeformConv", WideScratch.For(X.Type), X, W, offset, B, mask, Y);
        Operand x = wide.Read(X), w = wide.Read(W), moves = wide.Read(offset), b = wide.Read(B), shares = wide.Read(mask), y = wide.Place(Y);
        if (x.Type == ElementType.Double) Run<double>(args, x, w, moves, b, shares, y);
        else Run<float>(args, x, w, moves, b, shares, y);
        wide.Write(y, Y);
    }

    private static void Run<T>(in Args args, in Operand x, in Operand w, in Operand offsets, in Operand bias, in Operand mask, in Operand y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long taps = Layout.Product(args.k), places = Layout.Product(args.fit), filters = args.M / args.group,
            depth = args.C / args.group * taps;
        using var scratch = Scratch.Rent(checked(args.C * taps * places * sizeof(T)));
        for (long image = 0; image < args.N; image++)
        {
            var columns = new Columns<T>(args, (T*)x.Data, (T*)offsets.Data, mask.IsAbsent ? null : (T*)mask.Data, image, (T*)scratch.Data);
            Workers.Run(checked((int)(args.offset_group * taps)), ref columns);
            for (long group = 0; group < args.group; group++)
            {
                Operand addend = bias.IsAbsent ? bias : new Operand((T*)bias.Data + (group * filters), x.Type, [filters, 1]);
                KernelDispatch.Contraction("DeformConv", new Plus(),
                    new Operand((T*)w.Data + (group * filters * depth), x.Type, [filters, depth]), false,
                    new Operand((T*)scratch.Data + (group * depth * places), x.Type, [depth, places]), false, addend,
                    new Operand((T*)y.Data + (((image * args.M) + (group * filters)) * places), x.Type, [filters, places]));
            }
        }
    }

    /// <summary>A part is one element of the filters in one group of offsets: what it meets in all channels at all places.</summary>
    private readonly struct Columns<T>(Args args, T* x, T* offsets, T* mask, long image, T* columns) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(int part)
        {
            long height = args.d[0], width = args.d[1], taps = Layout.Product(args.k), places = Layout.Product(args.fit),
                tap = part % taps, channels = args.C / args.offset_group, first = part / taps * channels,
                row = ((image * args.offset_group * taps) + part) * places;
            for (long place = 0; place < places; place++)
            {
                long down = (place / args.fit[1] * args.strides[0]) - args.pads[0] + (tap / args.k[1] * args.dilations[0]),
                    across = (place % args.fit[1] * args.strides[1]) - args.pads[1] + (tap % args.k[1] * args.dilations[1]);
                T y = T.CreateTruncating(down) + offsets[(2 * row) + place], x0 = T.CreateTruncating(across) + offsets[(2 * row) + places + place];
                T share = mask == null ? T.One : mask[row + place];
                for (long channel = first; channel < first + channels; channel++)
                    columns[(((channel * taps) + tap) * places) + place] =
                        share * Sample(x + (((image * args.C) + channel) * height * width), y, x0, height, width);
            }
        }

        /// <summary>The value of an image between its elements; around it are zeros.</summary>
        private static T Sample(T* plane, T y, T x, long height, long width)
        {
            if (!(y > -T.One && y < T.CreateTruncating(height) && x > -T.One && x < T.CreateTruncating(width))) return T.Zero;
            long row = long.CreateTruncating(T.Floor(y)), column = long.CreateTruncating(T.Floor(x));
            T below = y - T.CreateTruncating(row), right = x - T.CreateTruncating(column);
            return ((T.One - below) * Between(row)) + (below * Between(row + 1));

            T Between(long at) => at < 0 || at >= height ? T.Zero
                : ((T.One - right) * (column < 0 ? T.Zero : plane[(at * width) + column]))
                    + (right * (column + 1 >= width ? T.Zero : plane[(at * width) + column + 1]));
        }
    }

    /// <summary>A product and the bias.</summary>
    private readonly struct Plus : IContractionKernel
    {
        public V Apply<V, S>(V product, V addend)
            where V : struct, ISimd<V, S>
            where S : unmanaged => product + addend;
    }
}
