using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>A value of a modifier's graph: a shape, and an expression of its element at any coordinates.</summary>
/// <remarks>
/// Coordinates count axes from the last one, so that broadcasting changes none of them; an axis of extent 1 never appears in the
/// expression. A short list of integers, such as a shape, has its elements one by one instead.
/// </remarks>
internal sealed class ModifierField
{
    /// <summary>The longest list kept element by element.</summary>
    public const int LongestList = 32;

    private readonly ModifierExpr? expr;

    private ModifierField(ElementType type, Dim[] dims, ModifierExpr? expr, ModifierExpr[]? items)
    {
        Type = type;
        Dims = dims;
        this.expr = expr;
        Items = items;
    }

    public ElementType Type { get; }

    public Dim[] Dims { get; }

    public int Rank => Dims.Length;

    /// <summary>The elements of a list.</summary>
    public ModifierExpr[]? Items { get; }

    /// <summary>The element at any coordinates.</summary>
    public ModifierExpr Expr => expr ?? throw new InvalidOperationException("A list has items.");

    public static ModifierField Of(ElementType type, Dim[] dims, ModifierExpr expr) => new(type, dims, expr, null);

    public static ModifierField List(ElementType type, ModifierExpr[] items) =>
        items.Length == 1 ? new(type, [1], items[0], null) : new(type, [items.Length], null, items);

    public static ModifierField Scalar(ElementType type, ModifierExpr expr) => new(type, [], expr, null);
}
