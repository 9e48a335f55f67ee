using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>What a node of a modifier's expression does.</summary>
public enum ModifierOp
{
    /// <summary>A number or truth.</summary>
    Constant,
    /// <summary>The position along an axis, an integer.</summary>
    Coordinate,
    /// <summary>An extent that only a call tells, an integer.</summary>
    Extent,
    /// <summary>An element of a tensor; the arguments are its coordinates.</summary>
    Read,
    /// <summary>A reduction of a whole row of keys; the arguments are the row's coordinates.</summary>
    Reduce,
    /// <summary>A sum of integers with factors, plus a constant.</summary>
    Linear,
    /// <summary>Sum.</summary>
    Add,
    /// <summary>Difference.</summary>
    Subtract,
    /// <summary>Product.</summary>
    Multiply,
    /// <summary>Quotient; of integers truncated.</summary>
    Divide,
    /// <summary>The remainder with the divisor's sign.</summary>
    Modulo,
    /// <summary>The remainder with the dividend's sign.</summary>
    Remainder,
    /// <summary>Power.</summary>
    Power,
    /// <summary>The smaller one; NaN if either is.</summary>
    Minimum,
    /// <summary>The larger one; NaN if either is.</summary>
    Maximum,
    /// <summary>Negation.</summary>
    Negate,
    /// <summary>Magnitude.</summary>
    Absolute,
    /// <summary>-1, 0 or 1; a zero and a NaN stay.</summary>
    Sign,
    /// <summary>1 / x.</summary>
    Reciprocal,
    /// <summary>Square root.</summary>
    Sqrt,
    /// <summary>e^x.</summary>
    Exp,
    /// <summary>Natural logarithm.</summary>
    Log,
    /// <summary>Hyperbolic tangent.</summary>
    Tanh,
    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,
    /// <summary>log(1 + e^x).</summary>
    Softplus,
    /// <summary>The error function.</summary>
    Erf,
    /// <summary>x times the normal distribution function of x.</summary>
    Gelu,
    /// <summary><see cref="Gelu"/> by way of the hyperbolic tangent.</summary>
    GeluTanh,
    /// <summary>Sine.</summary>
    Sin,
    /// <summary>Cosine.</summary>
    Cos,
    /// <summary>Tangent.</summary>
    Tan,
    /// <summary>Hyperbolic sine.</summary>
    Sinh,
    /// <summary>Hyperbolic cosine.</summary>
    Cosh,
    /// <summary>Arc sine.</summary>
    Asin,
    /// <summary>Arc cosine.</summary>
    Acos,
    /// <summary>Arc tangent.</summary>
    Atan,
    /// <summary>Inverse hyperbolic sine.</summary>
    Asinh,
    /// <summary>Inverse hyperbolic cosine.</summary>
    Acosh,
    /// <summary>Inverse hyperbolic tangent.</summary>
    Atanh,
    /// <summary>The greatest integral value not above.</summary>
    Floor,
    /// <summary>The least integral value not below.</summary>
    Ceiling,
    /// <summary>The nearest integral value, halves to even.</summary>
    Round,
    /// <summary>Whether x &lt; y.</summary>
    Less,
    /// <summary>Whether x &lt;= y.</summary>
    LessOrEqual,
    /// <summary>Whether x == y.</summary>
    Equal,
    /// <summary>Both.</summary>
    And,
    /// <summary>Either.</summary>
    Or,
    /// <summary>Just one.</summary>
    Xor,
    /// <summary>Not.</summary>
    Not,
    /// <summary>Whether x is NaN.</summary>
    IsNaN,
    /// <summary>Whether x is infinite.</summary>
    IsInfinity,
    /// <summary>The second argument where the first is true, else the third.</summary>
    Where,
    /// <summary>The argument as a real of the node's type, rounded to it.</summary>
    ToReal,
    /// <summary>The argument as an integer: a truth as 0 or 1, a real truncated into the bounds and 0 for NaN.</summary>
    ToInteger,
}

