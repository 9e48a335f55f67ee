using Ops.Schemas;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>What one execution of a graph gave.</summary>
/// <param name="Outputs">The outputs in the graph's order; null for one that came out absent.</param>
/// <param name="Nodes">The nodes in the order they ran.</param>
/// <param name="Time">How long the whole execution took.</param>
public sealed record GraphRun(IReadOnlyList<TensorValue?> Outputs, IReadOnlyList<NodeRun> Nodes, TimeSpan Time)
{
    /// <summary>The time of every node; null unless <see cref="ExecutionOptions.Profiled"/>.</summary>
    public ExecutionProfile? Profile { get; init; }
}

/// <summary>How one node ran.</summary>
/// <param name="Node">The node.</param>
/// <param name="Schema">The version of the op that ran.</param>
/// <param name="Path">How it ran: <see cref="ExecutionPath.Fused"/> is its kernel.</param>
/// <param name="Time">How long it took.</param>
public sealed record NodeRun(Node Node, OpSchema Schema, ExecutionPath Path, TimeSpan Time);
