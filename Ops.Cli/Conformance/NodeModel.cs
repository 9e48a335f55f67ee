using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Cli.Conformance;

/// <summary>A call as a graph of one node, its tensors as the graph's inputs and outputs.</summary>
internal static class NodeModel
{
    /// <summary>The graph.</summary>
    /// <param name="schema">The op.</param>
    /// <param name="call">The call.</param>
    /// <param name="outputs">What it makes.</param>
    public static Graph Of(OpSchema schema, OpCall call, IReadOnlyList<TensorValue?> outputs)
    {
        string Name(IReadOnlyList<OpPort> ports, int i) =>
            i < ports.Count && !ports[i].Variadic ? ports[i].Name : $"{ports[^1].Name}_{i - ports.Count + 1}";
        string Input(int i) => Name(schema.Inputs, i);
        // A name in and out, as in-place ops have it, would be one value.
        string Output(int i) => Name(schema.Outputs, i) is var name && schema.Inputs.Any(p => p.Name == name) ? $"{name}_out" : name;
        return new Graph
        {
            Name = schema.Name,
            Inputs = [.. call.Inputs.Select((tensor, i) => (tensor, i)).Where(p => p.tensor is not null)
                .Select(p => new GraphValue(Input(p.i), ValueKind.Tensor, p.tensor!.ToTensorType()))],
            Outputs = [.. outputs.Select((tensor, i) => (tensor, i)).Where(p => call.Wants(p.i))
                .Select(p => new GraphValue(Output(p.i), ValueKind.Tensor, p.tensor?.ToTensorType() ?? TensorType.Unknown))],
            Nodes =
            [
                new Node
                {
                    Op = schema.Name,
                    Domain = schema.Domain,
                    Opset = schema.Since,
                    Inputs = [.. call.Inputs.Select((tensor, i) => tensor is null ? "" : Input(i))],
                    Outputs = [.. call.OutputsWanted.Select((wanted, i) => wanted ? Output(i) : "")],
                    Attributes = call.Attributes,
                },
            ],
        };
    }
}
