using System.Numerics;
using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class RoiAlign
{
    private static partial void Compute(in Args args, in Operand X, in Operand rois, in Operand batch_indices, in Operand Y)
    {
        // 16-bit floats are computed as float, and rounded once.
        using var wide = new WideScratch("RoiAlign", WideScratch.For(X.Type), X, rois, Y);
        Operand x = wide.Read(X), regions = wide.Read(rois), y = wide.Place(Y);
        if (x.Type == ElementType.Double) Run<double>(args, x, regions, batch_indices, y);
        else Run<float>(args, x, regions, batch_indices, y);
        wide.Write(y, Y);
    }

    private static void Run<T>(in Args args, in Operand x, in Operand regions, in Operand images, in Operand y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var body = new Body<T>(args, (T*)x.Data, (T*)regions.Data, (long*)images.Data, (T*)y.Data);
        Workers.Run(checked((int)args.r), ref body);
    }

    /// <summary>Four elements around a sample, and their weights; without weights where it lies outside.</summary>
    private readonly record struct Sample<T>(long Corner, long Right, long Below, T Left, T Top, bool Inside)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>A part is one region.</summary>
    private readonly struct Body<T>(Args args, T* x, T* regions, long* images, T* y) : IParallelBody
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(int part)
        {
            T scale = T.CreateTruncating(args.spatial_scale), offset = args.aligned ? T.CreateTruncating(0.5) : T.Zero;
            T* region = regions + (4L * part);
            T left = (region[0] * scale) - offset, top = (region[1] * scale) - offset, width = (region[2] * scale) - offset - left,
                height = (region[3] * scale) - offset - top;
            if (!args.aligned) (width, height) = (T.Max(width, T.One), T.Max(height, T.One));
            T cellWidth = width / T.CreateTruncating(args.output_width), cellHeight = height / T.CreateTruncating(args.output_height);
            long across = Samples(cellWidth, args.W), down = Samples(cellHeight, args.H), cells = args.output_height * args.output_width;
            var samples = new Sample<T>[checked(across * down)];
            for (long cell = 0; cell < cells; cell++)
            {
                T startX = left + (T.CreateTruncating(cell % args.output_width) * cellWidth),
                    startY = top + (T.CreateTruncating(cell / args.output_width) * cellHeight);
                for (long i = 0; i < samples.Length; i++)
                    samples[i] = At(Along(startX, cellWidth, i % across, across), Along(startY, cellHeight, i / across, down));
                for (long channel = 0; channel < args.C; channel++)
                    y[(((part * args.C) + channel) * cells) + cell] =
                        Value(x + (((images[part] * args.C) + channel) * args.H * args.W), samples);
            }
        }

        /// <summary>How many samples a cell has along an axis; no more than make a difference.</summary>
        private long Samples(T cell, long extent) =>
            args.sampling_ratio > 0 ? args.sampling_ratio
                : Math.Clamp(long.CreateSaturating(T.Ceiling(cell)), 0, Math.Max(64, 4 * extent));

        private static T Along(T start, T cell, long sample, long samples) =>
            start + ((T.CreateTruncating(sample) + T.CreateTruncating(0.5)) * cell / T.CreateTruncating(samples));

        private Sample<T> At(T x, T y)
        {
            if (!(x >= -T.One && x <= T.CreateTruncating(args.W) && y >= -T.One && y <= T.CreateTruncating(args.H))) return default;
            var (column, right, left) = Between(x, args.W);
            var (row, below, top) = Between(y, args.H);
            return new((row * args.W) + column, right, below * args.W, left, top, true);
        }

        /// <summary>The element before a coordinate, how far the one behind it is, and how far it is itself.</summary>
        private static (long Place, long Next, T Share) Between(T at, long extent)
        {
            at = T.Max(at, T.Zero);
            long place = long.CreateTruncating(at);
            return place >= extent - 1 ? (extent - 1, 0, T.Zero) : (place, 1, at - T.CreateTruncating(place));
        }

        private T Value(T* plane, Sample<T>[] samples)
        {
            bool greatest = args.mode == "max";
            T value = greatest && samples.Length > 0 ? T.NegativeInfinity : T.Zero;
            foreach (Sample<T> sample in samples)
            {
                T* corner = plane + sample.Corner;
                T right = sample.Left, below = sample.Top, left = T.One - right, above = T.One - below;
                T a = T.Zero, b = T.Zero, c = T.Zero, d = T.Zero;
                if (sample.Inside)
                {
                    a = above * left * *corner;
                    b = above * right * corner[sample.Right];
                    c = below * left * corner[sample.Below];
                    d = below * right * corner[sample.Below + sample.Right];
                }

                value = greatest ? T.Max(value, T.Max(T.Max(a, b), T.Max(c, d))) : value + (a + b + c + d);
            }

            return greatest ? value : value / T.CreateTruncating(Math.Max(samples.Length, 1));
        }
    }
}
