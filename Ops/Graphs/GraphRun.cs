using Ops.Schemas;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>What one execution of a graph gave.</summary>
public sealed class GraphRun
{
    private Action? giveBack;

    internal GraphRun(IReadOnlyList<TensorValue?> outputs, IReadOnlyList<NodeRun> nodes, TimeSpan time, Action giveBack)
    {
        Outputs = outputs;
        Nodes = nodes;
        Time = time;
        this.giveBack = giveBack;
    }

    /// <summary>The outputs in the graph's order; null for one that came out absent.</summary>
    public IReadOnlyList<TensorValue?> Outputs { get; }

    /// <summary>The nodes in the order they ran.</summary>
    public IReadOnlyList<NodeRun> Nodes { get; }

    /// <summary>How long the whole execution took.</summary>
    public TimeSpan Time { get; }

    /// <summary>The time of every node; null unless <see cref="ExecutionOptions.Profiled"/>.</summary>
    public ExecutionProfile? Profile { get; init; }

    /// <summary>
    /// Gives the memory of the outputs back to the executor, for later runs: large outputs then need no fresh pages each time. Nobody may
    /// read the outputs any more, nor values that share their memory. Without it the garbage collector takes care of them.
    /// </summary>
    public void Release() => Interlocked.Exchange(ref giveBack, null)?.Invoke();
}

/// <summary>How one node ran.</summary>
/// <param name="Node">The node.</param>
/// <param name="Schema">The version of the op that ran.</param>
/// <param name="Path">How it ran: <see cref="ExecutionPath.Fused"/> is its kernel.</param>
/// <param name="Time">How long it took.</param>
public sealed record NodeRun(Node Node, OpSchema Schema, ExecutionPath Path, TimeSpan Time);
