using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>What all nodes of one execution share, those inside of subgraphs and bodies too: its limits, and the means to stop
/// it.</summary>
/// <param name="options">The limits.</param>
/// <param name="pool">Memory that is used again.</param>
/// <param name="cancellation">Stops the execution.</param>
internal sealed class ExecutionState(ExecutionOptions options, BufferPool pool, CancellationToken cancellation)
{
    private long alive;
    private long steps;

    /// <summary>How the last node ran, where that was decided only then.</summary>
    public ExecutionPath? Ran { get; set; }

    /// <summary>Where the time of nodes is noted; null for nowhere.</summary>
    public ExecutionProfile? Profile { get; init; }

    /// <summary>What the caller gave away; null for nothing.</summary>
    public DonatedInputs? Donated { get; init; }

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
        if (bytes > options.MaxBytes - alive - pool.FreeBytes)
            pool.Clear();
    }

    /// <summary>A tensor for an output of a kernel.</summary>
    /// <exception cref="OpException">It would take more memory than is left.</exception>
    public TensorValue Allocate(ElementType type, long[] dims)
    {
        long count = TensorValue.CountElements(dims), bits = type == ElementType.String ? 512 : type.Bits();
        Require(count > long.MaxValue / 512 ? long.MaxValue : count * bits / 8, "tensor");
        return TensorValue.Allocate(type, dims, pool);
    }

    /// <summary>
    /// Notes that a run has a value more in some memory. What a kernel made, and what a graph that ended has left, becomes the run's;
    /// memory of the caller, of constants and of other runs never does.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="inputs">What the node that gave it had read: the value may lie in the same memory.</param>
    /// <param name="run">The run.</param>
    public static void Hold(TensorValue? value, TensorValue?[] inputs, object run)
    {
        if (value?.Buffer is not { Owner: not null } buffer)
            return;
        if (buffer.Owner != run && buffer.Uses == 0 && !IsIn(buffer, inputs))
            buffer.Owner = run;
        if (buffer.Owner == run)
            buffer.Uses++;
    }

    /// <summary>Notes that a run needs a value no more; when it is the last one in its memory, that is free for others.</summary>
    public void Drop(TensorValue? value, object run)
    {
        if (value?.Buffer is { } buffer && buffer.Owner == run && --buffer.Uses == 0 && Donated?.Contains(buffer) != true)
            pool.Give(buffer);
    }

    /// <summary>Notes that a run hands a value on and ends.</summary>
    public static void HandOn(TensorValue? value, object run)
    {
        if (value?.Buffer is { } buffer && buffer.Owner == run)
            buffer.Uses--;
    }

    /// <summary>Frees the memory of a value that a graph handed on and nobody reads any more.</summary>
    /// <param name="value">The value.</param>
    /// <param name="outputs">Values still needed that may lie in the same memory: other outputs of that graph,</param>
    /// <param name="carried">those that the next iteration gets,</param>
    /// <param name="captured">and those around the graph.</param>
    public void Discard(TensorValue value, ReadOnlySpan<TensorValue?> outputs, ReadOnlySpan<TensorValue?> carried,
        ReadOnlySpan<TensorValue?> captured)
    {
        TensorBuffer buffer = value.Buffer;
        if (buffer.Owner is not null && buffer.Uses == 0 && !IsIn(buffer, outputs) && !IsIn(buffer, carried) && !IsIn(buffer, captured))
            pool.Give(buffer);
    }

    /// <summary>Whether a value that a run needs no more may be overwritten: it is the run's own, and no other lies in its
    /// memory.</summary>
    public static bool IsSpare(TensorValue? value, object run) => value is { Buffer: { Uses: 1 } buffer } && buffer.Owner == run;

    private static bool IsIn(TensorBuffer buffer, ReadOnlySpan<TensorValue?> values)
    {
        foreach (TensorValue? value in values)
            if (value?.Buffer == buffer)
                return true;
        return false;
    }

    /// <summary>Counts a tensor that came to life.</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="op">Which op made it.</param>
    /// <param name="inputs">What it was made of: where it is one of them, it takes no more memory.</param>
    /// <exception cref="OpException">It is more than the limit allows.</exception>
    public void Take(TensorValue? value, string op, params ReadOnlySpan<TensorValue?> inputs)
    {
        if (value is null)
            return;
        long bytes = SizeOf(value);
        bool given = false;
        foreach (TensorValue? input in inputs)
            given |= input == value;
        if (!given)
            Require(bytes, op);
        alive += bytes;
    }

    /// <summary>Counts tensors that exist before the first node runs.</summary>
    public void Begin(IEnumerable<TensorValue?> values) => alive += values.Sum(v => v is null ? 0 : SizeOf(v));

    /// <summary>Counts a tensor that nobody needs any more.</summary>
    public void Release(TensorValue? value) => alive -= value is null ? 0 : SizeOf(value);

    private static long SizeOf(TensorValue value) =>
        value.Strings is { } strings ? strings.Sum(s => 2L * s.Length + IntPtr.Size) : value.ByteCount;
}
