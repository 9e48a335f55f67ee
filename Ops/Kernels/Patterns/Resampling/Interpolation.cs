namespace Ops.Kernels;

/// <summary>How much an element counts at a distance from it.</summary>
/// <param name="taps">How many elements count at any place: 2 for linear, 4 for cubic interpolation.</param>
/// <param name="a">The coefficient of cubic interpolation.</param>
internal readonly struct Interpolation(int taps, double a)
{
    /// <summary>Beyond this distance an element does not count.</summary>
    public double Radius => taps / 2;

    /// <summary>The weight of an element at a distance.</summary>
    public double Weight(double distance)
    {
        double x = Math.Abs(distance);
        if (taps == 2) return Math.Max(1 - x, 0);
        if (x <= 1) return ((((a + 2) * x) - (a + 3)) * x * x) + 1;
        return x < 2 ? (((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a) : 0;
    }
}
