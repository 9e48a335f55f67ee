namespace Ops.Benchmarks.Machine;

/// <summary>What of the machine bounds a case.</summary>
public enum LimitKind
{
    /// <summary>Fused multiply-adds of floats.</summary>
    Arithmetic,
    /// <summary>Reading memory.</summary>
    Read,
    /// <summary>Reading one stream and writing another.</summary>
    Copy,
    /// <summary>Reading two streams and writing a third.</summary>
    Combine,
}

/// <summary>What bounds a case, and how much of it the case must do at least.</summary>
/// <param name="Kind">What bounds it.</param>
/// <param name="Work">Floating-point operations, or bytes read and written.</param>
/// <param name="Footprint">The bytes that a bandwidth is measured on; they decide which level of memory it is that of.</param>
public sealed record Limit(LimitKind Kind, double Work, long Footprint = 0)
{
    /// <summary>The unit of rates.</summary>
    public string Unit => Kind == LimitKind.Arithmetic ? "GFLOP/s" : "GB/s";

    /// <summary>Makes the loop that measures it.</summary>
    public LimitMeter Meter() => Kind == LimitKind.Arithmetic ? new ArithmeticMeter() : new StreamMeter(Kind, Footprint);
}
