using Ops.Schemas;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>
/// A Transpose whose readers all take their operand wherever its axes lie, as matrix products do, which arrange it for themselves anyway:
/// the elements stay where they are.
/// </summary>
internal sealed class PermutedViewStep(KernelStep copying) : NodeStep(copying.Node, copying.Schema, ExecutionPath.Fused)
{
    private readonly bool[] wanted = [true];
    private readonly CallMemory memory = new();

    /// <summary>How a tensor looks; a product reads it like that where the elements of its rows or columns are neighbours.</summary>
    private sealed record Layout(long[] Dims, long[] Strides, bool IsReadable);

    /// <summary>Puts such steps in the place of those that would copy.</summary>
    public static void Replace(Graph graph, NodeStep[] steps)
    {
        var copied = new HashSet<string>(graph.Outputs.Select(o => o.Name));
        foreach (NodeStep step in steps)
        {
            copied.UnionWith(step.Captures);
            copied.UnionWith(step.Node.Inputs.Where((_, place) => !step.ReadsPermuted(place)));
        }
        for (int i = 0; i < steps.Length; i++)
            if (steps[i] is KernelStep { Schema: { Name: "Transpose", Domain: "ai.onnx" } } step && !copied.Contains(step.Node.Outputs[0]))
                steps[i] = new PermutedViewStep(step);
    }

    public override TensorValue?[] Run(TensorValue?[] inputs, bool[] spare, ExecutionState state)
    {
        if (memory.Recall(inputs) is not Layout layout)
        {
            InferenceCall call = new OpCall(inputs, Node.Attributes, wanted) { Memory = memory }.ToInference();
            layout = Of(inputs[0]!, TypedTensors.KnownDims(Schema.Name, Schema.Outputs[0].Name, copying.Infer(call)[0]!));
            memory.Keep(inputs, call.Inputs, layout);
        }
        return layout.IsReadable ? [inputs[0]!.Permuted(layout.Dims, layout.Strides)] : copying.Run(inputs, spare, state);
    }

    private Layout Of(TensorValue input, long[] dims)
    {
        long[] dense = Kernels.Layout.Strides(input.Dims),
            perm = Node.Attributes.Ints("perm") ?? [.. Enumerable.Range(0, dims.Length).Select(i => (long)i).Reverse()];
        bool readable = input.Strings is null && input.Type.Bits() >= 8 && dims.Length > 1
            && perm.AsSpan(dims.Length - 2).Contains(dims.Length - 1);
        return new Layout(dims, Array.ConvertAll(perm, axis => dense[axis]), readable);
    }
}
