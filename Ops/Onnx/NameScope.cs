namespace Ops.Onnx;

/// <summary>
/// Which name a value of a graph or function gets in the graph that is built. The values of a function get names nobody else has, so
/// nothing it defines can be mistaken for a value of its caller.
/// </summary>
internal sealed class NameScope
{
    private readonly NameScope? parent;
    private readonly Func<string, string>? fresh;
    private readonly Dictionary<string, string> names = [];

    private NameScope(NameScope? parent, Func<string, string>? fresh)
    {
        this.parent = parent;
        this.fresh = fresh;
    }

    /// <summary>The scope of the model's graph, where every name stays.</summary>
    public static NameScope Model() => new(null, null);

    /// <summary>The scope of one call of a function.</summary>
    public static NameScope Function(Func<string, string> fresh) => new(null, fresh);

    /// <summary>The scope of a subgraph in this one.</summary>
    public NameScope Subgraph() => new(this, fresh);

    /// <summary>Says which name of the caller a parameter of a function stands for.</summary>
    public void Bind(string name, string outer) => names[name] = outer;

    /// <summary>The name of a value that this graph or function defines.</summary>
    public string Define(string name)
    {
        if (name.Length == 0 || fresh is null)
            return name;
        if (!names.TryGetValue(name, out string? given))
            names.Add(name, given = fresh(name));
        return given;
    }

    /// <summary>The name of a value that is read.</summary>
    public string Resolve(string name)
    {
        if (name.Length == 0 || fresh is null)
            return name;
        for (NameScope? scope = this; scope is not null; scope = scope.parent)
        {
            if (scope.names.TryGetValue(name, out string? given))
                return given;
            if (scope.parent is null)
                // Defined later, or nowhere; in both cases it must not reach a value of the caller.
                return scope.Define(name);
        }
        return name;
    }
}
