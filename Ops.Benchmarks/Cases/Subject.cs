using Ops.Benchmarks.Peers;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>Fills outputs from inputs the way a caller of the ops would.</summary>
public delegate void OurRun(TensorValue[] inputs, TensorValue[] outputs);

/// <summary>A node and its tensors: one set, or many that take turns so that none stays in a cache.</summary>
public sealed class Subject : IDisposable
{
    /// <summary>The node.</summary>
    public required PeerNode Node { get; init; }

    /// <summary>What ONNX Runtime runs instead of the node; its inputs and outputs are in the order of ours. Null when it runs the
    /// node.</summary>
    public Graph? PeerGraph { get; init; }

    /// <summary>The inputs of each set.</summary>
    public required IReadOnlyList<TensorValue[]> Inputs { get; init; }

    /// <summary>The outputs; all sets share them.</summary>
    public required TensorValue[] Outputs { get; init; }

    /// <summary>Our way; null is the op's definition in the registry, which allocates its outputs.</summary>
    public OurRun? Ours { get; init; }

    /// <summary>The node as ONNX Runtime has it, where that is another one.</summary>
    public PeerNode? PeerNode { get; init; }

    /// <summary>The inputs of <see cref="PeerNode"/>; null for an absent one.</summary>
    public TensorValue?[]? PeerInputs { get; init; }

    /// <summary>A variable of the environment that ONNX Runtime is to see while it loads the model, with its value.</summary>
    public (string Name, string Value)? PeerEnvironment { get; init; }

    /// <summary>What ONNX Runtime runs on tensors of its own, sets of them that take turns, where it has another op for the same
    /// thing.</summary>
    public PeerCall? PeerCall { get; init; }

    /// <summary>Another way of ours, or another library's, that takes the peer's place; null is ONNX Runtime.</summary>
    public OurRun? Against { get; init; }

    /// <summary>The library that <see cref="Against"/> calls; null when it is another way of ours.</summary>
    public string? Library { get; init; }

    /// <summary>What to free in the end.</summary>
    public IDisposable? Owned { get; init; }

    /// <summary>How far elements may differ from the peer's, beside one thousandth.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>Calls the op's definition in the registry.</summary>
    public TensorValue?[] RunDefinition(OpDefinition definition, int set)
    {
        var call = new OpCall(Inputs[set], attributes ??= new AttributeValues(Node.Attributes ?? new Dictionary<string, object>()),
            wanted ??= [.. Outputs.Select(_ => true)]);
        definition.Run!(call);
        return call.Outputs;
    }

    /// <inheritdoc/>
    public void Dispose() => Owned?.Dispose();

    private AttributeValues? attributes;
    private bool[]? wanted;
}
