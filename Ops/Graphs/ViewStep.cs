using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>A node whose output has the elements of its first input under another shape: they stay where they are.</summary>
internal sealed class ViewStep(Node node, OpDefinition definition) : NodeStep(node, definition.Schema, ExecutionPath.Fused)
{
    /// <summary>The kernel pattern of the ops that run this way.</summary>
    public const string Pattern = "view";

    private readonly bool[] wanted = [.. node.Outputs.Select(o => o.Length > 0)];

    public override TensorValue?[] Run(IReadOnlyList<TensorValue?> inputs, ExecutionState state)
    {
        TensorType output = definition.Infer(new OpCall(inputs, Node.Attributes, wanted).ToInference())[0]!;
        return [inputs[0]!.View(TypedTensors.KnownDims(Schema.Name, Schema.Outputs[0].Name, output))];
    }
}
