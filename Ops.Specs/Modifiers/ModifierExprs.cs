using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>Makes expressions: every node once, simplified where that changes no bit of a value.</summary>
public sealed partial class ModifierExprs
{
    private readonly Dictionary<Key, ModifierExpr> nodes = [];

    /// <summary>How many nodes an expression may grow to, so that no graph makes compiling endless.</summary>
    public const int MaxNodes = 20000;

    /// <summary>An integer.</summary>
    public ModifierExpr Integer(long value) => Leaf(ModifierOp.Constant, ElementType.Int64, integer: value, range: Interval.Of(value));

    /// <summary>A truth.</summary>
    public ModifierExpr Truth(bool value) => Leaf(ModifierOp.Constant, ElementType.Bool, integer: value ? 1 : 0, range: Interval.Of(value));

    /// <summary>A real, rounded to its type.</summary>
    public ModifierExpr Real(double value, ElementType type)
    {
        value = ModifierTypes.Round(value, type);
        return Leaf(ModifierOp.Constant, type, real: value, range: Interval.Of(value));
    }

    /// <summary>The position along an axis.</summary>
    public ModifierExpr Coordinate(int axis, Dim extent)
    {
        if (extent.IsKnown && extent.Value <= 1)
            return Integer(0);
        double last = extent.IsKnown ? extent.Value - 1 : LargestExtent;
        return Leaf(ModifierOp.Coordinate, ElementType.Int64, axis: axis, extent: extent, range: new(0, last),
            uses: axis < 4 ? (ModifierUses)(1 << axis) : ModifierUses.Further);
    }

    /// <summary>The value of a dim.</summary>
    public ModifierExpr Extent(Dim dim) => dim.IsKnown ? Integer(dim.Value)
        : dim.IsSymbolic ? Leaf(ModifierOp.Extent, ElementType.Int64, extent: dim, range: new(0, LargestExtent))
        : throw new ModifierException(dim.Reason ?? "an extent is not known");

    /// <summary>Extents that only a call tells are taken to be at most this; what is built on that refuses larger ones.</summary>
    public const long LargestExtent = 1 << 22;

    /// <summary>An element of a tensor.</summary>
    public ModifierExpr Read(ModifierTensor source, IReadOnlyList<ModifierExpr> coordinates)
    {
        if (source.Kind == ModifierTensorKind.Constant && coordinates.All(c => c.IsConstant))
        {
            long index = 0;
            for (int i = 0; i < coordinates.Count; i++)
                index = index * source.Dims[i].Value + coordinates[i].Integer;
            return source.Type == ElementType.Bool ? Truth(source.IntegerAt(index) != 0)
                : ModifierTypes.IsInteger(source.Type) ? Integer(source.IntegerAt(index)) : Real(source.RealAt(index), source.Type);
        }
        ModifierExpr[] arguments = [.. coordinates];
        return Node(new Key(ModifierOp.Read, ModifierTypes.Canonical(source.Type), arguments, source: source),
            id => new(id, ModifierOp.Read, ModifierTypes.Canonical(source.Type), arguments)
        {
            Source = source,
            Range = source.Range,
            Uses = UsesOf(arguments) | source.Kind switch
            {
                ModifierTensorKind.Score => ModifierUses.Score,
                ModifierTensorKind.Capture => ModifierUses.Capture,
                _ => ModifierUses.None,
            },
        });
    }

    /// <summary>The reduction of a row; the body's key is bound by it.</summary>
    public ModifierExpr Reduce(ModifierReduction reduction, ModifierExpr body, IReadOnlyList<ModifierExpr> row)
    {
        ModifierExpr[] arguments = [.. row];
        return Node(new Key(ModifierOp.Reduce, body.Type, arguments, integer: (long)reduction, source: body),
            id => new(id, ModifierOp.Reduce, body.Type, arguments)
        {
            Body = body,
            Reduction = reduction,
            Range = reduction == ModifierReduction.Sum
                ? body.Range.Low >= 0 ? new(0, double.PositiveInfinity, body.Range.MayBeNaN) : Interval.All : body.Range,
            Uses = arguments.Aggregate(ModifierUses.Reduction, (uses, a) => uses | a.Uses),
        });
    }

    /// <summary>The node that an op makes of arguments, or what that simplifies to.</summary>
    /// <exception cref="ModifierException">There is no such value, or the expression grew too large.</exception>
    public ModifierExpr Apply(ModifierOp op, params ModifierExpr[] arguments)
    {
        ModifierExpr x = arguments[0], y = arguments.Length > 1 ? arguments[1] : x;
        return op switch
        {
            ModifierOp.Where => Where(x, y, arguments[2]),
            ModifierOp.Not => Not(x),
            ModifierOp.And or ModifierOp.Or or ModifierOp.Xor => Logic(op, x, y),
            ModifierOp.Equal when x.IsTruth => Not(Logic(ModifierOp.Xor, x, y)),
            ModifierOp.Less or ModifierOp.LessOrEqual or ModifierOp.Equal => Compare(op, x, y),
            ModifierOp.IsNaN or ModifierOp.IsInfinity => Ask(op, x),
            _ when x.IsInteger => OfIntegers(op, x, y),
            _ => OfReals(op, arguments),
        };
    }

