namespace Ops.Benchmarks.Running;

/// <summary>Numbers that say what many numbers are like, whatever a few of them are.</summary>
public static class Statistics
{
    /// <summary>The number in the middle.</summary>
    public static double Median(IEnumerable<double> values) => Quantile([.. values.Order()], 0.5);

    /// <summary>The range of the middle half, as a share of the median.</summary>
    public static double Spread(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (Quantile(sorted, 0.75) - Quantile(sorted, 0.25)) / Quantile(sorted, 0.5);
    }

    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place, above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
