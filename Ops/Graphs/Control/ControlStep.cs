using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>A node that runs graphs it has as attributes. They are prepared once, and read values around them by name.</summary>
internal abstract class ControlStep : NodeStep
{
    /// <summary>The kernel pattern of the ops that run this way.</summary>
    public const string Pattern = "control";

    /// <summary>Subgraphs inside subgraphs: no model needs nearly as many, and each takes some of the stack.</summary>
    private const int MaxDepth = 64;

    private readonly OpDefinition definition;
    private readonly ExecutionOptions options;
    private readonly List<string> captures = [];
    private readonly bool[] wanted;

    protected ControlStep(Node node, OpDefinition definition, ExecutionOptions options) : base(node, definition.Schema, ExecutionPath.Fused)
    {
        this.definition = definition;
        this.options = options with { SubgraphDepth = options.SubgraphDepth + 1 };
        wanted = [.. node.Outputs.Select(o => o.Length > 0)];
        if (options.SubgraphDepth >= MaxDepth)
            throw new OpException(Schema.Name, "depth", $"subgraphs are nested more than {MaxDepth} deep");
    }

    /// <summary>The step of a node whose op has this pattern.</summary>
    public static NodeStep Of(Node node, OpDefinition definition, ExecutionOptions options) => node.Op switch
    {
        "If" => new IfStep(node, definition, options),
        "Loop" => new LoopStep(node, definition, options),
        "Scan" => new ScanStep(node, definition, options),
        _ => throw new OpException($"node {node}", Coverage.NoKernel, $"{definition.Schema} has no kernel"),
    };

    public override IReadOnlyList<string> Captures => captures;

    public override TensorValue?[] Run(IReadOnlyList<TensorValue?> inputs, ExecutionState state)
    {
        TensorValue?[] own = [.. inputs.Take(Node.Inputs.Count)], captured = [.. inputs.Skip(Node.Inputs.Count)];
        // The op's rules, without what only running the graphs would tell.
        var signatures = new AttributeValues(Node.Attributes.ToDictionary(a => a.Key, a => a.Value is Graph graph ? new Signature(graph) : a.Value));
        definition.Infer(new OpCall(own, signatures, wanted).ToInference());
        return Run(own, captured, state);
    }

    /// <summary>Runs the node; its rules hold.</summary>
    protected abstract TensorValue?[] Run(TensorValue?[] inputs, TensorValue?[] captured, ExecutionState state);

    /// <summary>Makes the graph of an attribute ready to run.</summary>
    protected Subgraph Prepare(string attribute)
    {
        if (Node.Attributes.Find(attribute) is not Graph graph)
            throw new OpException(Schema.Name, attribute, "the attribute holds no graph");
        var prepared = new PreparedGraph(graph, options, nested: true);
        foreach (string name in prepared.Captures)
            if (!captures.Contains(name))
                captures.Add(name);
        return new Subgraph(attribute, graph, prepared, [.. prepared.Captures.Select(n => captures.IndexOf(n))], Schema.Name, this.options);
    }

    /// <summary>A graph of which rules may only ask how many inputs and outputs it has.</summary>
    private sealed record Signature(Graph Graph) : IGraphSignature
    {
        public int InputCount => Graph.Inputs.Count;

        public int OutputCount => Graph.Outputs.Count;
    }
}
