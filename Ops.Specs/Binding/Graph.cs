namespace Ops.Specs.Binding;

/// <summary>A dependency graph, sorted without recursion: a spec may chain thousands of definitions.</summary>
internal sealed class Graph<T> where T : notnull
{
    private readonly List<T> sorted = [];
    private readonly List<IReadOnlyList<T>> cycles = [];

    /// <param name="nodes">The nodes in the order to keep where dependencies allow.</param>
    /// <param name="needs">What a node needs; all of it among the nodes.</param>
    internal Graph(IEnumerable<T> nodes, Func<T, IEnumerable<T>> needs)
    {
        // 1: on the path being walked; 2: sorted; 3: part of a cycle.
        var state = new Dictionary<T, int>();
        var path = new List<(T Node, IEnumerator<T> Ahead)>();
        foreach (T root in nodes)
        {
            if (state.ContainsKey(root))
                continue;
            state[root] = 1;
            path.Add((root, needs(root).GetEnumerator()));
            while (path.Count > 0)
            {
                (T node, IEnumerator<T> rest) = path[path.Count - 1];
                if (rest.MoveNext())
                {
                    T next = rest.Current;
                    if (!state.TryGetValue(next, out int seen))
                    {
                        state[next] = 1;
                        path.Add((next, needs(next).GetEnumerator()));
                    }
                    else if (seen == 1)
                    {
                        int start = path.FindIndex(p => p.Node.Equals(next));
                        cycles.Add([.. path.Skip(start).Select(p => p.Node)]);
                        for (int i = start; i < path.Count; i++)
                            state[path[i].Node] = 3;
                    }
                    continue;
                }
                path.RemoveAt(path.Count - 1);
                if (state[node] == 1)
                {
                    state[node] = 2;
                    sorted.Add(node);
                }
            }
        }
    }

    /// <summary>The nodes outside of cycles, each after those it needs.</summary>
    internal IReadOnlyList<T> Sorted => sorted;

    /// <summary>The cycles.</summary>
    internal IReadOnlyList<IReadOnlyList<T>> Cycles => cycles;
}
