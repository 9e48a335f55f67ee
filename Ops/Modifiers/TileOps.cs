using Ops.Specs.Modifiers;
using static Ops.Modifiers.TileOp;

namespace Ops.Modifiers;

/// <summary>The ops of tile programs.</summary>
internal static class TileOps
{
    public static readonly TileOp Copy = new Unary<TileKernels.Copy>();

    public static readonly TileOp Add = new Arithmetic<TileKernels.Add>();

    public static readonly TileOp Subtract = new Arithmetic<TileKernels.Subtract>();

    public static readonly TileOp Multiply = new Arithmetic<TileKernels.Multiply>();

    public static readonly TileOp Negate = new Unary<TileKernels.Negate>();

    public static readonly TileOp Minimum = new Arithmetic<TileKernels.Minimum>();

    public static readonly TileOp Maximum = new Arithmetic<TileKernels.Maximum>();

    public static readonly TileOp Truncate = new Unary<TileKernels.Truncate>();

    /// <summary>1 where a mask is true, else 0.</summary>
    public static readonly TileOp MaskToNumber = new Unary<TileKernels.MaskToNumber>();

    /// <summary>0 for NaN, else the number.</summary>
    public static readonly TileOp ZeroForNaN = new Unary<TileKernels.ZeroForNaN>();

    /// <summary>Rounded to a type and back.</summary>
    public static readonly TileOp ToFloat = new Unary<TileKernels.ToFloat>(), ToFloat16 = new Unary<TileKernels.ToFloat16>(),
        ToBFloat16 = new Unary<TileKernels.ToBFloat16>();

    /// <summary>Elements of a table at any places.</summary>
    public static readonly TileOp Gather = new Gathering { Cycles = 15 };

    private static readonly TileOp s_quotient = new Binary<TileKernels.Quotient> { Cycles = 10 };

    private static readonly TileOp s_wholeModulo = new Binary<TileKernels.WholeModulo> { Cycles = 10 };

    private static readonly TileOp s_wholeRemainder = new Binary<TileKernels.WholeRemainder> { Cycles = 10 };

    private static readonly Dictionary<ModifierOp, TileOp> s_ops = new()
    {
        [ModifierOp.Add] = Add,
        [ModifierOp.Subtract] = Subtract,
        [ModifierOp.Multiply] = Multiply,
        [ModifierOp.Divide] = new Arithmetic<TileKernels.Divide> { Cycles = 10 },
        [ModifierOp.Modulo] = new Binary<TileKernels.Modulo> { Cycles = 400 },
        [ModifierOp.Remainder] = new Binary<TileKernels.Remainder> { Cycles = 400 },
        [ModifierOp.Power] = new Binary<TileKernels.Power> { Cycles = 40 },
        [ModifierOp.Minimum] = Minimum,
        [ModifierOp.Maximum] = Maximum,
        [ModifierOp.Negate] = Negate,
        [ModifierOp.Absolute] = new Unary<TileKernels.Absolute>(),
        [ModifierOp.Sign] = new Unary<TileKernels.Sign>(),
        [ModifierOp.Reciprocal] = new Unary<TileKernels.Reciprocal> { Cycles = 10 },
        [ModifierOp.Sqrt] = new Unary<TileKernels.Sqrt> { Cycles = 10 },
        [ModifierOp.Exp] = new Unary<TileKernels.Exp> { Cycles = 5 },
        [ModifierOp.Log] = new Unary<TileKernels.Log> { Cycles = 9 },
        [ModifierOp.Tanh] = new Unary<TileKernels.Tanh> { Cycles = 9 },
        [ModifierOp.Sigmoid] = new Unary<TileKernels.Sigmoid> { Cycles = 9 },
        [ModifierOp.Softplus] = new Unary<TileKernels.Softplus> { Cycles = 14 },
        [ModifierOp.Erf] = new Unary<TileKernels.Erf> { Cycles = 14 },
        [ModifierOp.Gelu] = new Unary<TileKernels.Gelu> { Cycles = 14 },
        [ModifierOp.GeluTanh] = new Unary<TileKernels.GeluTanh> { Cycles = 14 },
        [ModifierOp.Sin] = new Unary<TileKernels.Sin> { Cycles = 12 },
        [ModifierOp.Cos] = new Unary<TileKernels.Cos> { Cycles = 12 },
        [ModifierOp.Tan] = new Unary<TileKernels.Tan> { Cycles = 18 },
        [ModifierOp.Sinh] = new Unary<TileKernels.Sinh> { Cycles = 400 },
        [ModifierOp.Cosh] = new Unary<TileKernels.Cosh> { Cycles = 400 },
        [ModifierOp.Asin] = new Unary<TileKernels.Asin> { Cycles = 400 },
        [ModifierOp.Acos] = new Unary<TileKernels.Acos> { Cycles = 400 },
        [ModifierOp.Atan] = new Unary<TileKernels.Atan> { Cycles = 400 },
        [ModifierOp.Asinh] = new Unary<TileKernels.Asinh> { Cycles = 400 },
        [ModifierOp.Acosh] = new Unary<TileKernels.Acosh> { Cycles = 400 },
        [ModifierOp.Atanh] = new Unary<TileKernels.Atanh> { Cycles = 400 },
        [ModifierOp.Floor] = new Unary<TileKernels.Floor>(),
        [ModifierOp.Ceiling] = new Unary<TileKernels.Ceiling>(),
        [ModifierOp.Round] = new Unary<TileKernels.Round>(),
        [ModifierOp.Less] = new Binary<TileKernels.Less>(),
        [ModifierOp.LessOrEqual] = new Binary<TileKernels.LessOrEqual>(),
        [ModifierOp.Equal] = new Binary<TileKernels.Equal>(),
        [ModifierOp.And] = new Binary<TileKernels.And>(),
        [ModifierOp.Or] = new Binary<TileKernels.Or>(),
        [ModifierOp.Xor] = new Binary<TileKernels.Xor>(),
        [ModifierOp.Not] = new Unary<TileKernels.Not>(),
        [ModifierOp.IsNaN] = new Unary<TileKernels.IsNaN>(),
        [ModifierOp.IsInfinity] = new Unary<TileKernels.IsInfinity>(),
        [ModifierOp.Where] = new Ternary<TileKernels.Where>(),
    };

    /// <summary>The op of an expression's node.</summary>
    /// <exception cref="ModifierException">There is none.</exception>
    public static TileOp Of(ModifierExpr e) => e.Op switch
    {
        ModifierOp.Divide when e.IsInteger => s_quotient,
        ModifierOp.Modulo when e.IsInteger => s_wholeModulo,
        ModifierOp.Remainder when e.IsInteger => s_wholeRemainder,
        _ => s_ops.TryGetValue(e.Op, out TileOp? op) ? op : throw new ModifierException($"{e.Op} has no vector routine"),
    };
}
