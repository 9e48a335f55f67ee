using Ops.Specs.Collections;
using Ops.Specs.Types;

namespace Ops.Specs.Model;

/// <summary>What an expression's value is made of.</summary>
public enum ExprKind
{
    /// <summary>A truth value.</summary>
    Bool,
    /// <summary>An exact number: an integer, or a fraction on its way to one.</summary>
    Exact,
    /// <summary>An IEEE double.</summary>
    Real,
    /// <summary>Text.</summary>
    String,
    /// <summary>An element type.</summary>
    Dtype,
    /// <summary>The data of a tensor of integers or booleans.</summary>
    Tensor,
    /// <summary>The data of a tensor of floats.</summary>
    RealTensor,
    /// <summary>The data of a tensor whose element type only the call decides.</summary>
    AnyTensor,
    /// <summary>A port or attribute without a value an expression could use (a graph, a sequence); only <c>has</c>, <c>shape</c>,
    /// <c>rank</c>, <c>arity</c> take it.</summary>
    Opaque,
}

/// <summary>The type of an expression: a kind, and how many levels of list are around it.</summary>
/// <param name="Kind">What the innermost elements are.</param>
/// <param name="Depth">0 for a single value, 1 for a list, 2 for a list of lists (the shapes of a family).</param>
public sealed record ExprType(ExprKind Kind, int Depth = 0)
{
    /// <summary>Whether this is a list.</summary>
    public bool IsList => Depth > 0;
}

/// <summary>A bound expression: every name resolved, every type known, no positions.</summary>
/// <param name="Type">The type of its value.</param>
public abstract record Expr(ExprType Type);

/// <summary>An integer.</summary>
public sealed record IntLiteral(long Value) : Expr(new ExprType(ExprKind.Exact));

/// <summary>A real number, <c>inf</c> included.</summary>
public sealed record RealLiteral(double Value) : Expr(new ExprType(ExprKind.Real));

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed record BoolLiteral(bool Value) : Expr(new ExprType(ExprKind.Bool));

/// <summary>Text between single quotes.</summary>
public sealed record StringLiteral(string Value) : Expr(new ExprType(ExprKind.String));

/// <summary>The name of an element type.</summary>
public sealed record DtypeLiteral(ElementType Value) : Expr(new ExprType(ExprKind.Dtype));

/// <summary>What a name stands for.</summary>
public enum SymbolKind
{
    /// <summary>A dim.</summary>
    Dim,
    /// <summary>A rank variable, a list of dims.</summary>
    RankVariable,
    /// <summary>A dim with one value per element of a family, a list.</summary>
    FamilyDim,
    /// <summary>The number of elements of a family.</summary>
    FamilyCount,
    /// <summary>An input's data.</summary>
    Input,
    /// <summary>An output; only <c>has</c>, <c>shape</c> and <c>rank</c> take it.</summary>
    Output,
    /// <summary>An attribute's value.</summary>
    Attribute,
    /// <summary>The element type a type variable stands for.</summary>
    TypeVariable,
    /// <summary>A definition of the <c>let</c> section.</summary>
    Let,
    /// <summary>The variable of a comprehension or of a family.</summary>
    Binder,
}

/// <summary>A resolved name.</summary>
public sealed record NameExpr(string Name, SymbolKind Symbol, ExprType Type) : Expr(Type);

/// <summary>Operators of <see cref="UnaryExpr"/>.</summary>
public enum UnaryOp
{
    /// <summary>Arithmetic negation.</summary>
    Negate,
    /// <summary>Boolean negation.</summary>
    Not,
}

/// <summary>An operator with one operand. A list operand means each element.</summary>
public sealed record UnaryExpr(UnaryOp Op, Expr Operand, ExprType Type) : Expr(Type);

/// <summary>Operators of <see cref="BinaryExpr"/>.</summary>
public enum BinaryOp
{
    /// <summary>Sum.</summary>
    Add,
    /// <summary>Difference.</summary>
    Subtract,
    /// <summary>Product.</summary>
    Multiply,
    /// <summary>Exact quotient of exact numbers, IEEE quotient of reals.</summary>
    Divide,
    /// <summary>Remainder with the sign of the divisor.</summary>
    Modulo,
    /// <summary>Kleene's and.</summary>
    And,
    /// <summary>Kleene's or.</summary>
    Or,
}

/// <summary>An operator with two operands; the one of lower depth is applied to each element of the other.</summary>
public sealed record BinaryExpr(BinaryOp Op, Expr Left, Expr Right, ExprType Type) : Expr(Type);

/// <summary>Operators of <see cref="CompareExpr"/>.</summary>
public enum CompareOp
{
    /// <summary>Equal; on two lists, length and elements.</summary>
    Equal,
    /// <summary>Not equal.</summary>
    NotEqual,
    /// <summary>Less.</summary>
    Less,
    /// <summary>Less or equal.</summary>
    LessOrEqual,
    /// <summary>Greater.</summary>
    Greater,
    /// <summary>Greater or equal.</summary>
    GreaterOrEqual,
}

