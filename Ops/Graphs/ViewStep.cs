using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>A node whose output has the elements of its first input under another shape: they stay where they are.</summary>
/// <param name="node">The node.</param>
/// <param name="definition">Its op.</param>
/// <param name="constants">The values that are the same in every run.</param>
internal sealed class ViewStep(Node node, OpDefinition definition, IReadOnlyDictionary<string, TensorValue> constants) : NodeStep(node, definition.Schema, ExecutionPath.Fused)
{
    /// <summary>The kernel pattern of the ops that run this way.</summary>
    public const string Pattern = "view";

    private readonly bool[] wanted = [.. node.Outputs.Select(o => o.Length > 0)];
    private readonly bool onlyFirstVaries = node.Inputs.Skip(1).All(i => i.Length == 0 || constants.ContainsKey(i));
    private Answer? last;

    /// <summary>The dims that a first input of this type led to.</summary>
    private sealed record Answer(ElementType Type, long[] From, long[] To);

    public override TensorValue?[] Run(IReadOnlyList<TensorValue?> inputs, ExecutionState state)
    {
        TensorValue first = inputs[0]!;
        if (last is { } answer && answer.Type == first.Type && answer.From.AsSpan().SequenceEqual(first.Dims))
            return [first.View(answer.To)];
        TensorType output = definition.Infer(new OpCall(inputs, Node.Attributes, wanted).ToInference())[0]!;
        long[] dims = TypedTensors.KnownDims(Schema.Name, Schema.Outputs[0].Name, output);
        if (onlyFirstVaries)
            last = new Answer(first.Type, first.Dims, dims);
        return [first.View(dims)];
    }
}
