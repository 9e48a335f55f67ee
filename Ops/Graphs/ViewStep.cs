using Ops.Schemas;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>A node whose output has the elements of its first input under another shape: they stay where they are.</summary>
/// <param name="node">The node.</param>
/// <param name="definition">Its op.</param>
internal sealed class ViewStep(Node node, OpDefinition definition) : NodeStep(node, definition.Schema, ExecutionPath.Fused)
{
    /// <summary>The kernel pattern of the ops that run this way.</summary>
    public const string Pattern = "view";

    private readonly bool[] wanted = [.. node.Outputs.Select(o => o.Length > 0)];
    private readonly CallMemory memory = new();

    public override TensorValue?[] Run(TensorValue?[] inputs, bool[] spare, ExecutionState state)
    {
        if (memory.Recall(inputs) is long[] known)
            return [inputs[0]!.View(known)];
        InferenceCall call = new OpCall(inputs, Node.Attributes, wanted) { Memory = memory }.ToInference();
        long[] dims = TypedTensors.KnownDims(Schema.Name, Schema.Outputs[0].Name, definition.Infer(call)[0]!);
        memory.Keep(inputs, call.Inputs, dims);
        return [inputs[0]!.View(dims)];
    }
}
