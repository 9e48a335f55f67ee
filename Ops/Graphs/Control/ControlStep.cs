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
    private readonly IReadOnlyDictionary<string, TensorValue> constants;
    private readonly ExecutionOptions options;
    private readonly List<string> captures = [];
    private readonly bool[] wanted;
    private readonly AttributeValues signatures;
    private readonly CallMemory memory = new();

    protected ControlStep(Node node, OpDefinition definition, IReadOnlyDictionary<string, TensorValue> constants,
        ExecutionOptions options) : base(node, definition.Schema, ExecutionPath.Fused)
    {
        this.definition = definition;
        this.constants = constants;
        this.options = options with { SubgraphDepth = options.SubgraphDepth + 1 };
        wanted = [.. node.Outputs.Select(o => o.Length > 0)];
        signatures =
            new AttributeValues(node.Attributes.ToDictionary(a => a.Key, a => a.Value is Graph graph ? new Signature(graph) : a.Value));
        if (options.SubgraphDepth >= MaxDepth)
            throw new OpException(Schema.Name, "depth", $"subgraphs are nested more than {MaxDepth} deep");
    }

    /// <summary>The step of a node whose op has this pattern.</summary>
    public static NodeStep Of(Node node, OpDefinition definition, IReadOnlyDictionary<string, TensorValue> constants,
        ExecutionOptions options) => node.Op switch
    {
        "If" => new IfStep(node, definition, constants, options),
        "Loop" => new LoopStep(node, definition, constants, options),
        "Scan" => new ScanStep(node, definition, constants, options),
        _ => throw new OpException($"node {node}", Coverage.NoKernel, $"{definition.Schema} has no kernel"),
    };

    public override IReadOnlyList<string> Captures => captures;

    public override TensorValue?[] Run(TensorValue?[] inputs, bool[] spare, ExecutionState state)
    {
        TensorValue?[] own = inputs[..Node.Inputs.Count], captured = inputs[Node.Inputs.Count..];
        if (memory.Recall(own) is null)
        {
            // The op's rules, without what only running the graphs would tell.
            InferenceCall call = new OpCall(own, signatures, wanted) { Memory = memory }.ToInference();
            definition.Infer(call);
            memory.Keep(own, call.Inputs, this);
        }
        return Run(own, captured, state);
    }

    /// <summary>Runs the node; its rules hold.</summary>
    protected abstract TensorValue?[] Run(TensorValue?[] inputs, TensorValue?[] captured, ExecutionState state);

    /// <summary>Makes the graph of an attribute ready to run.</summary>
    protected Subgraph Prepare(string attribute)
    {
        if (Node.Attributes.Find(attribute) is not Graph graph)
            throw new OpException(Schema.Name, attribute, "the attribute holds no graph");
        var prepared = new PreparedGraph(graph, options, constants);
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
