using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>A graph attribute as the compiler of modifiers reads it, wherever it comes from: a model, or the text of a spec.</summary>
/// <param name="Inputs">The names of the inputs: what is modified first, then what is captured.</param>
/// <param name="Output">The name of the output.</param>
/// <param name="Nodes">The nodes, in an order in which they can run.</param>
/// <param name="Constants">Values that are part of the graph.</param>
/// <param name="Runtime">What runs or expands ops that the compiler does not know; null for nothing.</param>
public sealed record ModifierGraph(
    IReadOnlyList<string> Inputs, string Output, IReadOnlyList<ModifierNode> Nodes, IReadOnlyDictionary<string, ModifierTensor> Constants,
    IModifierRuntime? Runtime = null);

/// <summary>One call of an op in a modifier.</summary>
/// <param name="Op">Its name.</param>
/// <param name="Domain">Its domain, <c>ai.onnx</c> for the default one.</param>
/// <param name="Inputs">The names of the inputs; an empty one is absent.</param>
/// <param name="Outputs">The names of the outputs; an empty one is not asked for.</param>
/// <param name="Attributes">The attributes: <see cref="long"/>, <see cref="float"/>, <see cref="string"/>, arrays of them, or
/// <see cref="ModifierTensor"/>.</param>
/// <param name="Tag">What the node is to who made it.</param>
public sealed record ModifierNode(
    string Op, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, object> Attributes,
    object? Tag = null);

/// <summary>What a tensor is to a modifier.</summary>
public enum ModifierTensorKind
{
    /// <summary>The scores or probabilities.</summary>
    Score,
    /// <summary>Part of the graph.</summary>
    Constant,
    /// <summary>Given with each call.</summary>
    Capture,
}

/// <summary>A tensor that a modifier reads elements of.</summary>
public sealed class ModifierTensor
{
    private readonly Func<long, double>? real;
    private readonly Func<long, long>? integer;
    private readonly Func<long, long, Interval>? bounds;

    private ModifierTensor(ModifierTensorKind kind, string name, ElementType type, IReadOnlyList<Dim> dims)
    {
        Kind = kind;
        Name = name;
        Type = type;
        Dims = dims;
        Range = type == ElementType.Bool ? Interval.Either : ModifierTypes.IsInteger(type) ? ModifierTypes.Bounds(type) : Interval.All;
    }

    /// <summary>A constant.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="dims">Its dims.</param>
    /// <param name="real">The elements as reals, by their place.</param>
    /// <param name="integer">The elements as integers, by their place; of integers and truths.</param>
    /// <param name="tag">What holds the data.</param>
    /// <param name="bounds">The bounds of the elements from one place to another, where there is a quicker way than one after the
    /// other.</param>
    public ModifierTensor(string name, ElementType type, long[] dims, Func<long, double> real, Func<long, long>? integer = null,
        object? tag = null, Func<long, long, Interval>? bounds = null)
        : this(ModifierTensorKind.Constant, name, type, Array.ConvertAll(dims, d => (Dim)d))
    {
        this.real = real;
        this.integer = integer;
        this.bounds = bounds;
        Tag = tag;
        Length = dims.Aggregate(1L, (product, d) => product * d);
        // None is read of no elements.
        Range = Length > 0 ? BoundsOf(0, Length) : Interval.Of(0.0);
    }

    /// <summary>What it is.</summary>
    public ModifierTensorKind Kind { get; }

    /// <summary>Its name in the graph.</summary>
    public string Name { get; }

    /// <summary>Its element type.</summary>
    public ElementType Type { get; }

    /// <summary>Its dims.</summary>
    public IReadOnlyList<Dim> Dims { get; }

    /// <summary>How many elements a constant has.</summary>
    public long Length { get; }

    /// <summary>What its elements can be.</summary>
    public Interval Range { get; internal set; }

    /// <summary>What holds the data of a constant.</summary>
    public object? Tag { get; }

    /// <summary>The number of a capture among the captures.</summary>
    public int Index { get; private init; }

    /// <summary>The scores or probabilities.</summary>
    public static ModifierTensor Score(string name, ElementType type, IReadOnlyList<Dim> dims) =>
        new(ModifierTensorKind.Score, name, type, dims);

    /// <summary>What expressions call an element of what is modified.</summary>
    public string Label { get; private set; } = "s";

    /// <summary>The same tensor, shown under another name.</summary>
    public ModifierTensor Labelled(string label)
    {
        Label = label;
        return this;
    }

    /// <summary>The same tensor, with elements known to lie within bounds.</summary>
    public ModifierTensor Within(Interval range)
    {
        Range = range;
        return this;
    }

    /// <summary>A tensor given with each call.</summary>
    public static ModifierTensor Capture(string name, ElementType type, IReadOnlyList<Dim> dims, int index, Interval? range = null)
    {
        var tensor = new ModifierTensor(ModifierTensorKind.Capture, name, type, dims) { Index = index };
        if (range is { } known)
            tensor.Range = known;
        return tensor;
    }

    /// <summary>Integers that are part of the graph.</summary>
    public static ModifierTensor Of(string name, long[] values, params long[] dims) =>
        new(name, ElementType.Int64, dims, i => values[i], i => values[i]);

    /// <summary>Reals that are part of the graph.</summary>
    public static ModifierTensor Of(string name, ElementType type, double[] values, params long[] dims) =>
        new(name, type, dims, i => values[i]);

    /// <summary>What elements of a constant can be, from one place to another.</summary>
    public Interval BoundsOf(long from, long to)
    {
        if (bounds is not null)
            return bounds(from, to);
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        bool nan = false;
        for (long i = from; i < to; i++)
        {
            double value = RealAt(i);
            if (value < low) low = value;
            if (value > high) high = value;
            nan |= double.IsNaN(value);
        }
        return Type == ElementType.Bool ? new(Math.Min(low, 1), Math.Min(high, 1)) : new(low, high, nan);
    }

    /// <summary>An element of a constant as a real.</summary>
    public double RealAt(long index) => real is not null ? real(index) : throw new InvalidOperationException($"'{Name}' has no data.");

    /// <summary>An element of a constant as an integer.</summary>
    public long IntegerAt(long index) =>
        integer is not null ? integer(index) : throw new InvalidOperationException($"'{Name}' has no integers.");
}

/// <summary>Why a graph cannot become a functor; it runs decomposed then.</summary>
public sealed class ModifierException(string reason) : Exception(reason);
