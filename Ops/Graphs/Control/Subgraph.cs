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
    public TensorValue[] Run(ReadOnlySpan<TensorValue?> inputs, ReadOnlySpan<TensorValue?> captured, ExecutionState state)
    {
        var read = new TensorValue?[captures.Length];
        for (int i = 0; i < read.Length; i++)
            read[i] = captured[captures[i]];
        TensorValue?[] outputs = prepared.Run(inputs, read, state);
        foreach (TensorValue? output in outputs)
            if (output is null)
                throw new OpException(op, name, "an output of the graph came out absent");
        return outputs!;
    }

    /// <summary>What is known of the outputs without running the graph.</summary>
    public IReadOnlyList<TensorType> Infer(IReadOnlyList<TensorType> inputs, TensorValue?[] captured)
    {
        var types = new Dictionary<string, TensorType>();
        for (int i = 0; i < captures.Length; i++)
            if (captured[captures[i]] is { } value)
                types[prepared.Captures[i]] = value.ToTensorType();
        foreach (var (name, value) in prepared.Around)
            types[name] = value.ToTensorType();
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
