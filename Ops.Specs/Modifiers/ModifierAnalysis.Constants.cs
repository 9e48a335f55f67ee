using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <content>What reads no score is the same in every call: where no expression says it, it is computed once and becomes a table.</content>
internal sealed partial class ModifierAnalysis
{
    // Their results differ from run to run, or what they read does not stand among their inputs.
    private static readonly HashSet<string> NeverConstant =
        ["Bernoulli", "Dropout", "If", "Loop", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Scan"];

    private readonly Func<ModifierGraph, ModifierTensor>? compute;
    private readonly Dictionary<string, ModifierTensor> tensors = [];
    private readonly Dictionary<string, ModifierNode> makers = [];

    /// <summary>The results of a node that reads no score; null if it does, or if nobody can compute it.</summary>
    private ModifierField[]? Computed(ModifierNode node)
    {
        var nodes = new List<ModifierNode>();
        var constants = new Dictionary<string, ModifierTensor>();
        if (compute is null || !Collect(node, nodes, constants, []))
            return null;
        try
        {
            return [.. node.Outputs.Select(o => o.Length == 0 ? ModifierField.Scalar(ElementType.Bool, exprs.Truth(false)) : Leaf(compute(new ModifierGraph([], o, nodes, constants))))];
        }
        catch (ModifierException)
        {
            return null;
        }
    }

    /// <summary>Brings together a node, what it depends on, and the constants at the ends.</summary>
    private bool Collect(ModifierNode node, List<ModifierNode> nodes, Dictionary<string, ModifierTensor> constants, HashSet<ModifierNode> seen)
    {
        if (!seen.Add(node))
            return true;
        if (NeverConstant.Contains(node.Op))
            return false;
        foreach (string input in node.Inputs)
        {
            if (input.Length == 0 || constants.ContainsKey(input))
                continue;
            if (Known(input) is { } tensor)
                constants[input] = tensor;
            else if (!makers.TryGetValue(input, out ModifierNode? maker) || !Collect(maker, nodes, constants, seen))
                return false;
        }
        nodes.Add(node);
        return true;
    }

    /// <summary>A value as a tensor, if it is a constant, one number or a short list: such as the shape of the scores.</summary>
    private ModifierTensor? Known(string name)
    {
        if (tensors.TryGetValue(name, out ModifierTensor? tensor))
            return tensor;
        if (!values.TryGetValue(name, out ModifierField? field) || field.Dims.Any(d => !d.IsKnown))
            return null;
        ModifierExpr[] items = field.Items ?? (field.Dims.All(IsOne) ? [field.Expr] : []);
        if (items.Length == 0 || !items.All(i => i.IsConstant))
            return null;
        double At(long i) => items[i].Type.IsFloat() ? items[i].Real : items[i].Integer;
        return tensors[name] = new(name, field.Type, [.. field.Dims.Select(d => d.Value)], At, field.Type.IsFloat() ? null : i => items[i].Integer);
    }

    /// <summary>The nodes on which a value depends.</summary>
    private static IEnumerable<ModifierNode> Needed(ModifierGraph graph)
    {
        var wanted = new HashSet<string> { graph.Output };
        var needed = new HashSet<ModifierNode>();
        foreach (ModifierNode node in graph.Nodes.Reverse())
        {
            if (!node.Outputs.Any(wanted.Contains))
                continue;
            needed.Add(node);
            wanted.UnionWith(node.Inputs);
        }
        return graph.Nodes.Where(needed.Contains);
    }
}
