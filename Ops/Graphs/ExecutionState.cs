using Ops.Specs;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>What all nodes of one execution share, those inside of subgraphs and bodies too: its limits, and the means to stop it.</summary>
internal sealed class ExecutionState(ExecutionOptions options, CancellationToken cancellation)
{
    private long alive;
    private long steps;

    /// <summary>How the last node ran, where that was decided only then.</summary>
    public ExecutionPath? Ran { get; set; }

    /// <summary>Counts a step: a node, or an iteration of a loop.</summary>
    /// <exception cref="OpException">There were as many as there may be.</exception>
    /// <exception cref="OperationCanceledException">The execution is to stop.</exception>
    public void Step(string op)
    {
        cancellation.ThrowIfCancellationRequested();
        if (++steps > options.MaxSteps)
            throw new OpException(op, "steps", $"the execution reached its limit of {options.MaxSteps} steps");
    }

    /// <summary>Refuses what would take more memory than is left.</summary>
    /// <exception cref="OpException">It would.</exception>
    public void Require(long bytes, string op)
    {
        if (bytes > options.MaxBytes - alive)
            throw new OpException(op, "memory", $"its outputs would take the execution over its limit of {options.MaxBytes} bytes");
    }

    /// <summary>Counts a tensor that came to life.</summary>
    /// <exception cref="OpException">It is more than the limit allows.</exception>
    public void Take(TensorValue? value, string op)
    {
        if (value is null)
            return;
        long bytes = SizeOf(value);
        Require(bytes, op);
        alive += bytes;
    }

    /// <summary>Counts tensors that exist before the first node runs.</summary>
    public void Begin(IEnumerable<TensorValue?> values) => alive += values.Sum(v => v is null ? 0 : SizeOf(v));

    /// <summary>Counts a tensor that nobody needs any more.</summary>
    public void Release(TensorValue? value) => alive -= value is null ? 0 : SizeOf(value);

    private static long SizeOf(TensorValue value) => value.Strings is { } strings ? strings.Sum(s => 2L * s.Length + IntPtr.Size) : value.ByteCount;
}
