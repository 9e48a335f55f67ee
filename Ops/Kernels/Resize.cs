using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

/// <remarks>
/// Axis after axis, those first that shrink most. What is not copied is summed as float, or as double where elements have 32 bits that are
/// no float or more, and rounded once, integers towards zero.
/// </remarks>
public static unsafe partial class Resize
{
    private static partial void Compute(in Args args, in Operand X, in Operand roi, in Operand scales, in Operand sizes, in Operand Y)
    {
        if (Y.Length == 0) return;
        bool copies = args.mode == "nearest";
        int width = Layout.Width("Resize", X.Type);
        var coordinates = new double[X.Dims.Length][];
        var passes = new List<(int Axis, AxisSamples Samples)>();
        double[] region = Region(args, roi);
        for (int axis = 0; axis < coordinates.Length; axis++)
        {
            coordinates[axis] = Coordinates(args, axis, Y.Dims[axis], region);
            if (Moves(coordinates[axis], X.Dims[axis])) passes.Add((axis, Samples(args, axis, Y.Dims[axis], coordinates[axis])));
        }

        double[] growth = [.. X.Dims.Zip(Y.Dims, (from, to) => (double)to / from)];
        passes.Sort((a, b) => (growth[a.Axis], a.Axis).CompareTo((growth[b.Axis], b.Axis)));
        using var wide = new WideScratch("Resize", copies ? X.Type : Wide(X.Type), X, Y);
        Operand x = wide.Read(X), y = wide.Place(Y);
        Run(passes, x, y, copies ? width : 0);
        wide.Write(y, Y);
        if (args.crops) Extrapolate(coordinates, args.extrapolation_value, Y, width);
    }

    private static ElementType Wide(ElementType type) =>
        type.Bits() >= 32 && type != ElementType.Float ? ElementType.Double : ElementType.Float;

    /// <summary>Where the region to crop begins along each axis, then where it ends.</summary>
    private static double[] Region(in Args args, in Operand roi)
    {
        double[] region = [.. args.d.Select(_ => 0.0), .. args.d.Select(_ => 1.0)];
        if (!args.crops) return region;
        var given = new double[2 * args.n];
        fixed (double* data = given) ElementConversion.Run("Resize", roi, new Operand(data, ElementType.Double, roi.Dims));
        for (int i = 0; i < args.n; i++)
        {
            region[args.ax[i]] = given[i];
            region[args.ax[i] + args.r] = given[i + args.n];
        }

        return region;
    }

    private static bool Scaled(in Args args, int axis, long places, out double scale, out double length)
    {
        // Without sizes, or where all axes get the same scale, the length need not be whole; the output has what fits.
        bool whole = !args.by_scales && args.keep_aspect_ratio_policy is not ("not_larger" or "not_smaller");
        scale = args.by_scales ? args.scale[axis] : whole ? (double)places / args.d[axis] : args.ratio;
        length = whole ? places : scale * args.d[axis];
        return args.ax.Contains(axis);
    }

    /// <summary>Where each place of the output lies along an axis of the input; not a number where that is outside of a region.</summary>
    private static double[] Coordinates(in Args args, int axis, long places, double[] region)
    {
        var coordinates = new double[places];
        double extent = args.d[axis], start = region[axis], end = region[axis + args.r];
        if (!Scaled(args, axis, places, out double scale, out double length))
        {
            for (long place = 0; place < places; place++) coordinates[place] = place;
            return coordinates;
        }

        for (long place = 0; place < places; place++)
        {
            double x = coordinates[place] = args.coordinate_transformation_mode switch
            {
                "half_pixel_symmetric" => (extent / 2 * (1 - (places / length))) + ((place + 0.5) / scale) - 0.5,
                "pytorch_half_pixel" => places > 1 ? ((place + 0.5) / scale) - 0.5 : 0,
                "align_corners" => length == 1 ? 0 : place * (extent - 1) / (length - 1),
                "asymmetric" => place / scale,
                "tf_half_pixel_for_nn" => (place + 0.5) / scale,
                "tf_crop_and_resize" when length > 1 => (start * (extent - 1)) + (place * (end - start) * (extent - 1) / (length - 1)),
                "tf_crop_and_resize" => 0.5 * (start + end) * (extent - 1),
                _ => ((place + 0.5) / scale) - 0.5,
            };
            if (args.crops && !(x >= 0 && x <= extent - 1)) coordinates[place] = double.NaN;
        }

        return coordinates;
    }

