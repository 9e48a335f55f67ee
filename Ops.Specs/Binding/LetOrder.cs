using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>Orders definitions so that each stands after those it reads, otherwise as in the spec.</summary>
internal static class LetOrder
{
    /// <summary>Definitions in a cycle are reported and left out.</summary>
    internal static IReadOnlyList<Entry<ExprSyntax>> Sort(IReadOnlyList<Entry<ExprSyntax>> lets, DiagnosticBag bag)
    {
        if (lets.Count == 0)
            return lets;
        var byName = lets.GroupBy(l => l.Name).ToDictionary(g => g.Key, g => g.First());
        Graph<string> graph = new(lets.Select(l => l.Name).Distinct(),
            name => byName[name].Value is { } value ? FreeNames.Of(value).Where(byName.ContainsKey).Distinct() : []);
        foreach (IReadOnlyList<string> cycle in graph.Cycles)
            bag.Report(SpecRules.Cycle, byName[cycle[0]].NameSpan,
                cycle.Count == 1 ? $"'{cycle[0]}' needs itself" : $"'{cycle[0]}' needs itself: {string.Join(" -> ", cycle)} -> {cycle[0]}");
        return [.. graph.Sorted.Select(n => byName[n])];
    }
}
