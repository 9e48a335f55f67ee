using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>Runs a graph on one slice after another of some tensors, which passes a state on and gives slices of others.</summary>
internal sealed class ScanStep : ControlStep
{
    private readonly Subgraph body;
    private readonly bool batched;
    private readonly int scanned;
    private readonly int states;
    private readonly int results;

    public ScanStep(Node node, OpDefinition definition, IReadOnlyDictionary<string, TensorValue> constants,
        ExecutionOptions options) : base(node, definition, constants, options)
    {
        body = Prepare("body");
        // Version 8 has the lengths of a batch of sequences as its first input.
        batched = definition.Schema.Inputs.Count > 1;
        scanned = (int)Math.Clamp(node.Attributes.Int("num_scan_inputs") ?? 0, 0, int.MaxValue);
        states = Math.Max(0, node.Inputs.Count - (batched ? 1 : 0) - scanned);
        results = Math.Max(0, body.Graph.Outputs.Count - states);
    }

    protected override TensorValue?[] Run(TensorValue?[] inputs, TensorValue?[] captured, ExecutionState state)
    {
        if (batched)
            return Batch(inputs, captured, state);
        TensorValue[] scans = [.. inputs.Skip(states).Select(v => v!)];
        int[] axes = [.. List("scan_input_axes", scanned).Select((axis, i) => (int)(axis < 0 ? axis + scans[i].Dims.Length : axis))];
        var walk = new Walk(axes, List("scan_input_directions", scanned), List("scan_output_axes", results),
            List("scan_output_directions", results));
        return Scan([.. inputs.Take(states).Select(v => v!)], scans, walk, scans[0].Dims[axes[0]], scans[0].Dims[axes[0]], captured, state);
    }

    /// <summary>Where the slices are.</summary>
    private sealed record Walk(int[] InputAxes, long[] InputDirections, long[] OutputAxes, long[] OutputDirections);

    private long[] List(string attribute, int count) => Node.Attributes.Ints(attribute) ?? new long[count];

    /// <summary>Scans each sequence of a batch by itself; what lies behind the end of a shorter one is zero.</summary>
    private TensorValue?[] Batch(TensorValue?[] inputs, TensorValue?[] captured, ExecutionState state)
    {
        TensorValue[] given = [.. inputs.Skip(1).Select(v => v!)];
        long batch = given[0].Dims[0], most = given[states].Dims[1];
        var walk = new Walk(new int[scanned], List("directions", scanned), new long[results], new long[results]);
        var whole = new TensorValue?[states + results];
        for (long b = 0; b < batch; b++)
        {
            TensorValue[] slices = [.. given.Select(g => TensorSlices.Take(g, 0, b))];
            long length = inputs[0] is { } lengths ? lengths.Span<long>()[(int)b] : most;
            TensorValue[] outputs = Scan(slices[..states], slices[states..], walk, length, most, captured, state);
            for (int k = 0; k < outputs.Length; k++)
            {
                if (whole[k] is not null && (whole[k]!.Type != outputs[k].Type || !whole[k]!.Dims.AsSpan(1).SequenceEqual(outputs[k].Dims)))
                    throw new OpException(Schema.Name, "scan-output",
                        $"output {k} is {outputs[k]} for sequence {b}, of another shape than for sequence 0");
                whole[k] ??= Allocate(outputs[k].Type, [batch, .. outputs[k].Dims], filled: false, state);
                TensorSlices.Put(outputs[k], whole[k]!, 0, b);
            }
        }
        for (int k = 0; k < whole.Length; k++)
            whole[k] ??= TensorSlices.Empty(Schema.Name, KnownOutput(k, [.. given[..states]], [.. given[states..]], 1, captured), 0);
        return whole;
    }

