using Ops.Schemas;

namespace Ops.Graphs;

/// <summary>One call of an op in a graph.</summary>
public sealed class Node
{
    /// <summary>The node's own name; often empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The op's name.</summary>
    public required string Op { get; init; }

    /// <summary>The op's domain, <c>ai.onnx</c> for the default one.</summary>
    public required string Domain { get; init; }

    /// <summary>The version of the domain that the model, or the function the node comes from, imports.</summary>
    public required long Opset { get; init; }

    /// <summary>
    /// The version of ai.onnx that is imported there too: it decides between the bodies of a composite op. The newest, when nothing is said
    /// and the op is of another domain.
    /// </summary>
    public long BaseOpset { get => field > 0 ? field : Domain == "ai.onnx" ? Opset : long.MaxValue; init; }

    /// <summary>The names of the inputs; an empty one is absent.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The names of the outputs; an empty one is not asked for.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>The attributes; a subgraph is a <see cref="Graph"/>.</summary>
    public AttributeValues Attributes { get; init; } = AttributeValues.None;

    /// <summary>The graphs among the attributes.</summary>
    public IEnumerable<Graph> Subgraphs => Attributes.SelectMany(a => a.Value switch
    {
        Graph graph => [graph],
        Graph[] graphs => graphs,
        _ => (IEnumerable<Graph>)[],
    });

    /// <summary>Op and name, or op and first output where there is no name.</summary>
    public override string ToString() =>
        Name.Length > 0 ? $"{Op} '{Name}'" : Outputs.FirstOrDefault(o => o.Length > 0) is { } output ? $"{Op} of '{output}'" : Op;
}
