using Ops.Specs.Inference;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>A graph of ops: what a model, or an attribute of a node, holds. Immutable.</summary>
public sealed class Graph : IGraphSignature
{
    /// <summary>Its name, for messages.</summary>
    public string Name { get; init; } = "";

    /// <summary>The inputs in order. One that is also among <see cref="Constants"/> has a default.</summary>
    public IReadOnlyList<GraphValue> Inputs { get; init; } = [];

    /// <summary>The outputs in order.</summary>
    public IReadOnlyList<GraphValue> Outputs { get; init; } = [];

    /// <summary>The nodes, in the order of the model.</summary>
    public IReadOnlyList<Node> Nodes { get; init; } = [];

    /// <summary>Values that are part of the graph: initialisers, and the values of <c>Constant</c> nodes.</summary>
    public IReadOnlyDictionary<string, TensorValue> Constants { get; init; } = new Dictionary<string, TensorValue>();

    /// <summary>What the model declares of values between the nodes.</summary>
    public IReadOnlyDictionary<string, GraphValue> Declared { get; init; } = new Dictionary<string, GraphValue>();

    /// <summary>What the graph holds and this runtime cannot represent, for instance sparse initialisers; empty when all is well.</summary>
    public IReadOnlyList<string> Unsupported { get; init; } = [];

    /// <summary>What inference knows around the graph, when it is an attribute of a node that is being inferred.</summary>
    internal GraphScope? Scope { get; private init; }

    /// <summary>What the graph is built from, when it stands in a body and is not built yet.</summary>
    internal GraphTemplate? Template { get; init; }

    int IGraphSignature.InputCount => Inputs.Count;

    int IGraphSignature.OutputCount => Outputs.Count;

    /// <summary>The same graph where inference knows of the values around it.</summary>
    internal Graph In(GraphScope scope) => new()
    {
        Name = Name,
        Inputs = Inputs,
        Outputs = Outputs,
        Nodes = Nodes,
        Constants = Constants,
        Declared = Declared,
        Unsupported = Unsupported,
        Scope = scope,
    };
}
