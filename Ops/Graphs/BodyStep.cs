using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>A node that runs as the graph its op's body means for the call.</summary>
internal sealed class BodyStep(Node node, OpDefinition definition,
    ExecutionOptions options) : NodeStep(node, definition.Schema, ExecutionPath.Decomposed)
{
    /// <summary>Bodies inside bodies: no op needs nearly as many, and a body that calls itself would never end.</summary>
    private const int MaxDepth = 16;

    private readonly bool[] wanted = [.. node.Outputs.Select(o => o.Length > 0)];

    private readonly CallMemory memory = new();
    private Built? last;

    /// <summary>A body, ready to run, and the types of the inputs it is for.</summary>
    private sealed record Built(TensorType?[] Types, Graph Graph, PreparedGraph Prepared);

    public override TensorValue?[] Run(TensorValue?[] inputs, bool[] spare, ExecutionState state)
    {
        if (options.Depth >= MaxDepth)
            throw new OpException(Schema.Name, "body-depth", $"bodies are nested more than {MaxDepth} deep");
        if (memory.Recall(inputs) is not Built body)
        {
            InferenceCall call = new OpCall(inputs, Node.Attributes, wanted) { Memory = memory }.ToInference();
            body = BuiltFor(call);
            memory.Keep(inputs, call.Inputs, body);
        }
        Dictionary<string, TensorValue?> named = Named(inputs);
        TensorValue?[] results = body.Prepared.Run([.. body.Graph.Inputs.Select(i => named[i.Name])], [], state);
        var outputs = new TensorValue?[wanted.Length];
        for (int i = 0, next = 0; i < outputs.Length; i++)
            if (wanted[i])
                outputs[i] = results[next++];
        return outputs;
    }

    /// <summary>The body for a call: the one built last when only the data differs, and that does not matter to what the body is.</summary>
    private Built BuiltFor(InferenceCall call)
    {
        TensorType?[] types = [.. call.Inputs.Select(i => i is null ? null : i with { Data = null })];
        if (last is { } built && built.Types.Zip(types).All(pair => Same(pair.First, pair.Second)))
        {
            definition.Infer(call);
            return built;
        }
        try
        {
            // Inference checks the data; the body is built without it.
            definition.Infer(call);
            return last = Prepare(call with { Inputs = types });
        }
        catch (OpException)
        {
            return Prepare(call);
        }
    }

    private Built Prepare(InferenceCall call)
    {
        Graph graph = definition.Expand!(call, Node.BaseOpset);
        // Within a body the ops run by their kernels: that is what a body is for, to be made of ops that a backend has.
        return new Built([.. call.Inputs], graph,
            new PreparedGraph(graph, options with { Path = ExecutionPath.Auto, Depth = options.Depth + 1 }));
    }

    private static bool Same(TensorType? left, TensorType? right) => left is null || right is null ? left == right
        : left.Element == right.Element && left.Shape.Items.SequenceEqual(right.Shape.Items);

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