/// <summary>
/// One comparison; a chain <c>a &lt;= x &lt; b</c> is bound as the conjunction of its links. Between two values of equal depth it gives one
/// truth; between a list and a value of lower depth it gives a list of truths, which as a predicate means all of them. A tensor compared
/// with a scalar is one truth: all elements.
/// </summary>
public sealed record CompareExpr(CompareOp Op, Expr Left, Expr Right, ExprType Type) : Expr(Type);

/// <summary><c>x in set</c>: <paramref name="Set"/> is a <see cref="RangeExpr"/> or a list (one level deeper than <paramref name="Item"/>,
/// or than its elements).</summary>
public sealed record MembershipExpr(Expr Item, Expr Set, bool Negated, ExprType Type) : Expr(Type);

/// <summary><c>from..to</c>, closed, or <c>from..&lt;to</c>, half open; an absent end is unbounded. As a list it needs both ends.</summary>
public sealed record RangeExpr(Expr? From, Expr? To, bool HalfOpen, ExprType Type) : Expr(Type);

/// <summary><c>a | b</c> or <c>[a, b]</c>: a list of its parts.</summary>
public sealed record ListExpr(EquatableArray<ListItem> Items, ExprType Type) : Expr(Type);

/// <summary>A part of a list: one element, or, when <paramref name="Spread"/>, all elements of a list or range.</summary>
public sealed record ListItem(Expr Value, bool Spread);

/// <summary><c>value for i &lt; n, x in list if condition</c>: the values as a list; later binders see earlier ones, and vary
/// fastest.</summary>
public sealed record ComprehensionExpr(Expr Value, EquatableArray<Binder> Binders, ExprType Type) : Expr(Type);

/// <summary>One variable of a comprehension: <c>name &lt; Limit</c> (0 to Limit - 1) or <c>name in Source</c>; exactly one of the two is
/// given.</summary>
public sealed record Binder(string Name, Expr? Limit, Expr? Source, Expr? Condition, ExprType Type);

/// <summary><c>then if condition else otherwise</c>; without <paramref name="Otherwise"/> it is true in a rule and unknown in an output
/// value.</summary>
public sealed record ConditionalExpr(Expr Condition, Expr Then, Expr? Otherwise, ExprType Type) : Expr(Type);

/// <summary><c>target[indices]</c> of a list (one index) or of a tensor (an index per axis).</summary>
public sealed record IndexExpr(Expr Target, EquatableArray<IndexItem> Indices, ExprType Type) : Expr(Type);

/// <summary>One index: a position, a slice (<c>from:to</c>) or <c>...</c> (any positions on the axes not named).</summary>
public abstract record IndexItem;

/// <summary>A position.</summary>
public sealed record PositionIndex(Expr Position) : IndexItem;

/// <summary>A slice with optional ends.</summary>
public sealed record SliceIndex(Expr? From, Expr? To) : IndexItem;

/// <summary><c>...</c>.</summary>
public sealed record EllipsisIndex : IndexItem;

/// <summary>The built-in functions.</summary>
public enum Function
{
    /// <summary>Whether an optional port or attribute was given.</summary>
    Has,
    /// <summary>How many axes a port has.</summary>
    Rank,
    /// <summary>A port's dims.</summary>
    Shape,
    /// <summary>How many elements a list has.</summary>
    Len,
    /// <summary>The sum of a list.</summary>
    Sum,
    /// <summary>The product of a list, 1 when empty.</summary>
    Product,
    /// <summary>The least of its arguments or of a list.</summary>
    Min,
    /// <summary>The greatest of its arguments or of a list.</summary>
    Max,
    /// <summary>The greatest integer not above.</summary>
    Floor,
    /// <summary>The least integer not below.</summary>
    Ceil,
    /// <summary>The absolute value.</summary>
    Abs,
    /// <summary>The square root, a real.</summary>
    Sqrt,
    /// <summary>A number rounded to a float, a real.</summary>
    Float,
    /// <summary>Multidirectional broadcasting of lists of dims.</summary>
    Broadcast,
    /// <summary><c>index(list, x)</c>: the first place of x in a list.</summary>
    Index,
    /// <summary>Whether no element occurs twice.</summary>
    Distinct,
    /// <summary>Whether any element of a list of truths is true.</summary>
    Any,
    /// <summary>Whether all are.</summary>
    All,
    /// <summary>How many inputs a graph attribute takes.</summary>
    Arity,
    /// <summary><c>clamp(x, low, high)</c>.</summary>
    Clamp,
}

/// <summary>A call of a built-in function.</summary>
public sealed record CallExpr(Function Function, EquatableArray<ListItem> Arguments, ExprType Type) : Expr(Type);

/// <summary>The escape hatch: a C# method that the op's author writes.</summary>
public sealed record HostExpr(string Method, EquatableArray<Expr> Arguments, ExprType Type) : Expr(Type);
