using System.Diagnostics;
using Ops.Schemas;

namespace Ops.Graphs;

/// <summary>How the time of an execution is shared out among its nodes, those inside of subgraphs and bodies too.</summary>
public sealed class ExecutionProfile
{
    private readonly Dictionary<NodeStep, Entry> entries = new(ReferenceEqualityComparer.Instance);
    private long inner;
    private int depth;

    /// <summary>The nodes that ran, each once, in the order in which they first did; a node stands before those it is made of.</summary>
    public IReadOnlyList<NodeProfile> Nodes =>
        [.. entries.Values.Select(e => new NodeProfile(e.Step.Node, e.Step.Schema, e.Depth, e.Calls, Stopwatch.GetElapsedTime(0, e.Total),
            Stopwatch.GetElapsedTime(0, e.Own)))];

    /// <summary>Notes that a node starts.</summary>
    internal Mark Enter(NodeStep step)
    {
        if (!entries.TryGetValue(step, out Entry? entry))
            entries.Add(step, entry = new Entry(step, depth));
        depth++;
        var mark = new Mark(entry, inner, Stopwatch.GetTimestamp());
        inner = 0;
        return mark;
    }

    /// <summary>Notes that a node ended.</summary>
    internal void Leave(in Mark mark)
    {
        long time = Stopwatch.GetTimestamp() - mark.Start;
        mark.Entry.Calls++;
        mark.Entry.Total += time;
        mark.Entry.Own += time - inner;
        inner = mark.Inner + time;
        depth--;
    }

    /// <summary>A node that runs.</summary>
    /// <param name="Entry">Where its time is noted.</param>
    /// <param name="Inner">What the node around it has spent on others so far.</param>
    /// <param name="Start">When it started.</param>
    internal readonly record struct Mark(Entry Entry, long Inner, long Start);

    /// <summary>What is known of a node so far.</summary>
    internal sealed class Entry(NodeStep step, int depth)
    {
        public NodeStep Step => step;

        public int Depth => depth;

        public long Calls;
        public long Total;
        public long Own;
    }
}

/// <summary>The time of one node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Schema">The version of the op that ran.</param>
/// <param name="Depth">How many nodes it is inside of.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="Total">How long it took, all calls together.</param>
/// <param name="Own">The same without the nodes it is made of.</param>
public sealed record NodeProfile(Node Node, OpSchema Schema, int Depth, long Calls, TimeSpan Total, TimeSpan Own);