    /// <summary>Replaces coordinates.</summary>
    /// <param name="expr">The expression.</param>
    /// <param name="replace">What stands for a coordinate.</param>
    public ModifierExpr Substitute(ModifierExpr expr, Func<ModifierExpr, ModifierExpr> replace) =>
        Rewrite(expr, e => e.Op == ModifierOp.Coordinate ? replace(e) : null);

    /// <summary>Replaces nodes, and makes what uses them anew.</summary>
    /// <param name="expr">The expression.</param>
    /// <param name="replace">What stands for a node; null where its arguments are to be looked at.</param>
    public ModifierExpr Rewrite(ModifierExpr expr, Func<ModifierExpr, ModifierExpr?> replace)
    {
        var done = new Dictionary<ModifierExpr, ModifierExpr>();
        return Of(expr, 0);

        ModifierExpr Of(ModifierExpr e, int depth)
        {
            if (depth > 2000)
                throw new ModifierException("the expression is nested too deeply");
            if (done.TryGetValue(e, out ModifierExpr? known))
                return known;
            ModifierExpr result = replace(e) ?? (e.Arguments.Count == 0 ? e : Again(e, [.. e.Arguments.Select(a => Of(a, depth + 1))]));
            done[e] = result;
            return result;
        }
    }

    private ModifierExpr Again(ModifierExpr e, ModifierExpr[] arguments)
    {
        bool same = true;
        for (int i = 0; i < arguments.Length; i++)
            same &= ReferenceEquals(arguments[i], e.Arguments[i]);
        if (same)
            return e;
        switch (e.Op)
        {
            case ModifierOp.Read: return Read(e.Source!, arguments);
            case ModifierOp.Reduce: return Reduce(e.Reduction, e.Body!, arguments);
            case ModifierOp.ToReal: return ToReal(arguments[0], e.Type);
            case ModifierOp.ToInteger: return ToInteger(arguments[0], e.Bounds);
            case ModifierOp.Linear:
                ModifierExpr sum = Integer(e.Integer);
                for (int i = 0; i < arguments.Length; i++)
                    sum = Sum(sum, arguments[i], e.Factors[i]);
                return sum;
            default: return Apply(e.Op, arguments);
        }
    }

    /// <summary>Whether a truth that rules out nothing decides; the condition of two.</summary>
    public ModifierExpr Where(ModifierExpr condition, ModifierExpr x, ModifierExpr y)
    {
        if (condition.Range.IsTrue || ReferenceEquals(x, y))
            return x;
        if (condition.Range.IsFalse)
            return y;
        if (condition.Op == ModifierOp.Not)
            return Where(condition.Arguments[0], y, x);
        if (x.IsTruth)
            return Logic(ModifierOp.Or, Logic(ModifierOp.And, condition, x), Logic(ModifierOp.And, Not(condition), y));
        if (x.IsInteger && condition.Op == ModifierOp.LessOrEqual && AreOpposite(x, y) && Magnitude(condition, x, y) is { } magnitude)
            return magnitude;
        if (RealMagnitude(condition, x, y) is { } real)
            return real;
        return Node(ModifierOp.Where, x.Type, Given(condition, true, x).Union(Given(condition, false, y)), condition, x, y);
    }

    /// <summary>x or y = -x, whichever their sign decides; null if it is something else that decides.</summary>
    private ModifierExpr? Magnitude(ModifierExpr condition, ModifierExpr x, ModifierExpr y)
    {
        bool Is(ModifierOp op, ModifierExpr left, ModifierExpr right) => ReferenceEquals(Compare(op, left, right), condition);
        ModifierExpr zero = Integer(0);
        return Is(ModifierOp.Less, zero, x) || Is(ModifierOp.LessOrEqual, zero, x) ? OfIntegers(ModifierOp.Absolute, x, x)
            : Is(ModifierOp.Less, x, zero) || Is(ModifierOp.LessOrEqual, x, zero) ? Sum(zero, OfIntegers(ModifierOp.Absolute, y, y), -1)
            : null;
    }

