using Ops.Specs.Model;

namespace Ops.Specs.Evaluation;

/// <summary>
/// A choice for what a spec leaves open: which ports and attributes are there, and what each dim, type variable and attribute is. Numbers
/// are doubles, lists arrays; null is not known.
/// </summary>
internal class SpecChoices(OpModel model)
{
    /// <summary>Under which name a choice keeps the dims that a bare <c>...</c> stands for.</summary>
    public const string AnyShape = "...";

    /// <summary>Under which name a choice keeps the side of a port that depends on nothing but its own rank.</summary>
    public const string FreeSide = "?";

    /// <summary>The op.</summary>
    public OpModel Model { get; } = model;

    /// <summary>Its parts by their names.</summary>
    public ModelNames Names { get; } = ModelNames.Of(model);

    /// <summary>The inputs and outputs that are there, and the attributes that are given.</summary>
    public HashSet<string> Present { get; } = [];

    /// <summary>What dims, rank variables, counts and type variables stand for, and the values of attributes that are given.</summary>
    public Dictionary<string, object?> Values { get; } = [];

    /// <summary>What a name stands for; null when that is not known.</summary>
    public object? Value(string name) => Values.TryGetValue(name, out object? value) ? value : null;

    /// <summary>The tensors of an input, one but for a family; null when they are not chosen, or the input is absent.</summary>
    public virtual IReadOnlyList<TensorFacts>? Tensors(string input) => null;

    /// <summary>How many elements a family has.</summary>
    public int CountOf(Family family) => Value(family.Count) is double count ? (int)count : 0;
}
