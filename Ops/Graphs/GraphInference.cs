using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Types;

namespace Ops.Graphs;

/// <summary>Infers the types of all values of a graph from what is known of its inputs, symbolic dims included.</summary>
public sealed class GraphInference
{
    private readonly Graph graph;
    private readonly InferenceOptions options;
    private readonly Dictionary<string, TensorType> types = [];
    private readonly HashSet<string> others = [];
    private readonly List<string> uncovered = [];
    private readonly HashSet<string> reasons = [];
    private readonly Dictionary<string, GraphValue> outputs = [];
    private readonly ConstantFolding folding;
    private readonly GraphScope scope;

    private GraphInference(Graph graph, InferenceOptions options)
    {
        this.graph = graph;
        this.options = options;
        folding = new ConstantFolding(graph.Constants);
        scope = new GraphScope(types, folding.Known, graph.Scope, options);
        foreach (GraphValue output in graph.Outputs)
            outputs.TryAdd(output.Name, output);
    }

    /// <summary>Infers a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">What is known of inputs, by name, in place of what the graph declares of them; null for an absent one.</param>
    /// <param name="options">How to infer.</param>
    /// <exception cref="OpException">The graph is not sound, or contradicts itself.</exception>
    public static InferredGraph Infer(Graph graph, IReadOnlyDictionary<string, TensorType?>? inputs = null,
        InferenceOptions? options = null)
    {
        var inference = new GraphInference(graph, options ?? new InferenceOptions());
        IReadOnlyList<Node> order = NodeOrder.Of(graph, graph.Scope is null ? null : NodeOrder.Captures(graph));
        inference.Start(inputs ?? new Dictionary<string, TensorType?>());
        foreach (Node node in order)
            inference.Infer(node);
        return new InferredGraph(inference.types, inference.uncovered);
    }

    private void Start(IReadOnlyDictionary<string, TensorType?> inputs)
    {
        foreach (GraphValue input in graph.Inputs)
        {
            if (input.IsOther)
                others.Add(input.Name);
            else if (!inputs.TryGetValue(input.Name, out TensorType? given))
                types[input.Name] = input.Type;
            else if (given is not null)
                types[input.Name] = given;
        }
        // A constant that is also an input is a default only: its data may differ when the graph runs.
        foreach (var (name, value) in graph.Constants)
            if (!types.ContainsKey(name))
                types[name] = value.ToTensorType();
        if (graph.Scope is not { } around)
            return;
        foreach (string name in NodeOrder.Captures(graph))
        {
            if (around.Find(name) is { } type)
                types[name] = type;
            if (around.FindConstant(name) is { } constant)
                folding.Add(name, constant);
        }
    }

    private void Infer(Node node)
    {
        try
        {
            TensorType?[] results = Outputs(node, out OpDefinition? definition);
            for (int i = 0; i < node.Outputs.Count; i++)
                if (node.Outputs[i] is { Length: > 0 } name && !others.Contains(name))
                    types[name] = Complete(name, (i < results.Length ? results[i] : null) ?? TensorType.Unknown);
            if (options.Fold && definition is not null)
                folding.Fold(node, definition, types);
        }
        catch (OpException e)
        {
            throw ErrorContext.Within($"node {node}", e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new OpException($"node {node}", "defect", $"inference failed with {e.GetType().Name}: {e.Message}", inner: e);
        }
    }

    private TensorType?[] Outputs(Node node, out OpDefinition? definition)
    {
        definition = null;
        TensorType?[] inputs = [.. node.Inputs.Select(name => name.Length == 0 ? null : types.GetValueOrDefault(name))];
        options.Observe?.Invoke(node, inputs);
        if (node.Inputs.Any(others.Contains))
            return Other(node, $"{node} takes a value that is no tensor");
        if (Coverage.Missing(node, options.Ops) is { } missing)
            return Unknown(node, missing);
        definition = options.Ops(node.Domain, node.Op, node.Opset)!;
        if (Coverage.MissingType(definition.Schema, [.. inputs.Select(i => i?.Element ?? ElementType.Undefined)]) is { } type)
        {
            definition = null;
            return Unknown(node, Coverage.Reason(type));
        }
        node.Attributes.Check(definition.Schema);
        return definition.Infer(new InferenceCall(inputs, node.Attributes.In(scope), [.. node.Outputs.Select(o => o.Length > 0)]));
    }

    private TensorType?[] Unknown(Node node, string reason)
    {
        if (reasons.Add(reason))
            uncovered.Add(reason);
        // Of an unknown op's outputs only the declaration says whether they are tensors.
        foreach (string name in node.Outputs)
            if (graph.Declared.TryGetValue(name, out GraphValue? declared) && declared.IsOther
                || outputs.TryGetValue(name, out declared) && declared.IsOther)
                others.Add(name);
        return [];
    }

    private TensorType?[] Other(Node node, string reason)
    {
        others.UnionWith(node.Outputs.Where(o => o.Length > 0));
        return Unknown(node, reason);
    }

    private TensorType Complete(string name, TensorType inferred)
    {
        if (!options.UseDeclared)
            return inferred;
        if (graph.Declared.TryGetValue(name, out GraphValue? declared))
            inferred = TypeMerge.Of(name, inferred, declared.Type);
        return outputs.TryGetValue(name, out GraphValue? output) ? TypeMerge.Of(name, inferred, output.Type) : inferred;
    }
}