    /// <summary>The same of integers made real, where 0 stays positive.</summary>
    private ModifierExpr? RealMagnitude(ModifierExpr condition, ModifierExpr x, ModifierExpr y)
    {
        bool negates = x.Op == ModifierOp.Negate && ReferenceEquals(x.Arguments[0], y);
        if (!negates && !(y.Op == ModifierOp.Negate && ReferenceEquals(y.Arguments[0], x))
            || PlainInteger(negates ? y : x) is not { } whole)
            return null;
        ModifierExpr zero = Integer(0),
            decides = negates ? Compare(ModifierOp.Less, whole, zero) : Compare(ModifierOp.LessOrEqual, zero, whole);
        return ReferenceEquals(decides, condition) ? ToReal(OfIntegers(ModifierOp.Absolute, whole, whole), x.Type) : null;
    }

    /// <summary>Whether one integer is the other with the other sign.</summary>
    private static bool AreOpposite(ModifierExpr x, ModifierExpr y) =>
        ConstantOf(x) == unchecked(-ConstantOf(y)) && Terms(x).SequenceEqual(Terms(y).Select(t => (-t.Factor, t.Atom)));

    /// <summary>What an integer can be where a comparison is true, or where it is false.</summary>
    private Interval Given(ModifierExpr condition, bool holds, ModifierExpr x)
    {
        if (!x.IsInteger || condition.Op != ModifierOp.LessOrEqual || !condition.Arguments[0].IsInteger)
            return x.Range;
        ModifierExpr left = condition.Arguments[0], right = condition.Arguments[1];
        double low = x.Range.Low, high = x.Range.High;
        // Where left <= right, what stands a constant from either is bounded by the other; where not, left >= right + 1.
        if (Sum(x, left, -1) is { IsConstant: true } fromLeft)
        {
            if (holds) high = Math.Min(high, right.Range.High + fromLeft.Integer);
            else low = Math.Max(low, right.Range.Low + 1 + fromLeft.Integer);
        }
        if (Sum(x, right, -1) is { IsConstant: true } fromRight)
        {
            if (holds) low = Math.Max(low, left.Range.Low + fromRight.Integer);
            else high = Math.Min(high, left.Range.High - 1 + fromRight.Integer);
        }
        return new(Math.Min(low, high), Math.Max(low, high));
    }

    /// <summary>Not.</summary>
    public ModifierExpr Not(ModifierExpr x) =>
        x.Range.IsPoint ? Truth(x.Range.IsFalse)
        : x.Op == ModifierOp.Not ? x.Arguments[0]
        // Integers are ordered; reals are not where one is NaN.
        : x.Op == ModifierOp.LessOrEqual && x.Arguments[0].IsInteger ? Compare(ModifierOp.Less, x.Arguments[1], x.Arguments[0])
        : Node(ModifierOp.Not, ElementType.Bool, Interval.Not(x.Range), x);

    private ModifierExpr Logic(ModifierOp op, ModifierExpr x, ModifierExpr y)
    {
        if (op == ModifierOp.And)
        {
            if (x.Range.IsFalse || y.Range.IsTrue || ReferenceEquals(x, y)) return x;
            if (y.Range.IsFalse || x.Range.IsTrue) return y;
            return Node(op, ElementType.Bool, Interval.And(x.Range, y.Range), x, y);
        }
        if (op == ModifierOp.Or)
        {
            if (x.Range.IsTrue || y.Range.IsFalse || ReferenceEquals(x, y)) return x;
            if (y.Range.IsTrue || x.Range.IsFalse) return y;
            return Node(op, ElementType.Bool, Interval.Or(x.Range, y.Range), x, y);
        }
        if (x.Range.IsPoint) return x.Range.IsTrue ? Not(y) : y;
        if (y.Range.IsPoint) return y.Range.IsTrue ? Not(x) : x;
        return ReferenceEquals(x, y) ? Truth(false) : Node(op, ElementType.Bool, Interval.Either, x, y);
    }

    private ModifierExpr Ask(ModifierOp op, ModifierExpr x)
    {
        if (x.IsInteger || op == ModifierOp.IsNaN && !x.Range.MayBeNaN && x.Range.Low <= x.Range.High
            || op == ModifierOp.IsInfinity && x.Range.IsFinite)
            return Truth(false);
        return Node(op, ElementType.Bool, Interval.Either, x);
    }

