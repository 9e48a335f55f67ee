using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>A node that runs as the graph its op's body means for the call.</summary>
internal sealed class BodyStep(Node node, OpDefinition definition, ExecutionOptions options) : NodeStep(node, definition.Schema, ExecutionPath.Decomposed)
{
    /// <summary>Bodies inside bodies: no op needs nearly as many, and a body that calls itself would never end.</summary>
    private const int MaxDepth = 16;

    private readonly bool[] wanted = [.. node.Outputs.Select(o => o.Length > 0)];

    // What its own nodes take is held against the limit as they run.
    public override long Foresee(IReadOnlyList<TensorValue?> inputs) => 0;

    public override TensorValue?[] Run(IReadOnlyList<TensorValue?> inputs, ExecutionState state)
    {
        if (options.Depth >= MaxDepth)
            throw new OpException(Schema.Name, "body-depth", $"bodies are nested more than {MaxDepth} deep");
        InferenceCall call = new OpCall(inputs, Node.Attributes, wanted).ToInference();
        Graph graph = definition.Expand!(call, Node.BaseOpset);
        Dictionary<string, TensorValue?> named = Named(inputs);
        var body = new PreparedGraph(graph, options with { Depth = options.Depth + 1 });
        TensorValue?[] results = body.Run([.. graph.Inputs.Select(i => named[i.Name])], [], state);
        var outputs = new TensorValue?[wanted.Length];
        for (int i = 0, next = 0; i < outputs.Length; i++)
            if (wanted[i])
                outputs[i] = results[next++];
        return outputs;
    }

    private Dictionary<string, TensorValue?> Named(IReadOnlyList<TensorValue?> inputs)
    {
        var named = new Dictionary<string, TensorValue?>();
        for (int i = 0; i < inputs.Count; i++)
        {
            int port = Math.Min(i, Schema.Inputs.Count - 1);
            if (inputs[i] is not null)
                named[Schema.Inputs[port].Variadic ? $"{Schema.Inputs[port].Name}[{i - port}]" : Schema.Inputs[port].Name] = inputs[i];
        }
        return named;
    }
}
