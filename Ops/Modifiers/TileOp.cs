namespace Ops.Modifiers;

/// <summary>What one step of a tile program does to vectors.</summary>
internal enum TileOp
{
    Copy,
    Add,
    Subtract,
    Multiply,
    Divide,
    Quotient,
    WholeModulo,
    WholeRemainder,
    Modulo,
    Remainder,
    Power,
    Minimum,
    Maximum,
    Negate,
    Absolute,
    Sign,
    Reciprocal,
    Sqrt,
    Exp,
    Log,
    Tanh,
    Sigmoid,
    Softplus,
    Erf,
    Gelu,
    GeluTanh,
    Sin,
    Cos,
    Tan,
    Sinh,
    Cosh,
    Asin,
    Acos,
    Atan,
    Asinh,
    Acosh,
    Atanh,
    Floor,
    Ceiling,
    Round,
    Truncate,
    Less,
    LessOrEqual,
    Equal,
    And,
    Or,
    Xor,
    Not,
    IsNaN,
    IsInfinity,
    Where,
    /// <summary>1 where a mask is true, else 0.</summary>
    MaskToNumber,
    /// <summary>0 for NaN, else the number.</summary>
    ZeroForNaN,
    /// <summary>Rounded to float and back, of doubles.</summary>
    ToFloat,
    /// <summary>Rounded to float16 and back.</summary>
    ToFloat16,
    /// <summary>Rounded to bfloat16 and back.</summary>
    ToBFloat16,
    /// <summary>Elements of a table at any places.</summary>
    Gather,
}

/// <summary>How often a value of a tile program is worked out.</summary>
internal enum TileLevel
{
    /// <summary>Once for a panel.</summary>
    Panel,
    /// <summary>Once for each row of a panel.</summary>
    Row,
    /// <summary>Once for each key, all rows sharing it.</summary>
    Key,
    /// <summary>For each score.</summary>
    Score,
}
