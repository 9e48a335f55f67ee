using Ops.Graphs;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Modifiers;

/// <summary>Runs the parts of modifiers that read no score.</summary>
internal static class ModifierConstants
{
    /// <summary>The most elements of a table that is computed; beyond, the modifier runs decomposed.</summary>
    private const long MaxLength = 1 << 24;

    private static readonly ExecutionOptions s_options = new() { MaxBytes = 1L << 30 };

    /// <summary>The output of a graph without inputs.</summary>
    /// <exception cref="ModifierException">It cannot be run, or is too large.</exception>
    public static ModifierTensor Compute(ModifierGraph graph)
    {
        var part = new Graph
        {
            Outputs = [new GraphValue(graph.Output, ValueKind.Tensor, TensorType.Unknown)],
            Nodes = [.. graph.Nodes.Select(n => n.Tag as Node ?? throw new ModifierException($"{n.Op} is not a node of a graph"))],
            Constants = graph.Constants.ToDictionary(c => c.Key, c => c.Value.Tag as TensorValue ?? Tensor(c.Value)),
        };
        try
        {
            TensorValue? result = new GraphExecutor(part, s_options).Run(new Dictionary<string, TensorValue?>()).Outputs[0];
            return result is { Length: <= MaxLength } ? ModifierGraphs.Constant(graph.Output, result) : throw new ModifierException($"'{graph.Output}' is too large for a table");
        }
        catch (OpException e)
        {
            throw new ModifierException(e.Message);
        }
    }

    private static TensorValue Tensor(ModifierTensor tensor) => TensorConstants.Of(
        tensor.Type, [.. Enumerable.Range(0, (int)tensor.Length).Select(i => tensor.Type.IsFloat() ? (object)tensor.RealAt(i) : tensor.IntegerAt(i))], [.. tensor.Dims.Select(d => d.Value)]);
}
