using System.Numerics;
using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

/// <remarks>What is not copied is summed as float, or as double where elements have 32 bits that are no float or more, and rounded once.</remarks>
public static unsafe partial class GridSample
{
    private static partial void Compute(in Args args, in Operand X, in Operand grid, in Operand Y)
    {
        if (Y.Length == 0) return;
        using var coordinates = new WideScratch("GridSample", ElementType.Double, grid);
        Operand places = coordinates.Read(grid);
        if (args.taps == 1)
        {
            // Of coordinates that were rounded to float their last digits do not decide between two elements.
            bool exact = grid.Type == ElementType.Double;
            switch (Layout.Width("GridSample", X.Type))
            {
                case 1: Run(args, new Copy<byte>(X, Y), places, exact); break;
                case 2: Run(args, new Copy<ushort>(X, Y), places, exact); break;
                case 4: Run(args, new Copy<uint>(X, Y), places, exact); break;
                case 8: Run(args, new Copy<ulong>(X, Y), places, exact); break;
                default: Run(args, new Copy<UInt128>(X, Y), places, exact); break;
            }

            return;
        }

        ElementType type = X.Type.Bits() >= 32 && X.Type != ElementType.Float ? ElementType.Double : ElementType.Float;
        using var wide = new WideScratch("GridSample", type, X, Y);
        Operand x = wide.Read(X), y = wide.Place(Y);
        if (type == ElementType.Double) Run(args, new Sum<double>(x, y), places, true);
        else Run(args, new Sum<float>(x, y), places, true);
        wide.Write(y, Y);
    }

    private static void Run<S>(in Args args, in S sampler, in Operand places, bool exact)
        where S : struct, ISampler
    {
        var body = new Body<S>(args, sampler, (double*)places.Data, Layout.Product(args.o), exact);
        Workers.Run(checked((int)(args.N * body.PartsPerImage)), ref body);
    }

    /// <summary>What makes an element of the output.</summary>
    private interface ISampler
    {
        /// <summary>Makes an element from those at <paramref name="offsets"/> of a channel; from none of them when they all are
        /// outside.</summary>
        void Sample(long channel, ReadOnlySpan<long> offsets, ReadOnlySpan<double> weights, long place);
    }

    private readonly struct Copy<T>(Operand x, Operand y) : ISampler
        where T : unmanaged
    {
        public void Sample(long channel, ReadOnlySpan<long> offsets, ReadOnlySpan<double> weights, long place) =>
            ((T*)y.Data)[place] = offsets.Length == 0 ? default : ((T*)x.Data)[channel + offsets[0]];
    }

    private readonly struct Sum<T>(Operand x, Operand y) : ISampler
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Sample(long channel, ReadOnlySpan<long> offsets, ReadOnlySpan<double> weights, long place)
        {
            T* elements = (T*)x.Data + channel;
            T sum = T.Zero;
            for (int i = 0; i < offsets.Length; i++) sum += T.CreateTruncating(weights[i]) * elements[offsets[i]];
            ((T*)y.Data)[place] = sum;
        }
    }

    private readonly struct Body<S>(Args args, S sampler, double* grid, long places, bool exact) : IParallelBody
        where S : struct, ISampler
    {
        private const long Grain = 1024;

        private readonly long _pixels = Layout.Product(args.d);
        private readonly Interpolation _interpolation = new((int)args.taps, -0.75);

        public long PartsPerImage => (places + Grain - 1) / Grain;

        public void Run(int part)
        {
            long image = part / PartsPerImage, first = part % PartsPerImage * Grain, end = Math.Min(first + Grain, places);
            int most = 1;
            for (int axis = 0; axis < args.d.Length; axis++) most = checked(most * (int)args.taps);
            var offsets = new long[most];
            var weights = new double[most];
            for (long place = first; place < end; place++)
            {
                int count = Elements(grid + (((image * places) + place) * args.n), offsets, weights);
                for (long channel = image * args.C; channel < (image + 1) * args.C; channel++)
                    sampler.Sample(channel * _pixels, offsets.AsSpan(0, count), weights, (channel * places) + place);
            }
        }

        /// <summary>The elements of a channel that a place comes from, and their weights; returns how many.</summary>
        private int Elements(double* place, Span<long> offsets, Span<double> weights)
        {
            int count = 1, rank = args.d.Length;
            offsets[0] = 0;
            weights[0] = 1;
            Span<long> at = stackalloc long[4];
            Span<double> share = stackalloc double[4];
            for (int axis = 0; axis < rank; axis++)
            {
                int taps = Along(place[rank - 1 - axis], args.d[axis], at, share), before = count;

                // What is there already is the first tap's share, and is needed for the others: the last tap comes first.
                count *= taps;
                for (int tap = taps - 1; tap >= 0; tap--)
                    for (int i = 0; i < before; i++)
                    {
                        offsets[(tap * before) + i] = (offsets[i] * args.d[axis]) + at[tap];
                        weights[(tap * before) + i] = weights[i] * share[tap];
                    }
            }

            return count;
        }

        /// <summary>The elements along an axis around a coordinate; returns how many are inside.</summary>
        private int Along(double coordinate, long extent, Span<long> at, Span<double> share)
        {
            double x = args.align_corners ? (coordinate + 1) / 2 * (extent - 1) : (((coordinate + 1) * extent) - 1) / 2;
            if (args.taps == 1) x = Math.Round(exact ? x : (float)x, MidpointRounding.ToEven);
            double low = args.align_corners ? 0 : -0.5, high = extent - 1 - low;
            if (args.padding_mode == "border" && (x < low || x > high)) x = Math.Clamp(x, 0, extent - 1);
            if (args.padding_mode == "reflection" && (x < low || x > high)) x = Reflect(x, low, high);
            if (args.taps == 1) return Inside((long)x, extent, ref at[0]) ? 1 : 0;
            int count = 0;
            double first = Math.Floor(x) - ((args.taps / 2) - 1);
            for (int tap = 0; tap < args.taps; tap++)
            {
                share[count] = _interpolation.Weight(x - (first + tap));
                if (share[count] != 0 && Inside((long)first + tap, extent, ref at[count])) count++;
            }

            return count;
        }

        /// <summary>Whether a place has an element, the nearest or the mirrored one when that is asked for.</summary>
        private bool Inside(long place, long extent, ref long at)
        {
            at = place;
            if ((ulong)place < (ulong)extent) return true;
            if (args.padding_mode == "zeros") return false;
            at = args.padding_mode == "border" ? Math.Clamp(place, 0, extent - 1)
                : Math.Clamp((long)Reflect(place, args.align_corners ? 0 : -0.5, extent - (args.align_corners ? 1 : 0.5)), 0, extent - 1);
            return true;
        }

        private static double Reflect(double x, double low, double high)
        {
            double range = high - low;
            if (range == 0) return low;
            double along = Math.Abs(x - low) % (2 * range);
            return along <= range ? low + along : high - (along - range);
        }
    }
}
