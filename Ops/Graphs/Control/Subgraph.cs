using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>A graph that a node has as an attribute, ready to run.</summary>
/// <param name="name">The attribute.</param>
/// <param name="graph">The graph.</param>
/// <param name="prepared">The same, ready to run.</param>
/// <param name="captures">For each value it reads from around it, where that is among the values its node captures.</param>
/// <param name="op">The op of its node.</param>
/// <param name="options">How it runs.</param>
internal sealed class Subgraph(string name, Graph graph, PreparedGraph prepared, int[] captures, string op, ExecutionOptions options)
{
    /// <summary>The graph.</summary>
    public Graph Graph => graph;

    /// <summary>Runs the graph once; none of its outputs is absent.</summary>
    public TensorValue[] Run(ReadOnlySpan<TensorValue?> inputs, TensorValue?[] captured, ExecutionState state)
    {
        TensorValue?[] outputs = prepared.Run(inputs, Array.ConvertAll(captures, i => captured[i]), state);
        return Array.ConvertAll(outputs, o => o ?? throw new OpException(op, name, "an output of the graph came out absent"));
    }

    /// <summary>What is known of the outputs without running the graph.</summary>
    public IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs, TensorValue?[] captured)
    {
        var types = new Dictionary<string, TensorType>();
        for (int i = 0; i < captures.Length; i++)
            if (captured[captures[i]] is { } value)
                types[prepared.Captures[i]] = value.ToTensorType();
        var scope = new GraphScope(types, new Dictionary<string, TensorValue>(), null, new InferenceOptions { Ops = options.Ops });
        try
        {
            return SubgraphInference.Outputs(graph.In(scope), inputs)!;
        }
        catch (OpException)
        {
            // It contradicts itself for these inputs, but it does not run on them.
            return [.. graph.Outputs.Select(o => o.Type)];
        }
    }
}
