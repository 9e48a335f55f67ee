using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>Computes small values that depend on constants only, while a graph is inferred.</summary>
internal sealed class ConstantFolding
{
    // Their outputs are no function of their inputs.
    private static readonly HashSet<string> Random = ["Bernoulli", "Dropout", "Multinomial", "RandomNormal", "RandomNormalLike",
        "RandomUniform", "RandomUniformLike"];

    private readonly Dictionary<string, TensorValue> known = [];

    /// <summary>Whether a node may give something else each time.</summary>
    public static bool IsRandom(Node node) => Random.Contains(node.Op);

    /// <summary>The values known so far.</summary>
    public IReadOnlyDictionary<string, TensorValue> Known => known;

    /// <summary>Adds a value from around the graph.</summary>
    public void Add(string name, TensorValue value) => known[name] = value;

    public ConstantFolding(IReadOnlyDictionary<string, TensorValue> constants)
    {
        foreach (var (name, value) in constants)
            if (value.Length <= TensorData.MaxPropagated)
                known[name] = value;
    }

    /// <summary>Runs a node whose inputs are all known and whose outputs are small, and adds their data to the types.</summary>
    public void Fold(Node node, OpDefinition definition, Dictionary<string, TensorType> types)
    {
        if (definition.Run is not { } run || node.Inputs.Count == 0 || IsRandom(node)
            || !node.Inputs.All(i => i.Length == 0 || IsKnown(i, types)))
            return;
        if (!node.Outputs.All(o => o.Length == 0 || IsSmall(types.GetValueOrDefault(o))))
            return;
        var call = new OpCall([.. node.Inputs.Select(i => i.Length == 0 ? null : known[i])], node.Attributes,
            [.. node.Outputs.Select(o => o.Length > 0)]);
        try
        {
            run(call);
        }
        catch (OpException)
        {
            // Inference found nothing wrong with the types; what else the op minds, it says when the graph runs.
            return;
        }
        for (int i = 0; i < node.Outputs.Count; i++)
            if (node.Outputs[i] is { Length: > 0 } name && i < call.Outputs.Length && call.Outputs[i] is { } value
                && value.Length <= TensorData.MaxPropagated)
            {
                known[name] = value;
                types[name] = value.ToTensorType();
            }
    }

    /// <summary>A constant that is also an input carries no data in its type, and so is not known.</summary>
    private bool IsKnown(string name, Dictionary<string, TensorType> types) =>
        known.ContainsKey(name) && types.TryGetValue(name, out TensorType? type) && type.Data is not null;

    private static bool IsSmall(TensorType? type)
    {
        if (type is not { Shape.IsKnown: true })
            return false;
        Dim count = Seq.Product(type.Shape);
        return count.IsKnown && count.Value <= TensorData.MaxPropagated;
    }
}
