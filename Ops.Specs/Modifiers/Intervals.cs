using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>What ops make of intervals: once for whole domains while a graph is read, and again for every tile while it runs.</summary>
public static class Intervals
{
    /// <summary>The interval of an op's result.</summary>
    public static Interval Of(ModifierOp op, Interval x, Interval y) => op switch
    {
        ModifierOp.Add => x + y,
        ModifierOp.Subtract => x - y,
        ModifierOp.Multiply => x * y,
        ModifierOp.Divide => x / y,
        ModifierOp.Modulo => Interval.Modulo(x, y, false),
        ModifierOp.Remainder => Interval.Modulo(x, y, true),
        ModifierOp.Minimum => Interval.Min(x, y),
        ModifierOp.Maximum => Interval.Max(x, y),
        ModifierOp.Negate => -x,
        ModifierOp.Absolute => Interval.Abs(x),
        ModifierOp.Sign => Interval.Rising(x, v => double.IsNaN(v) ? v : Math.Sign(v), true),
        ModifierOp.Reciprocal => Interval.Of(1) / x,
        ModifierOp.Power => Interval.Power(x, y),
        ModifierOp.Sqrt => Interval.Rising(x, Math.Sqrt),
        ModifierOp.Exp => Interval.Rising(x, Math.Exp),
        ModifierOp.Log => Interval.Rising(x, Math.Log),
        ModifierOp.Tanh => Interval.Rising(x, Math.Tanh),
        ModifierOp.Sigmoid => Interval.Rising(x, v => 1 / (1 + Math.Exp(-v))),
        ModifierOp.Softplus => Interval.Rising(x, v => v > 0 ? v + Math.Log(1 + Math.Exp(-v)) : Math.Log(1 + Math.Exp(v))),
        ModifierOp.Erf => new(x.Low >= 0 ? 0 : -1.0001, x.High <= 0 ? 0 : 1.0001, x.MayBeNaN),
        ModifierOp.Sin or ModifierOp.Cos => new(-1.0001, 1.0001, !x.IsFinite),
        ModifierOp.Sinh => Interval.Rising(x, Math.Sinh),
        ModifierOp.Atan => Interval.Rising(x, Math.Atan),
        ModifierOp.Cosh => new(0.999, double.PositiveInfinity, x.MayBeNaN),
        ModifierOp.Floor => Interval.Rising(x, Math.Floor, true),
        ModifierOp.Ceiling => Interval.Rising(x, Math.Ceiling, true),
        ModifierOp.Round => Interval.Rising(x, v => Math.Round(v, MidpointRounding.ToEven), true),
        ModifierOp.Less => Interval.Less(x, y),
        ModifierOp.LessOrEqual => Interval.LessOrEqual(x, y),
        ModifierOp.Equal => Interval.Equal(x, y),
        ModifierOp.And => Interval.And(x, y),
        ModifierOp.Or => Interval.Or(x, y),
        ModifierOp.Xor => Interval.Xor(x, y),
        ModifierOp.Not => Interval.Not(x),
        ModifierOp.IsNaN or ModifierOp.IsInfinity => Interval.Either,
        _ => Interval.All,
    };

    /// <summary>Numbers truncated into bounds; 0 for NaN.</summary>
    public static Interval Whole(Interval x, double low, double high)
    {
        Interval whole = new(Math.Max(low, Math.Min(high, Math.Truncate(x.Low))), Math.Max(low, Math.Min(high, Math.Truncate(x.High))));
        return x.MayBeNaN ? whole.Union(Interval.Of(0.0)) : whole;
    }

    /// <summary>Bounds rounded as every number between them is: rounding keeps order.</summary>
    public static Interval Rounded(Interval range, ElementType type) =>
        type.IsFloat() && type != ElementType.Double
            ? new(ModifierTypes.Round(range.Low, type), ModifierTypes.Round(range.High, type), range.MayBeNaN) : range;

    /// <summary>The scores that are finite, of a type; small enough that sums and products of a few of them are.</summary>
    public static Interval FiniteScores(ElementType type) => type == ElementType.Float16 ? new(-1e3, 1e3) : Interval.Finite;
}
