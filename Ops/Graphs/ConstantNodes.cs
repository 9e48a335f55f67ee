using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>Runs the nodes that depend on constants only, once, when a graph is prepared.</summary>
internal static class ConstantNodes
{
    /// <summary>Results of at most so many bytes are kept whatever they are made of.</summary>
    private const long SmallBytes = 1 << 16;

    /// <summary>A larger result may take so many times the bytes of what it is made of, as when weights are widened.</summary>
    private const long MaxGrowth = 4;

    /// <summary>Runs a node if it always gives the same, and adds what it gives to the constants.</summary>
    /// <returns>Whether it did: then no run of the graph needs the node.</returns>
    public static bool TryRun(NodeStep step, Dictionary<string, TensorValue> constants, ExecutionOptions options)
    {
        Node node = step.Node;
        if (step is not (KernelStep or ViewStep) || node.Inputs.All(i => i.Length == 0)
            || !node.Inputs.All(i => i.Length == 0 || constants.ContainsKey(i)) || ConstantFolding.IsRandom(node))
            return false;
        TensorValue?[] inputs = [.. node.Inputs.Select(i => i.Length == 0 ? null : constants[i])];
        try
        {
            step.CheckTypes(inputs);
            if (step is KernelStep kernel && !kernel.InferAlone(inputs).All(type => IsSmall(type, inputs)))
                return false;
            TensorValue?[] outputs = step.Run(inputs, [], new ExecutionState(options, new BufferPool(), CancellationToken.None));
            for (int i = 0; i < node.Outputs.Count; i++)
                if (node.Outputs[i].Length > 0)
                {
                    if (outputs[i]!.Buffer.Owner is not null)
                        outputs[i]!.Buffer.Owner = null;
                    constants[node.Outputs[i]] = outputs[i]!;
                }
            return true;
        }
        catch (OpException)
        {
            // What it minds, it says when the graph runs, if it ever gets there.
            return false;
        }
    }

    private static bool IsSmall(TensorType? type, TensorValue?[] inputs)
    {
        if (type is null)
            return true;
        Dim count = type.Shape.IsKnown ? Seq.Product(type.Shape) : Dim.Unknown;
        if (!count.IsKnown || type.Element == ElementType.String)
            return false;
        long read = inputs.Sum(i => i is null ? 0L : i.ByteCount);
        return count.Value <= Math.Max(SmallBytes, MaxGrowth * read) * 8 / Math.Max(1, type.Element.Bits());
    }
}