/// <summary>How a row of keys becomes one number.</summary>
public enum ModifierReduction
{
    /// <summary>The sum.</summary>
    Sum,
    /// <summary>The greatest; NaN if any is.</summary>
    Max,
    /// <summary>The least; NaN if any is.</summary>
    Min,
}

/// <summary>What an expression depends on.</summary>
[Flags]
public enum ModifierUses
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>The key, the last axis.</summary>
    Key = 1,
    /// <summary>The query, the axis before it.</summary>
    Query = 2,
    /// <summary>The head.</summary>
    Head = 4,
    /// <summary>The batch.</summary>
    Batch = 8,
    /// <summary>An axis before these, while an expression is being built.</summary>
    Further = 16,
    /// <summary>The score or probability.</summary>
    Score = 32,
    /// <summary>A reduction of a row.</summary>
    Reduction = 64,
    /// <summary>Tensors given with each call.</summary>
    Capture = 128,
}

/// <summary>A node of the expression of one element of a modifier's result. Immutable; equal nodes of one <see cref="ModifierExprs"/> are
/// the same object.</summary>
public sealed class ModifierExpr
{
    internal ModifierExpr(int id, ModifierOp op, ElementType type, ModifierExpr[] arguments)
    {
        Id = id;
        Op = op;
        Type = type;
        Arguments = arguments;
    }

    /// <summary>The order of creation: arguments come before what uses them.</summary>
    public int Id { get; }

    /// <summary>What it does.</summary>
    public ModifierOp Op { get; }

    /// <summary>Int64 for every integer, Bool, or a float type, to which the result is rounded.</summary>
    public ElementType Type { get; }

    /// <summary>The arguments.</summary>
    public IReadOnlyList<ModifierExpr> Arguments { get; }

    /// <summary>The value of a constant that is a real.</summary>
    public double Real { get; internal init; }

    /// <summary>The value of a constant that is an integer, or a truth as 0 or 1; the constant of a
    /// <see cref="ModifierOp.Linear"/>.</summary>
    public long Integer { get; internal init; }

    /// <summary>The factors of a <see cref="ModifierOp.Linear"/>.</summary>
    public IReadOnlyList<long> Factors { get; internal init; } = [];

    /// <summary>The axis of a coordinate, from the last one, which is 0.</summary>
    public int Axis { get; internal init; }

    /// <summary>The extent of a coordinate's axis, or the one an <see cref="ModifierOp.Extent"/> stands for.</summary>
    public Dim Extent { get; internal init; }

    /// <summary>What a <see cref="ModifierOp.Read"/> reads.</summary>
    public ModifierTensor? Source { get; internal init; }

    /// <summary>What a <see cref="ModifierOp.Reduce"/> reduces, and how.</summary>
    public ModifierExpr? Body { get; internal init; }

    /// <inheritdoc cref="Body"/>
    public ModifierReduction Reduction { get; internal init; }

    /// <summary>The least and the greatest integer that a <see cref="ModifierOp.ToInteger"/> gives.</summary>
    public Interval Bounds { get; internal init; }

    /// <summary>What the value can be anywhere.</summary>
    public Interval Range { get; internal set; }

    /// <summary>What the value depends on.</summary>
    public ModifierUses Uses { get; internal set; }

    /// <summary>Whether it is a constant.</summary>
    public bool IsConstant => Op == ModifierOp.Constant;

    /// <summary>Whether it is an integer.</summary>
    public bool IsInteger => Type == ElementType.Int64;

    /// <summary>Whether it is a truth.</summary>
    public bool IsTruth => Type == ElementType.Bool;

    /// <summary>Whether it depends on the score or on a reduction of scores.</summary>
    public bool HasScore => (Uses & (ModifierUses.Score | ModifierUses.Reduction)) != 0;

    /// <inheritdoc/>
    public override string ToString() => ModifierPrinter.Print(this);
}
