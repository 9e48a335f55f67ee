using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>Runs a graph again and again: so many times, or as long as a condition holds.</summary>
internal sealed class LoopStep : ControlStep
{
    private readonly Subgraph body;
    private readonly long[] numberDims;
    private readonly long[] conditionDims;

    public LoopStep(Node node, OpDefinition definition, IReadOnlyDictionary<string, TensorValue> constants,
        ExecutionOptions options) : base(node, definition, constants, options)
    {
        body = Prepare("body");
        numberDims = DimsOf(0);
        conditionDims = DimsOf(1);
    }

    protected override TensorValue?[] Run(TensorValue?[] inputs, TensorValue?[] captured, ExecutionState state)
    {
        long? most = inputs.ElementAtOrDefault(0)?.Span<long>()[0];
        bool goOn = inputs.ElementAtOrDefault(1) is not { } condition || condition.Bytes[0] != 0;
        int stateCount = Math.Max(0, inputs.Length - 2), resultCount = body.Graph.Outputs.Count - 1 - stateCount;
        TensorValue[] carried = [.. inputs.Skip(2).Select(v => v!)];
        var results = new List<TensorValue>[resultCount];
        for (int k = 0; k < resultCount; k++)
            results[k] = [];
        var stacked = new HashSet<TensorBuffer>();
        bool ran = false;
        for (long i = 0; goOn && (most is null || i < most); i++)
        {
            state.Step(Schema.Name);
            TensorValue number = TensorValue.From([i], numberDims), holds = TensorValue.From([true], conditionDims);
            TensorValue[] outputs = body.Run([number, holds, .. carried], captured, state);
            goOn = Holds(outputs[0]);
            for (int s = 0; s < stateCount; s++)
            {
                TensorValue next = outputs[1 + s];
                if (next.Type != carried[s].Type)
                    throw new OpException(Schema.Name, "state-type", $"v_initial[{s}] is {carried[s]}, iteration {i} makes it {next}");
                state.Take(next, Schema.Name);
                TensorValue before = carried[s];
                carried[s] = next;
                if (ran)
                {
                    state.Release(before);
                    if (!stacked.Contains(before.Buffer))
                        state.Discard(before, outputs, carried, captured);
                }
            }
            for (int k = 0; k < resultCount; k++)
            {
                TensorValue item = outputs[1 + stateCount + k];
                if (results[k] is [var first, ..] && (first.Type != item.Type || !first.Dims.AsSpan().SequenceEqual(item.Dims)))
                    throw new OpException(Schema.Name, "scan-output",
                        $"scan output {k} is {first} in the first iteration, {item} in iteration {i}");
                state.Take(item, Schema.Name);
                results[k].Add(item);
                stacked.Add(item.Buffer);
            }
            ran = true;
        }
        foreach (TensorValue last in ran ? carried : [])
            state.Release(last);
        return [.. carried, .. Enumerable.Range(0, resultCount).Select(k => Stacked(k, results[k], carried, captured, state))];
    }

    /// <summary>Old models declare the iteration number and the condition as vectors of one.</summary>
    private long[] DimsOf(int input) =>
        body.Graph.Inputs.ElementAtOrDefault(input)?.Type.Shape is { IsKnown: true, Items.Length: 1 } ? [1] : [];

    private bool Holds(TensorValue condition) => condition.Type == ElementType.Bool && condition.Length == 1 ? condition.Bytes[0] != 0
        : throw new OpException(Schema.Name, "condition", $"the body's condition is {condition}, wants one bool");

    private TensorValue Stacked(int index, List<TensorValue> items, TensorValue[] carried, TensorValue?[] captured, ExecutionState state)
    {
        if (items.Count == 0)
            return TensorSlices.Empty(Schema.Name, KnownResult(index, carried, captured), 0);
        state.Require(items.Count * (long)items[0].ByteCount, Schema.Name);
        TensorValue whole = TensorValue.Allocate(items[0].Type, [items.Count, .. items[0].Dims],
            clear: items[0].Type.Bits() is > 0 and < 8);
        for (int i = 0; i < items.Count; i++)
        {
            TensorSlices.Put(items[i], whole, 0, i);
            state.Release(items[i]);
        }
        return whole;
    }

    private TensorType KnownResult(int index, TensorValue[] carried, TensorValue?[] captured)
    {
        TensorType[] inputs = [TensorType.Of(ElementType.Int64, numberDims), TensorType.Of(ElementType.Bool, conditionDims),
            .. carried.Select(c => new TensorType(c.Type, Seq.Of(Array.ConvertAll(c.Dims, d => (Dim)d))))];
        return body.Infer(inputs, captured)[1 + carried.Length + index];
    }
}