    private ModifierExpr Compare(ModifierOp op, ModifierExpr x, ModifierExpr y)
    {
        if (op == ModifierOp.Equal && (Decides(x, y) ?? Decides(y, x)) is { } order)
            return order;
        if (!x.IsInteger)
        {
            if (ExactInteger(x) is { } a && ExactInteger(y) is { } b)
                return Compare(op, a, b);
            Interval known = Intervals.Of(op, x.Range, y.Range);
            return known.IsPoint ? Truth(known.IsTrue) : Node(op, ElementType.Bool, known, x, y);
        }

        // What is added on one side, on the other what is subtracted: then no atom stands on both.
        ModifierExpr difference = Sum(x, y, -1);
        if (OfTruth(op, difference) is { } truth)
            return truth;
        ModifierExpr left = Integer(0), right = Integer(op == ModifierOp.Less ? -1 : 0);
        foreach (var (factor, atom) in Terms(difference))
        {
            if (factor > 0) left = Sum(left, atom, factor);
            else right = Sum(right, atom, -factor);
        }
        right = Sum(right, Integer(ConstantOf(difference)), -1);
        if (op == ModifierOp.Less) op = ModifierOp.LessOrEqual;
        Interval range = Intervals.Of(op, left.Range, right.Range);
        return range.IsPoint ? Truth(range.IsTrue) : Node(op, ElementType.Bool, range, left, right);
    }

    /// <summary>How a truth that counts as 0 or 1, and nothing else, decides what a sum is beside 0; null if there is more to it.</summary>
    private ModifierExpr? OfTruth(ModifierOp op, ModifierExpr sum)
    {
        if (Terms(sum).Count() != 1)
            return null;
        var (factor, atom) = Terms(sum).First();
        if (atom.Op != ModifierOp.ToInteger || !atom.Arguments[0].IsTruth)
            return null;
        bool ifTrue = Holds(factor + ConstantOf(sum)), ifFalse = Holds(ConstantOf(sum));
        return ifTrue == ifFalse ? Truth(ifTrue) : ifTrue ? atom.Arguments[0] : Not(atom.Arguments[0]);

        bool Holds(long value) => op switch { ModifierOp.Equal => value == 0, ModifierOp.Less => value < 0, _ => value <= 0 };
    }

    /// <summary>Whether the smaller or larger one of two is a given one of them, which is how they are ordered; null if it is nothing of
    /// the kind.</summary>
    private ModifierExpr? Decides(ModifierExpr extreme, ModifierExpr one)
    {
        if (extreme.Op is not (ModifierOp.Minimum or ModifierOp.Maximum) || !extreme.Arguments.Contains(one))
            return null;
        ModifierExpr other = extreme.Arguments[ReferenceEquals(extreme.Arguments[0], one) ? 1 : 0];
        return extreme.Op == ModifierOp.Maximum ? Compare(ModifierOp.LessOrEqual, other, one) : Compare(ModifierOp.LessOrEqual, one, other);
    }

    private ModifierExpr Node(ModifierOp op, ElementType type, Interval range, params ModifierExpr[] arguments) =>
        Node(new Key(op, type, arguments), id => new(id, op, type, arguments) { Range = range, Uses = UsesOf(arguments) });

    private ModifierExpr Leaf(ModifierOp op, ElementType type, long integer = 0, double real = 0, int axis = 0, Dim extent = default,
        Interval range = default, ModifierUses uses = ModifierUses.None) =>
        Node(new Key(op, type, [], integer + axis, BitConverter.DoubleToInt64Bits(real), extent), id => new(id, op, type, [])
        {
            Integer = integer, Real = real, Axis = axis, Extent = extent, Range = range, Uses = uses,
        });

    private static ModifierUses UsesOf(ModifierExpr[] arguments)
    {
        ModifierUses uses = ModifierUses.None;
        foreach (ModifierExpr argument in arguments)
            uses |= argument.Uses;
        return uses;
    }

    private ModifierExpr Node(Key key, Func<int, ModifierExpr> make)
    {
        if (nodes.TryGetValue(key, out ModifierExpr? known))
            return known;
        if (nodes.Count >= MaxNodes)
            throw new ModifierException($"the expression has more than {MaxNodes} nodes");
        return nodes[key] = make(nodes.Count);
    }

    private readonly struct Key(ModifierOp op, ElementType type, ModifierExpr[] arguments, long integer = 0, long bits = 0,
        object? source = null) : IEquatable<Key>
    {
        private readonly ModifierOp op = op;
        private readonly ElementType type = type;
        private readonly ModifierExpr[] arguments = arguments;
        private readonly long integer = integer, bits = bits;
        private readonly object? source = source;

        public bool Equals(Key other)
        {
            if (op != other.op || type != other.type || integer != other.integer || bits != other.bits
                || arguments.Length != other.arguments.Length || !Equals(source, other.source))
                return false;
            for (int i = 0; i < arguments.Length; i++)
                if (!ReferenceEquals(arguments[i], other.arguments[i]))
                    return false;
            return true;
        }

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            int hash = (int)op * 31 + (int)type + integer.GetHashCode() * 17 + bits.GetHashCode();
            foreach (ModifierExpr argument in arguments)
                hash = hash * 31 + argument.Id;
            return hash;
        }
    }
}
