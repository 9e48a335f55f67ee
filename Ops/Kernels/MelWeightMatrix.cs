using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

/// <remarks>Bins and weights are found as double. Where two edges of a band fall into one bin, that bin alone counts.</remarks>
public static unsafe partial class MelWeightMatrix
{
    private static partial void Compute(in Args args, in Operand num_mel_bins, in Operand dft_length, in Operand sample_rate,
        in Operand lower_edge_hertz, in Operand upper_edge_hertz, in Operand output)
    {
        long bins = output.Dims[0], bands = new IndexList(num_mel_bins)[0];
        if (bands == 0) return;
        using var scratch = Scratch.Rent(checked(bins * bands * sizeof(double)));
        var weights = (double*)scratch.Data;
        new Span<double>(weights, checked((int)(bins * bands))).Clear();
        double low = Mel(Number(lower_edge_hertz)), step = (Mel(Number(upper_edge_hertz)) - low) / (bands + 2),
            length = new IndexList(dft_length)[0] + 1.0, rate = new IndexList(sample_rate)[0];
        for (long band = 0; band < bands; band++)
        {
            double first = Edge(band), middle = Edge(band + 1), last = Edge(band + 2);
            for (long bin = (long)Math.Clamp(first, 0, bins); bin <= Math.Min(middle, bins - 1); bin++)
                weights[(bin * bands) + band] = middle == first ? 1 : (bin - first) / (middle - first);
            for (long bin = (long)Math.Clamp(middle, 0, bins); bin < Math.Min(last, bins); bin++)
                weights[(bin * bands) + band] = (last - bin) / (last - middle);
        }

        ElementConversion.Run("MelWeightMatrix", new Operand(weights, ElementType.Double, output.Dims), output);

        double Edge(long number) => Math.Floor(length * (700 * (Math.Pow(10, ((number * step) + low) / 2595) - 1)) / rate);
    }

    private static double Mel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));

    private static double Number(in Operand scalar)
    {
        double number;
        ElementConversion.Run("MelWeightMatrix", scalar, new Operand(&number, ElementType.Double, []));
        return number;
    }
}
