using Ops.Specs;

namespace Ops.Graphs;

/// <summary>Puts the nodes of a graph in an order in which every value exists before it is read.</summary>
public static class NodeOrder
{
    /// <summary>The nodes in order: the model's own where that is possible.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="outer">The names a subgraph may read from the graphs around it; null for the outermost graph.</param>
    /// <exception cref="OpException">A name is defined twice or not at all, or nodes wait for each other.</exception>
    public static IReadOnlyList<Node> Of(Graph graph, IReadOnlySet<string>? outer = null)
    {
        Dictionary<string, int> producers = Producers(graph, out HashSet<string> given);
        IReadOnlyList<Node> nodes = graph.Nodes;
        var waiting = new int[nodes.Count];
        var readers = new List<int>?[nodes.Count];
        for (int i = 0; i < nodes.Count; i++)
            foreach (string name in Reads(nodes[i]))
            {
                if (producers.TryGetValue(name, out int producer))
                {
                    waiting[i]++;
                    (readers[producer] ??= []).Add(i);
                }
                else if (!given.Contains(name) && outer?.Contains(name) != true)
                {
                    throw new OpException($"node {nodes[i]}", "undefined", $"nothing defines the value '{name}'");
                }
            }
        foreach (GraphValue output in graph.Outputs)
            if (!producers.ContainsKey(output.Name) && !given.Contains(output.Name) && outer?.Contains(output.Name) != true)
                throw new OpException($"graph '{graph.Name}'", "undefined", $"nothing defines the output '{output.Name}'");
        if (Sort(nodes, waiting, readers) is { } order)
            return order;
        Node looped = nodes[OnCycle(nodes, waiting, producers)];
        throw new OpException($"node {looped}", "cycle", "it waits for its own output, directly or through other nodes");
    }

    /// <summary>The names a node reads: its inputs, and what its subgraphs take from around them.</summary>
    public static IReadOnlyCollection<string> Reads(Node node)
    {
        var names = new HashSet<string>(node.Inputs.Where(i => i.Length > 0));
        foreach (Graph graph in node.Subgraphs)
            names.UnionWith(Captures(graph));
        return names;
    }

    /// <summary>The names a subgraph reads and does not define.</summary>
    public static HashSet<string> Captures(Graph graph)
    {
        var names = new HashSet<string>();
        foreach (Node node in graph.Nodes)
            names.UnionWith(Reads(node));
        names.UnionWith(graph.Outputs.Select(o => o.Name).Where(n => n.Length > 0));
        names.ExceptWith(graph.Nodes.SelectMany(n => n.Outputs));
        names.ExceptWith(graph.Inputs.Select(i => i.Name));
        names.ExceptWith(graph.Constants.Keys);
        return names;
    }

    private static Dictionary<string, int> Producers(Graph graph, out HashSet<string> given)
    {
        given = [];
        foreach (GraphValue input in graph.Inputs)
            if (!given.Add(input.Name))
                throw new OpException($"graph '{graph.Name}'", "duplicate", $"there are two inputs '{input.Name}'");
        given.UnionWith(graph.Constants.Keys);
        var producers = new Dictionary<string, int>();
        for (int i = 0; i < graph.Nodes.Count; i++)
            foreach (string name in graph.Nodes[i].Outputs)
            {
                if (name.Length == 0)
                    continue;
                if (given.Contains(name))
                    throw new OpException($"node {graph.Nodes[i]}", "duplicate",
                        $"its output '{name}' is already an input or a constant of the graph");
                if (!producers.TryAdd(name, i))
                    throw new OpException($"node {graph.Nodes[i]}", "duplicate",
                        $"its output '{name}' is already an output of node {graph.Nodes[producers[name]]}");
            }
        return producers;
    }

    private static Node[]? Sort(IReadOnlyList<Node> nodes, int[] waiting, List<int>?[] readers)
    {
        var ready = new PriorityQueue<int, int>();
        for (int i = 0; i < waiting.Length; i++)
            if (waiting[i] == 0)
                ready.Enqueue(i, i);
        var order = new List<Node>(nodes.Count);
        while (ready.TryDequeue(out int i, out _))
        {
            order.Add(nodes[i]);
            foreach (int reader in readers[i] ?? [])
                if (--waiting[reader] == 0)
                    ready.Enqueue(reader, reader);
        }
        return order.Count == nodes.Count ? [.. order] : null;
    }

    /// <summary>Goes from a waiting node to one it waits for until a node comes back: that one is on a cycle.</summary>
    private static int OnCycle(IReadOnlyList<Node> nodes, int[] waiting, Dictionary<string, int> producers)
    {
        var seen = new HashSet<int>();
        int at = Array.FindIndex(waiting, w => w > 0);
        while (seen.Add(at))
            at = Reads(nodes[at]).Select(name => producers.GetValueOrDefault(name, -1))
                .First(producer => producer >= 0 && waiting[producer] > 0);
        return at;
    }
}
