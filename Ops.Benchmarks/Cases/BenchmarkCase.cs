using Ops.Benchmarks.Machine;

namespace Ops.Benchmarks.Cases;

/// <summary>One thing to measure.</summary>
/// <param name="Group">The name that a command line chooses it by.</param>
/// <param name="Name">What it is.</param>
/// <param name="Create">Makes its tensors.</param>
/// <param name="Limit">What bounds it; null when nothing of the machine does.</param>
/// <param name="Heavy">Whether a quick run leaves it out.</param>
public sealed record BenchmarkCase(string Group, string Name, Func<Subject> Create, Limit? Limit, bool Heavy = false)
{
    /// <summary>The op it needs a spec for, with the opset; null when the code cannot be without.</summary>
    public (string Op, int Opset)? Needs { get; init; }

    /// <summary>Says what the machine lacks for it; null, as its result, when it lacks nothing.</summary>
    public Func<string?>? Lacks { get; init; }
}
