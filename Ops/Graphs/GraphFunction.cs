using System.Runtime.CompilerServices;
using Ops.Specs;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>Runs a graph that a caller gave as an attribute, for kernels that have nothing faster for it.</summary>
internal static class GraphFunction
{
    private static readonly ConditionalWeakTable<Graph, GraphExecutor> Executors = [];

    /// <summary>The one output of a graph.</summary>
    /// <param name="attribute">The graph.</param>
    /// <param name="inputs">Its inputs in order.</param>
    /// <exception cref="OpException">The graph cannot run.</exception>
    public static TensorValue Run(GraphAttribute attribute, params TensorValue[] inputs)
    {
        // As deep as any body: a graph given to a kernel may hold ops with bodies, but packs nothing.
        GraphExecutor executor = Executors.GetValue(attribute.Graph, graph => new GraphExecutor(graph, new ExecutionOptions { Depth = 1 }));
        var named = new Dictionary<string, TensorValue?>();
        for (int i = 0; i < inputs.Length; i++)
            named[attribute.Graph.Inputs[i].Name] = inputs[i];
        try
        {
            TensorValue result = executor.Run(named).Outputs[0] ?? throw new OpException(attribute.Name, "graph", "returns nothing");
            return result.Type == inputs[0].Type && result.Dims.AsSpan().SequenceEqual(inputs[0].Dims) ? result
                : throw new OpException(attribute.Name, "graph", $"returns {result}, wants {inputs[0]}");
        }
        catch (OpException e)
        {
            throw ErrorContext.Within(attribute.Name, e);
        }
    }
}
