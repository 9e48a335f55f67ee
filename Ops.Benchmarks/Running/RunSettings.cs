namespace Ops.Benchmarks.Running;

/// <summary>How long to measure.</summary>
/// <param name="Rounds">How many times all sides of a case take turns.</param>
/// <param name="Warmup">How long our side runs before that: long enough for code around the kernels to be compiled for speed. The others'
/// is ready sooner.</param>
/// <param name="Sample">How long a side's turn takes at least.</param>
public sealed record RunSettings(int Rounds, TimeSpan Warmup, TimeSpan Sample)
{
    /// <summary>What is worth writing down.</summary>
    public static RunSettings Thorough { get; } = new(21, TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(5));

    /// <summary>What is worth a glance.</summary>
    public static RunSettings Quick { get; } = new(5, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(2));
}
