using Ops.Schemas;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>
/// Puts the nodes of a graph into another one under names that nobody else has: only the formal inputs connect. Neither can a value of the
/// graph be mistaken for one of its surroundings, nor the other way round.
/// </summary>
/// <param name="fresh">Makes a name nobody has.</param>
/// <param name="inputs">What the formal inputs are called outside.</param>
internal sealed class GraphInliner(Func<string> fresh, IReadOnlyDictionary<string, string> inputs)
{
    /// <summary>The constants under their new names.</summary>
    public Dictionary<string, TensorValue> Constants { get; } = [];

    /// <summary>What the values of the graph are called now.</summary>
    public Dictionary<string, string> Names { get; } = new(inputs);

    /// <summary>The nodes under their new names, in an order in which they can run.</summary>
    public IReadOnlyList<Node> Inline(Graph graph)
    {
        foreach (var (name, value) in graph.Constants)
            if (!Names.ContainsKey(name))
                Constants[Names[name] = fresh()] = value;
        IReadOnlyList<Node> order = NodeOrder.Of(graph);
        Define(order, Names);
        return [.. order.Select(node => Rename(node, Names))];
    }

    private void Define(IReadOnlyList<Node> nodes, Dictionary<string, string> names)
    {
        foreach (string output in nodes.SelectMany(n => n.Outputs))
            if (output.Length > 0)
                names[output] = fresh();
    }

    /// <summary>A node keeps its old name, or that of its output, for messages.</summary>
    private Node Rename(Node node, Dictionary<string, string> names) => new()
    {
        Name = node.Name.Length > 0 ? node.Name : node.Outputs.FirstOrDefault(o => o.Length > 0) ?? "",
        Op = node.Op,
        Domain = node.Domain,
        Opset = node.Opset,
        BaseOpset = node.BaseOpset,
        Inputs = [.. node.Inputs.Select(n => Renamed(n, names))],
        Outputs = [.. node.Outputs.Select(n => Renamed(n, names))],
        Attributes = node.Subgraphs.Any()
            ? new AttributeValues(node.Attributes.ToDictionary(a => a.Key, a => Rename(a.Value, names))) : node.Attributes,
    };

    private object Rename(object attribute, Dictionary<string, string> names) => attribute switch
    {
        Graph graph => Rename(graph, names),
        Graph[] graphs => Array.ConvertAll(graphs, g => Rename(g, names)),
        _ => attribute,
    };

    /// <summary>A subgraph sees the names around it; its own get new ones too, since those around it may now be called like them.</summary>
    private Graph Rename(Graph graph, Dictionary<string, string> outer)
    {
        var names = new Dictionary<string, string>(outer);
        foreach (string own in graph.Inputs.Select(i => i.Name).Concat(graph.Constants.Keys).Distinct())
            names[own] = fresh();
        Define(graph.Nodes, names);
        GraphValue Value(GraphValue value) => value with { Name = Renamed(value.Name, names) };
        return new Graph
        {
            Name = graph.Name,
            Inputs = [.. graph.Inputs.Select(Value)],
            Outputs = [.. graph.Outputs.Select(Value)],
            Nodes = [.. graph.Nodes.Select(n => Rename(n, names))],
            Constants = graph.Constants.ToDictionary(c => names[c.Key], c => c.Value),
            Declared = graph.Declared.Values.Where(d => names.ContainsKey(d.Name)).Select(Value).ToDictionary(d => d.Name),
            Unsupported = graph.Unsupported,
        };
    }

    private static string Renamed(string name, Dictionary<string, string> names) => names.GetValueOrDefault(name, name);
}
