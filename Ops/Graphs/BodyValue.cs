using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Graphs;

/// <summary>A value while a body is being built: named values of the graph, nothing, or a constant whose type its use decides.</summary>
public sealed class BodyValue
{
    private BodyValue(IReadOnlyList<(string Name, TensorType? Type)> parts, BodyConstant? constant)
    {
        Parts = parts;
        Constant = constant;
    }

    /// <summary>An operand left out.</summary>
    public static BodyValue Absent { get; } = new([("", null)], null);

    /// <summary>The values by name, with what is known of each: one, or the elements of a variadic input or of a call with several
    /// outputs.</summary>
    internal IReadOnlyList<(string Name, TensorType? Type)> Parts { get; }

    /// <summary>The constant, while its type is open.</summary>
    internal BodyConstant? Constant { get; }

    internal static BodyValue Of(params IReadOnlyList<(string Name, TensorType? Type)> parts) => new(parts, null);

    internal static BodyValue Of(BodyConstant constant) => new([], constant);
}

/// <summary>A constant of a body.</summary>
/// <param name="Items">Its elements as reals or integers.</param>
/// <param name="IsList">Whether it is a vector, not a scalar.</param>
/// <param name="Natural">Its element type where nothing else decides.</param>
internal sealed record BodyConstant(IReadOnlyList<object> Items, bool IsList, ElementType Natural);

/// <summary>An attribute of a call in a body.</summary>
public readonly struct BodyAttribute
{
    /// <summary>An integer, a list of them, a real, a truth, a text or an element type; the op called says which.</summary>
    public BodyAttribute(string name, Dim value) : this(name, (object)value) { }

    /// <inheritdoc cref="BodyAttribute(string, Dim)"/>
    public BodyAttribute(string name, Real value) : this(name, (object)value) { }

    /// <inheritdoc cref="BodyAttribute(string, Dim)"/>
    public BodyAttribute(string name, Truth value) : this(name, (object)value) { }

    /// <inheritdoc cref="BodyAttribute(string, Dim)"/>
    public BodyAttribute(string name, Seq<Dim> value) : this(name, (object)value) { }

    /// <inheritdoc cref="BodyAttribute(string, Dim)"/>
    public BodyAttribute(string name, Seq<Real> value) : this(name, (object)value) { }

    /// <inheritdoc cref="BodyAttribute(string, Dim)"/>
    public BodyAttribute(string name, string? value) : this(name, (object?)value ?? "") { }

    /// <inheritdoc cref="BodyAttribute(string, Dim)"/>
    public BodyAttribute(string name, ElementType value) : this(name, (object)value) { }

    /// <inheritdoc cref="BodyAttribute(string, Dim)"/>
    public BodyAttribute(string name, Graph value) : this(name, (object)value) { }

    private BodyAttribute(string name, object value)
    {
        Name = name;
        Value = value;
    }

    internal string Name { get; }

    internal object Value { get; }
}
