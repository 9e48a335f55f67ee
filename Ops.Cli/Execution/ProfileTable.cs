using Ops.Graphs;
using Ops.Schemas;

namespace Ops.Cli.Execution;

/// <summary>Where the time of some runs of a model went.</summary>
/// <param name="runs">The runs, each with its profile.</param>
internal sealed class ProfileTable(IReadOnlyList<GraphRun> runs)
{
    /// <summary>The nodes of the last run, the slowest first; times are medians of all runs.</summary>
    public IReadOnlyList<ProfileRow> Rows
    {
        get
        {
            ILookup<Node, NodeProfile> byNode = runs.SelectMany(r => r.Profile!.Nodes).ToLookup(n => n.Node);
            ProfileRow[] rows = [.. runs[^1].Profile!.Nodes.Select(n => new ProfileRow(n.Node, n.Schema, n.Depth, n.Calls,
                RunReport.Median(byNode[n.Node].Select(one => one.Own)), RunReport.Median(byNode[n.Node].Select(one => one.Total)), 0))];
            double whole = rows.Sum(r => r.Own.TotalMicroseconds);
            return [.. rows.Select(r => r with { Share = whole == 0 ? 0 : r.Own.TotalMicroseconds / whole }).OrderByDescending(r => r.Own)];
        }
    }
}

/// <summary>The time of one node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Schema">The version of its op.</param>
/// <param name="Depth">How many nodes it is inside of.</param>
/// <param name="Calls">How often it ran in one run.</param>
/// <param name="Own">Its time in one run, without the nodes it is made of.</param>
/// <param name="Total">Its time in one run.</param>
/// <param name="Share">The part of all time that is its own, 0 to 1.</param>
internal sealed record ProfileRow(Node Node, OpSchema Schema, int Depth, long Calls, TimeSpan Own, TimeSpan Total, double Share);
