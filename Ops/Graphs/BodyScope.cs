using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>An equation of a body that is being built.</summary>
/// <param name="Names">What it gives values to.</param>
/// <param name="Value">Evaluates it.</param>
internal sealed record BodyEquation(IReadOnlyList<string> Names, Func<BodyValue> Value);

/// <summary>A body that is being built, or a graph inside one: what its names stand for, and the nodes and constants it has so
/// far.</summary>
/// <param name="outer">What lies around it.</param>
/// <param name="values">The names that have a value from the start.</param>
internal sealed class BodyScope(BodyScope? outer, Dictionary<string, BodyValue> values)
{
    /// <summary>The values by name.</summary>
    public Dictionary<string, BodyValue> Values { get; } = values;

    /// <summary>The equations that nobody has needed yet, by each of their names.</summary>
    public Dictionary<string, BodyEquation> Equations { get; } = [];

    /// <summary>The nodes, each after those it reads.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>The constants.</summary>
    public Dictionary<string, TensorValue> Constants { get; } = [];

    /// <summary>The scope that a name belongs to.</summary>
    public BodyScope OwnerOf(string name)
    {
        BodyScope scope = this;
        while (!scope.Values.ContainsKey(name) && !scope.Equations.ContainsKey(name) && scope.outer is { } around)
            scope = around;
        return scope;
    }

    private readonly BodyScope? outer = outer;
}
