namespace Ops.Kernels;

/// <summary>Which elements along an axis make the element at each of its new places, and with which weights.</summary>
internal sealed class AxisSamples
{
    private readonly List<long> _sources = [];
    private readonly List<double> _weights = [];
    private readonly List<int> _starts = [0];

    /// <summary>The elements of the first place, then those of the next.</summary>
    public long[] Sources => [.. _sources];

    /// <summary>Their weights, none of them 0.</summary>
    public double[] Weights => [.. _weights];

    /// <summary>Where the elements of each place start, and where the last ones end.</summary>
    public int[] Starts => [.. _starts];

    /// <summary>Takes the nearest element of each coordinate; one that is not a number lies outside and gets the first one.</summary>
    /// <remarks>Coordinates are rounded to float first: a scale that is itself a rounded one does not decide between two elements.</remarks>
    /// <param name="coordinates">Where the places lie along the axis.</param>
    /// <param name="extent">The elements of the axis.</param>
    /// <param name="rounding">floor, ceil, round_prefer_floor or round_prefer_ceil.</param>
    public static AxisSamples Nearest(ReadOnlySpan<double> coordinates, long extent, string rounding)
    {
        var samples = new AxisSamples();
        foreach (double exact in coordinates)
        {
            double x = (float)exact;
            double nearest = rounding switch
            {
                "floor" => Math.Floor(x),
                "ceil" => Math.Ceiling(x),
                "round_prefer_floor" => Math.Ceiling(x - 0.5),
                _ => Math.Floor(x + 0.5),
            };
            samples.Add(Inside(nearest, extent), 1);
            samples.EndPlace();
        }

        return samples;
    }

    /// <summary>Weighs the elements around each coordinate; one that is not a number lies outside and gets the first element.</summary>
    /// <param name="coordinates">Where the places lie along the axis.</param>
    /// <param name="extent">The elements of the axis; the outermost ones repeat.</param>
    /// <param name="interpolation">The weights.</param>
    /// <param name="width">How far an element reaches, 1 for the distance of two of them.</param>
    /// <param name="excludeOutside">Whether elements outside do not count.</param>
    public static AxisSamples Interpolated(ReadOnlySpan<double> coordinates, long extent, in Interpolation interpolation, double width,
        bool excludeOutside)
    {
        var samples = new AxisSamples();
        double radius = interpolation.Radius * width;
        foreach (double x in coordinates)
        {
            int first = samples._weights.Count;
            double sum = 0;
            for (double at = Math.Floor(x - radius) + 1; at < x + radius; at++)
            {
                double weight = interpolation.Weight((at - x) / width);
                if (weight == 0 || (excludeOutside && (at < 0 || at >= extent))) continue;
                samples.Add(Inside(at, extent), weight);
                sum += weight;
            }

            if (sum == 0) samples.Add(Inside(x, extent), sum = 1);
            for (int i = first; i < samples._weights.Count; i++) samples._weights[i] /= sum;
            samples.EndPlace();
        }

        return samples;
    }

    private static long Inside(double at, long extent) => double.IsNaN(at) ? 0 : (long)Math.Clamp(at, 0, extent - 1);

    private void Add(long source, double weight)
    {
        _sources.Add(source);
        _weights.Add(weight);
    }

    private void EndPlace() => _starts.Add(_sources.Count);
}