    private TensorValue[] Scan(TensorValue[] carried, TensorValue[] scans, Walk walk, long length, long most, TensorValue?[] captured,
        ExecutionState state)
    {
        var whole = new TensorValue?[results];
        var axes = new int[results];
        var given = new TensorValue?[states + scanned];
        for (long t = 0; t < length; t++)
        {
            state.Step(Schema.Name);
            carried.CopyTo(given, 0);
            for (int i = 0; i < scanned; i++)
                given[states + i] = TensorSlices.Take(scans[i], walk.InputAxes[i], walk.InputDirections[i] == 0 ? t : length - 1 - t);
            TensorValue?[] outputs = body.Run(given, captured, state);
            for (int s = 0; s < states; s++)
            {
                TensorValue next = outputs[s]!;
                if (next.Type != carried[s].Type || !next.Dims.AsSpan().SequenceEqual(carried[s].Dims))
                    throw new OpException(Schema.Name, "state-type", $"state {s} is {carried[s]}, iteration {t} makes it {next}");
                TensorValue before = carried[s];
                carried[s] = next;
                if (t > 0)
                    state.Discard(before, outputs, carried, captured);
            }
            for (int k = 0; k < results; k++)
            {
                TensorValue item = outputs[states + k]!;
                if (whole[k] is null)
                {
                    axes[k] = Axis(walk.OutputAxes[k], item.Dims.Length + 1);
                    whole[k] = Allocate(item.Type, [.. item.Dims[..axes[k]], most, .. item.Dims[axes[k]..]], length == most, state);
                }
                else if (item.Type != whole[k]!.Type || !Fits(item.Dims, whole[k]!.Dims, axes[k]))
                {
                    throw new OpException(Schema.Name, "scan-output",
                        $"scan output {k} is {item} in iteration {t}, of another shape than in the first");
                }
                TensorSlices.Put(item, whole[k]!, axes[k], walk.OutputDirections[k] == 0 ? t : length - 1 - t);
                outputs[states + k] = null;
                state.Discard(item, outputs, carried, captured);
            }
        }
        for (int k = 0; k < results; k++)
            whole[k] ??= Zeros(KnownOutput(states + k, carried, scans, 0, captured), walk.OutputAxes[k], most, state);
        foreach (TensorValue? made in whole)
            state.Release(made);
        return [.. carried, .. whole.Select(w => w!)];
    }

    private int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis)
        : throw new OpException(Schema.Name, "scan_output_axes", $"{axis} is no axis of a scan output of {rank} axes");

    /// <summary>Counted until the scan ends: then the outputs are the node's. Zero where it is not <paramref name="filled"/>.</summary>
    private TensorValue Allocate(ElementType type, long[] dims, bool filled, ExecutionState state)
    {
        TensorValue whole = state.Allocate(type, dims);
        if (!filled || type.Bits() is > 0 and < 8)
            whole.Bytes.Clear();
        state.Take(whole, Schema.Name, whole);
        return whole;
    }

    private TensorValue Zeros(TensorType part, long axis, long length, ExecutionState state)
    {
        TensorValue empty = TensorSlices.Empty(Schema.Name, part, (int)axis);
        if (length == 0)
            return empty;
        long[] dims = [.. empty.Dims];
        dims[Axis(axis, dims.Length)] = length;
        return Allocate(part.Element, dims, filled: false, state);
    }

    /// <summary>What is known of an output of the body without running it; the first axes of what the node was given belong to the
    /// batch.</summary>
    private TensorType KnownOutput(int index, TensorValue[] carried, TensorValue[] scans, int batchAxes, TensorValue?[] captured)
    {
        TensorType Without(TensorValue value, int axes) => new(value.Type, Seq.Of(Array.ConvertAll(value.Dims[axes..], d => (Dim)d)));
        TensorType Slice(TensorValue value, int i) =>
            new(value.Type,
                Seq.Of(value.Dims.Skip(batchAxes).Where((_, axis) => axis != InputAxis(value, i)).Select(d => (Dim)d).ToArray()));
        return body.Infer([.. carried.Select(c => Without(c, batchAxes)), .. scans.Select(Slice)], captured)[index];
    }

    private long InputAxis(TensorValue value, int i) => batched ? 0
        : List("scan_input_axes", scanned)[i] is var axis and < 0 ? axis + value.Dims.Length
        : List("scan_input_axes", scanned)[i];

    private static bool Fits(long[] part, long[] whole, int axis) =>
        part.Length == whole.Length - 1 && part.AsSpan(0, axis).SequenceEqual(whole.AsSpan(0, axis))
            && part.AsSpan(axis).SequenceEqual(whole.AsSpan(axis + 1));
}
