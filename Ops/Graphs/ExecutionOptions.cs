using Ops.Schemas;

namespace Ops.Graphs;

/// <summary>How ops that have both a kernel and a body of other ops are to run.</summary>
public enum ExecutionPath
{
    /// <summary>By the kernel where there is one.</summary>
    Auto,
    /// <summary>By the kernel only.</summary>
    Fused,
    /// <summary>By the body.</summary>
    Decomposed,
}

/// <summary>Finds the version of an op that an opset has; null when there is none.</summary>
/// <param name="domain">The domain.</param>
/// <param name="name">The op's name.</param>
/// <param name="opset">The version of the domain.</param>
public delegate OpDefinition? OpSource(string domain, string name, long opset);

/// <summary>How a graph is to be executed.</summary>
public sealed record ExecutionOptions
{
    /// <summary>How composite ops run.</summary>
    public ExecutionPath Path { get; init; }

    /// <summary>How many bytes all tensors alive at one time may take, the graph's constants and inputs included.</summary>
    public long MaxBytes { get; init; } = 8L << 30;

    /// <summary>How many nodes and iterations of loops may run, those inside of subgraphs and bodies counted each time.</summary>
    public long MaxSteps { get; init; } = 1L << 30;

    /// <summary>Whether to note the time of every node.</summary>
    public bool Profiled { get; init; }

    /// <summary>How many subgraphs the graph is inside of.</summary>
    internal int SubgraphDepth { get; init; }

    /// <summary>How many bodies the graph is inside of.</summary>
    internal int Depth { get; init; }

    /// <summary>Where the ops come from.</summary>
    public OpSource Ops { get; init; } = OpRegistry.Find;
}