    private static bool Moves(double[] coordinates, long extent)
    {
        if (coordinates.Length != extent) return true;
        for (int place = 0; place < coordinates.Length; place++)
            if (coordinates[place] != place) return true;
        return false;
    }

    private static AxisSamples Samples(in Args args, int axis, long places, double[] coordinates)
    {
        if (args.mode == "nearest") return AxisSamples.Nearest(coordinates, args.d[axis], args.nearest_mode);
        Scaled(args, axis, places, out double scale, out _);
        var interpolation = new Interpolation(args.mode == "linear" ? 2 : 4, args.cubic_coeff_a);
        return AxisSamples.Interpolated(coordinates, args.d[axis], interpolation, args.antialias && scale < 1 ? 1 / scale : 1,
            args.exclude_outside);
    }

    /// <summary>Runs the passes one after another, between two blocks of scratch memory; elements of some
    /// <paramref name="width"/> are copied, or weighed when it is 0.</summary>
    private static void Run(List<(int Axis, AxisSamples Samples)> passes, in Operand x, in Operand y, int width)
    {
        if (passes.Count == 0)
        {
            StridedCopy.Block(x.Data, y.Data, Layout.Bytes("Resize", x));
            return;
        }

        long largest = 0;
        var shapes = new long[passes.Count][];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = (long[])(i == 0 ? x.Dims : shapes[i - 1]).Clone();
            shapes[i][passes[i].Axis] = y.Dims[passes[i].Axis];
            if (i < shapes.Length - 1) largest = Math.Max(largest, Layout.Bytes("Resize", new Operand(null, x.Type, shapes[i])));
        }

        using var scratch = Scratch.Rent(checked(2 * largest));
        Operand from = x;
        for (int i = 0; i < shapes.Length; i++)
        {
            Operand to = i == shapes.Length - 1 ? y : new Operand(scratch.Data + ((i & 1) * largest), x.Type, shapes[i]);
            var (axis, samples) = passes[i];
            if (width > 0) Copy(from, to, axis, samples, width);
            else if (x.Type == ElementType.Double) AxisResampling.Run<double>(from, to, axis, samples);
            else AxisResampling.Run<float>(from, to, axis, samples);
            from = to;
        }
    }

    private static void Copy(in Operand from, in Operand to, int axis, AxisSamples samples, int width)
    {
        long block = Layout.Product(from.Dims.AsSpan(axis + 1)) * width;
        long[] offsets = Array.ConvertAll(samples.Sources, source => source * block);
        fixed (long* starts = offsets)
            BlockGather.Run((byte*)from.Data, starts, offsets.Length, Layout.Product(from.Dims.AsSpan(0, axis)), from.Dims[axis] * block,
                (byte*)to.Data, block);
    }

    /// <summary>Writes the value wherever a coordinate lies outside.</summary>
    private static void Extrapolate(double[][] coordinates, double value, in Operand y, int width)
    {
        byte* element = stackalloc byte[16];
        ElementConversion.Run("Resize", new Operand(&value, ElementType.Double, []), new Operand(element, y.Type, []));
        long[] strides = Layout.Strides(y.Dims), still = new long[strides.Length], slice = (long[])y.Dims.Clone();
        for (int axis = 0; axis < coordinates.Length; axis++)
        {
            slice[axis] = 1;
            for (int place = 0; place < coordinates[axis].Length; place++)
                if (double.IsNaN(coordinates[axis][place]))
                    StridedCopy.Run(width, slice, element, still, (byte*)y.Data + (place * strides[axis] * width), strides);
            slice[axis] = y.Dims[axis];
        }
    }
}
