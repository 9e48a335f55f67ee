using Ops.Kernels;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>Lets kernels put the constants of a graph into the form they read them in, once for all runs.</summary>
internal static class ConstantPacking
{
    /// <summary>What the kernel of a node makes of its constant inputs, by position.</summary>
    public static PackedOperand?[] Of(Node node, OpDefinition definition, IReadOnlyDictionary<string, TensorValue> constants)
    {
        if (definition.Pack is null || !node.Inputs.Any(constants.ContainsKey))
            return [];
        TensorValue?[] given = [.. node.Inputs.Select(name => constants.GetValueOrDefault(name))];
        TensorType?[] known =
            [.. node.Inputs.Select((name, i) => name.Length == 0 ? null : given[i]?.ToTensorType() ?? TensorType.Unknown)];
        bool[] wanted = [.. node.Outputs.Select(o => o.Length > 0)];
        try
        {
            return definition.Pack(new OpCall(given, node.Attributes, wanted), new InferenceCall(known, node.Attributes, wanted));
        }
        catch (Exception e) when (e is OpException or OutOfMemoryException)
        {
            // A call that breaks a rule says so when it runs; without the memory it runs on the constants as they are.
            return [];
        }
    }
}
