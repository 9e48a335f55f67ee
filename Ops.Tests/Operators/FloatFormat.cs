using Ops.Specs.Types;

namespace Ops.Tests.Operators;

/// <summary>A float type and the one that kernels compute it in.</summary>
/// <param name="Epsilon">The distance from 1 to the next number.</param>
/// <param name="Least">The least positive number.</param>
/// <param name="Greatest">The greatest finite number.</param>
/// <param name="ComputeEpsilon">The same distance in the type of computation.</param>
internal sealed record FloatFormat(double Epsilon, double Least, double Greatest, double ComputeEpsilon)
{
    private static readonly double Single = Math.ScaleB(1, -23);

    internal static FloatFormat Of(ElementType type) => type switch
    {
        ElementType.Float => new(Single, float.Epsilon, float.MaxValue, Single),
        ElementType.Double => new(Math.ScaleB(1, -52), double.Epsilon, double.MaxValue, Math.ScaleB(1, -52)),
        ElementType.Float16 => new(Math.ScaleB(1, -10), Math.ScaleB(1, -24), 65504, Single),
        ElementType.BFloat16 => new(Math.ScaleB(1, -7), Math.ScaleB(1, -133), Math.ScaleB(255, 120), Single),
        _ => throw new NotSupportedException(type.Name()),
    };

    /// <summary>Why <paramref name="actual"/> is not <paramref name="wanted"/> rounded, give or take; null when it is.</summary>
    /// <param name="actual">What the kernel gave.</param>
    /// <param name="wanted">What the formula gave.</param>
    /// <param name="ulps">How many units in the last place the computation may be off.</param>
    /// <param name="slack">A magnitude whose rounding error may remain where a difference is small.</param>
    /// <param name="steps">How many times the least number a result may be off that is hardly larger than it.</param>
    internal string? Difference(double actual, double wanted, double ulps, double slack, double steps = 1)
    {
        if (double.IsNaN(wanted) || double.IsNaN(actual))
            return double.IsNaN(wanted) == double.IsNaN(actual) ? null : "one is NaN";
        double room = (Math.Abs(wanted) * ((Epsilon / 2) + (ulps * ComputeEpsilon))) + (slack * ComputeEpsilon) + (steps * Least);
        if (double.IsInfinity(actual))
            return Math.Sign(actual) == Math.Sign(wanted) && Math.Abs(wanted) + room >= Greatest ? null : "it is infinite";
        if (double.IsInfinity(wanted))
            return "it is finite";
        return Math.Abs(actual - wanted) <= room ? null : $"off by {Math.Abs(actual - wanted):R}, allowed {room:R}";
    }
}
