using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <content>Ops that the compiler does not know: where no score reaches them they run at once, else their bodies stand for them.</content>
internal sealed partial class ModifierAnalysis
{
    /// <summary>Bodies inside bodies.</summary>
    private const int MaxDepth = 8;

    private readonly Dictionary<string, ModifierNode> producers = [];
    private readonly Dictionary<string, ModifierTensor> constants = [];
    private readonly Dictionary<string, string> aliases = [];
    private IModifierRuntime? runtime;
    private int depth;

    /// <summary>The results of a node that no expression was found for; null if nothing else is known of it either.</summary>
    private ModifierField[]? Otherwise(ModifierNode node) => runtime is null ? null : Computed(node) ?? Expanded(node);

    private ModifierField[]? Computed(ModifierNode node)
    {
        var nodes = new List<ModifierNode>();
        var read = new Dictionary<string, ModifierTensor>();
        var seen = new HashSet<string>();
        if (!node.Inputs.All(Collect))
            return null;
        nodes.Add(node);
        string[] wanted = [.. node.Outputs.Where(o => o.Length > 0)];
        if (runtime!.Run([.. nodes.Select(Resolved)], read, wanted) is not { } results)
            return null;
        foreach ((string name, ModifierTensor result) in wanted.Zip(results, (name, result) => (name, result)))
            constants[name] = result;
        return [.. node.Outputs.Select(o => o.Length > 0
            ? Leaf(constants[o]) : ModifierField.Scalar(ElementType.Bool, exprs.Truth(false)))];

        bool Collect(string input)
        {
            string name = Resolve(input);
            if (name.Length == 0 || !seen.Add(name))
                return true;
            if ((constants.TryGetValue(name, out ModifierTensor? known) ? known : Known(name)) is { } constant)
            {
                read[name] = constant;
                return true;
            }
            if (!producers.TryGetValue(name, out ModifierNode? producer) || !producer.Inputs.All(Collect))
                return false;
            if (!nodes.Contains(producer))
                nodes.Add(producer);
            return true;
        }
    }

    private string Resolve(string name)
    {
        while (aliases.TryGetValue(name, out string? outer))
            name = outer;
        return name;
    }

    private ModifierNode Resolved(ModifierNode node) => node with { Inputs = [.. node.Inputs.Select(Resolve)] };

    /// <summary>The value of a shape or of one number, whatever it was found from; null of others.</summary>
    private ModifierTensor? Known(string name)
    {
        if (!values.TryGetValue(name, out ModifierField? field) || field.Items is null && field.Rank > 0 && !field.Dims.All(IsOne))
            return null;
        ModifierExpr[] items = field.Items ?? [field.Expr];
        if (!items.All(i => i.IsConstant))
            return null;
        long[] dims = Array.ConvertAll(field.Dims, d => d.Value);
        return field.Type.IsFloat()
            ? new ModifierTensor(name, field.Type, dims, i => items[i].Real)
            : new ModifierTensor(name, field.Type, dims, i => items[i].Integer, i => items[i].Integer);
    }

    private ModifierField[]? Expanded(ModifierNode node)
    {
        if (depth >= MaxDepth || node.Outputs.Count(o => o.Length > 0) != 1 || node.Outputs[0].Length == 0)
            return null;
        (ElementType, IReadOnlyList<Dim>)?[] types = [.. node.Inputs.Select(i => i.Length > 0
            && values.TryGetValue(i, out ModifierField? field) ? (field.Type, field.Dims) : ((ElementType, IReadOnlyList<Dim>)?)null)];
        if (runtime!.Expand(node, types) is not { } body)
            return null;

        string Inner(string name) => name.Length == 0 ? "" : $"{node.Outputs[0]}/{name}";
        for (int i = 0; i < body.Inputs.Count; i++)
        {
            if (body.Inputs[i].Length == 0)
                continue;
            values[Inner(body.Inputs[i])] = Value(node.Inputs[i]);
            aliases[Inner(body.Inputs[i])] = node.Inputs[i];
        }
        foreach (KeyValuePair<string, ModifierTensor> constant in body.Constants)
            AddConstant(Inner(constant.Key), constant.Value);
        depth++;
        try
        {
            foreach (ModifierNode inner in body.Nodes)
                Add(inner with { Inputs = [.. inner.Inputs.Select(Inner)], Outputs = [.. inner.Outputs.Select(Inner)] });
        }
        catch (ModifierException)
        {
            // The reason to tell is about the op that the graph names.
            return null;
        }
        finally
        {
            depth--;
        }
        return [Value(Inner(body.Output))];
    }

    private void AddConstant(string name, ModifierTensor tensor)
    {
        constants[name] = tensor;
        values[name] = Leaf(tensor);
    }
}
