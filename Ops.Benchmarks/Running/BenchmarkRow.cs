using Ops.Benchmarks.Cases;

namespace Ops.Benchmarks.Running;

/// <summary>What one case gave with one number of threads.</summary>
/// <param name="Case">The case.</param>
/// <param name="Threads">How many threads.</param>
public sealed record BenchmarkRow(BenchmarkCase Case, int Threads)
{
    /// <summary>Seconds of our call; null when it was not measured.</summary>
    public double? Ours { get; init; }

    /// <summary>What the other side is: ONNX Runtime, another library, or <c>ours</c> for another way of ours, which the case's name
    /// tells.</summary>
    public string Against { get; init; } = "ONNX Runtime";

    /// <summary>Seconds of the other side's; null when it was not measured.</summary>
    public double? Peer { get; init; }

    /// <summary>How many times our speed is the other side's: the median of the rounds' ratios.</summary>
    public double? Ratio { get; init; }

    /// <summary>The limit that was measured, in operations or bytes a second.</summary>
    public double? LimitRate { get; init; }

    /// <summary>Which share of the limit we reach: the median of the rounds' shares.</summary>
    public double? LimitShare { get; init; }

    /// <summary>How far our times are apart: the range of the middle half over the median.</summary>
    public double? Spread { get; init; }

    /// <summary>Why something was not measured; empty when all was.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether the two sides gave different results.</summary>
    public bool Differs { get; init; }
}
