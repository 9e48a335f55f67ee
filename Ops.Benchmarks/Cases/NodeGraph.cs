using Ops.Benchmarks.Peers;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>A graph that is one node, some of whose inputs are constants: the way a model's weights reach a kernel.</summary>
internal sealed class NodeGraph
{
    private readonly GraphExecutor executor;
    private readonly Dictionary<string, TensorValue?> given = [];

    public NodeGraph(PeerNode node, TensorValue?[] inputs, int outputs)
    {
        string[] names = [.. inputs.Select((x, i) => x is null ? "" : PeerNode.InputName(i))];
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i] is not null && !node.IsConstant(i))
                given[names[i]] = inputs[i];
        string[] results = [.. Enumerable.Range(0, outputs).Select(i => $"y{i}")];
        executor = new GraphExecutor(new Graph
        {
            Inputs = [.. given.Select(g => new GraphValue(g.Key, ValueKind.Tensor, g.Value!.ToTensorType()))],
            Outputs = [.. results.Select(r => new GraphValue(r, ValueKind.Tensor, TensorType.Unknown))],
            Nodes = [new Node
            {
                Op = node.Op,
                Domain = node.Domain.Length == 0 ? "ai.onnx" : node.Domain,
                Opset = node.Opset,
                Inputs = names,
                Outputs = results,
                Attributes = new AttributeValues(node.Attributes ?? new Dictionary<string, object>())
            }],
            Constants = inputs.Select((x, i) => (Name: names[i], Value: x, IsConstant: x is not null && node.IsConstant(i)))
                .Where(c => c.IsConstant).ToDictionary(c => c.Name, c => c.Value!),
        });
    }

    /// <summary>Runs the graph and copies what it gives.</summary>
    public void Run(TensorValue[] outputs)
    {
        IReadOnlyList<TensorValue?> results = executor.Run(given).Outputs;
        for (int i = 0; i < outputs.Length; i++)
            results[i]!.Bytes.CopyTo(outputs[i].Bytes);
    }
}
