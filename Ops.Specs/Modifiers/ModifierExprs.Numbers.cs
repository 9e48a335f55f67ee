using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <content>Integers, which are exact and kept as sums, and reals, whose roundings stay as they are.</content>
public sealed partial class ModifierExprs
{
    /// <summary>x + factor * y of integers.</summary>
    public ModifierExpr Sum(ModifierExpr x, ModifierExpr y, long factor)
    {
        var terms = new SortedDictionary<int, (ModifierExpr Atom, long Factor)>();
        foreach (var (own, atom) in Terms(x))
            terms[atom.Id] = (atom, own);
        long constant;
        try
        {
            checked
            {
                constant = ConstantOf(x) + ConstantOf(y) * factor;
                foreach (var (own, atom) in Terms(y))
                    terms[atom.Id] = (atom, (terms.TryGetValue(atom.Id, out var before) ? before.Factor : 0) + own * factor);
            }
        }
        catch (OverflowException)
        {
            throw new ModifierException("integers may overflow");
        }
        return Joined([.. terms.Values.Where(t => t.Factor != 0)]) is var (whole, rest)
            ? Sum(Linear(rest, constant), whole, 1) : Linear([.. terms.Values.Where(t => t.Factor != 0)], constant);
    }

    /// <summary>Terms of which two are the quotient and the remainder of one integer, which they make up again; null if none are.</summary>
    private (ModifierExpr Whole, (ModifierExpr Atom, long Factor)[] Others)? Joined((ModifierExpr Atom, long Factor)[] terms)
    {
        foreach (var (rest, factor) in terms)
        {
            if (rest.Op != ModifierOp.Modulo || rest.Arguments[0] is not { Range.Low: >= 0 } x
                || rest.Arguments[1] is not { IsConstant: true, Integer: > 0 } divisor)
                continue;
            foreach (var (quotient, own) in terms)
                if (quotient.Op == ModifierOp.Divide && ReferenceEquals(quotient.Arguments[0], x)
                    && ReferenceEquals(quotient.Arguments[1], divisor) && own == factor * divisor.Integer)
                    return (Sum(Integer(0), x, factor), [.. terms.Where(t => t.Atom != rest && t.Atom != quotient)]);
        }
        return null;
    }

    private ModifierExpr Linear((ModifierExpr Atom, long Factor)[] terms, long constant)
    {
        if (terms.Length == 0)
            return Integer(constant);
        if (terms.Length == 1 && terms[0].Factor == 1 && constant == 0)
            return terms[0].Atom;
        ModifierExpr[] atoms = Array.ConvertAll(terms, t => t.Atom);
        long[] factors = Array.ConvertAll(terms, t => t.Factor);
        Interval range = Interval.Of(constant);
        for (int i = 0; i < atoms.Length; i++)
            range += Interval.Of(factors[i]) * atoms[i].Range;
        return Node(new Key(ModifierOp.Linear, ElementType.Int64, atoms, constant, source: new Collections.EquatableArray<long>(factors)),
            id => new(id, ModifierOp.Linear, ElementType.Int64, atoms)
        {
            Factors = factors, Integer = constant, Range = range, Uses = UsesOf(atoms),
        });
    }

    /// <summary>The terms of an integer as a sum.</summary>
    public static IEnumerable<(long Factor, ModifierExpr Atom)> Terms(ModifierExpr x)
    {
        if (x.Op == ModifierOp.Linear)
        {
            for (int i = 0; i < x.Arguments.Count; i++)
                yield return (x.Factors[i], x.Arguments[i]);
        }
        else if (!x.IsConstant)
        {
            yield return (1, x);
        }
    }

    /// <summary>The constant of an integer as a sum.</summary>
    public static long ConstantOf(ModifierExpr x) => x.Op is ModifierOp.Linear or ModifierOp.Constant ? x.Integer : 0;

    private ModifierExpr OfIntegers(ModifierOp op, ModifierExpr x, ModifierExpr y)
    {
        switch (op)
        {
            case ModifierOp.Add: return Sum(x, y, 1);
            case ModifierOp.Subtract: return Sum(x, y, -1);
            case ModifierOp.Negate: return Sum(Integer(0), x, -1);
            case ModifierOp.Multiply when x.IsConstant: return Sum(Integer(0), y, x.Integer);
            case ModifierOp.Multiply when y.IsConstant: return Sum(Integer(0), x, y.Integer);
            case ModifierOp.Multiply when IsSignOf(y, x): return OfIntegers(ModifierOp.Absolute, x, x);
            case ModifierOp.Multiply when IsSignOf(x, y): return OfIntegers(ModifierOp.Absolute, y, y);
            case ModifierOp.Multiply:
                return x.Id <= y.Id ? Node(op, ElementType.Int64, x.Range * y.Range, x, y)
                    : Node(op, ElementType.Int64, x.Range * y.Range, y, x);
            case ModifierOp.Divide: return Quotient(x, y);
            case ModifierOp.Modulo or ModifierOp.Remainder: return Rest(op, x, y);
            case ModifierOp.Absolute when x.Range.Low >= 0: return x;
            case ModifierOp.Absolute when x.Range.High <= 0: return Sum(Integer(0), x, -1);
            case ModifierOp.Absolute: return Node(op, ElementType.Int64, Interval.Abs(x.Range), x);
            case ModifierOp.Minimum when AreOpposite(x, y): return Sum(Integer(0), OfIntegers(ModifierOp.Absolute, x, x), -1);
            case ModifierOp.Maximum when AreOpposite(x, y): return OfIntegers(ModifierOp.Absolute, x, x);
            case ModifierOp.Minimum when x.Range.High <= y.Range.Low: return x;
            case ModifierOp.Minimum when y.Range.High <= x.Range.Low: return y;
            case ModifierOp.Minimum: return Node(op, ElementType.Int64, Interval.Min(x.Range, y.Range), x, y);
            case ModifierOp.Maximum when x.Range.Low >= y.Range.High: return x;
            case ModifierOp.Maximum when y.Range.Low >= x.Range.High: return y;
            case ModifierOp.Maximum: return Node(op, ElementType.Int64, Interval.Max(x.Range, y.Range), x, y);
            case ModifierOp.Sign:
                return Sum(ToInteger(Compare(ModifierOp.Less, Integer(0), x), Interval.Either),
                    ToInteger(Compare(ModifierOp.Less, x, Integer(0)), Interval.Either), -1);
            case ModifierOp.Power when y is { IsConstant: true, Integer: >= 0 and <= 16 }:
                ModifierExpr power = Integer(1);
                for (long i = 0; i < y.Integer; i++)
                    power = OfIntegers(ModifierOp.Multiply, power, x);
                return power;
            default: throw new ModifierException($"{op} of integers");
        }
    }

    private bool IsSignOf(ModifierExpr sign, ModifierExpr x) =>
        sign.Op == ModifierOp.Linear && sign.Arguments.Count == 2 && ReferenceEquals(sign, OfIntegers(ModifierOp.Sign, x, x));

    /// <summary>x = divisor * whole + rest, both without what x is known not to need for that.</summary>
    private (ModifierExpr Whole, ModifierExpr Remaining) Split(ModifierExpr x, long divisor)
    {
        ModifierExpr whole = Integer(0);
        foreach (var (factor, atom) in Terms(x))
            whole = Sum(whole, atom, factor / divisor);
        long constant = ConstantOf(x), quotient = constant / divisor;
        if (constant % divisor < 0)
            quotient--;
        whole = Sum(whole, Integer(quotient), 1);
        return (whole, Sum(x, whole, -divisor));
    }

    private ModifierExpr Quotient(ModifierExpr x, ModifierExpr y)
    {
        if (y.Range.Low <= 0 && y.Range.High >= 0)
            throw new ModifierException("integers may be divided by 0");
        if (y.IsConstant)
        {
            if (y.Integer == 1)
                return x;
            if (x.IsConstant)
                return Integer(x.Integer / y.Integer);
            if (y.Integer > 1)
            {
                if (x.Range.Within(-(y.Integer - 1), y.Integer - 1))
                    return Integer(0);
                var (whole, rest) = Split(x, y.Integer);
                if (rest.Range.Within(0, y.Integer - 1) && (x.Range.Low >= 0 || rest.Range.High == 0))
                    return whole;
            }
        }
        return Node(ModifierOp.Divide, ElementType.Int64, Interval.Quotient(x.Range, y.Range), x, y);
    }

    private ModifierExpr Rest(ModifierOp op, ModifierExpr x, ModifierExpr y)
    {
        if (y.Range.Low <= 0 && y.Range.High >= 0)
            throw new ModifierException("integers may be divided by 0");
        if (op == ModifierOp.Remainder && x.Range.Low >= 0 && y.Range.Low > 0)
            op = ModifierOp.Modulo;
        if (y is { IsConstant: true, Integer: > 0 } && op == ModifierOp.Modulo)
        {
            x = Split(x, y.Integer).Remaining;
            if (x.Range.Within(0, y.Integer - 1))
                return x;
        }
        if (x.IsConstant && y.IsConstant)
        {
            long rest = x.Integer % y.Integer;
            return Integer(op == ModifierOp.Modulo && rest != 0 && rest < 0 != y.Integer < 0 ? rest + y.Integer : rest);
        }
        Interval range = Interval.Modulo(x.Range, y.Range, op == ModifierOp.Remainder);
        // Integers stay below the divisor.
        if (y.Range.Low > 0)
            range = new(Math.Max(range.Low, op == ModifierOp.Modulo ? 0 : 1 - y.Range.High), Math.Min(range.High, y.Range.High - 1));
        return Node(op, ElementType.Int64, range, x, y);
    }

    /// <summary>The integer that a number always is, exactly, or null.</summary>
    internal ModifierExpr? Whole(ModifierExpr x) => x.IsInteger ? x : x.IsTruth ? null : ExactInteger(x);

    private ModifierExpr? ExactInteger(ModifierExpr x)
    {
        double exact = ModifierTypes.Exact(x.Type);
        switch (x.Op)
        {
            case ModifierOp.Constant: return x.Real == Math.Floor(x.Real) && Math.Abs(x.Real) <= exact ? Integer((long)x.Real) : null;
            case ModifierOp.ToReal when x.Arguments[0].IsInteger: return x.Arguments[0].Range.Within(-exact, exact) ? x.Arguments[0] : null;
            case ModifierOp.ToReal when x.Arguments[0].IsTruth: return ToInteger(x.Arguments[0], Interval.Either);
            case ModifierOp.Add or ModifierOp.Subtract or ModifierOp.Multiply or ModifierOp.Negate or ModifierOp.Absolute
                or ModifierOp.Minimum or ModifierOp.Maximum:
                if (x.HasScore || ExactInteger(x.Arguments[0]) is not { } a)
                    return null;
                ModifierExpr? b = x.Arguments.Count > 1 ? ExactInteger(x.Arguments[1]) : a;
                if (b is null)
                    return null;
                ModifierExpr result = OfIntegers(x.Op, a, b);
                return result.Range.Within(-exact, exact) ? result : null;
            case ModifierOp.Floor or ModifierOp.Ceiling or ModifierOp.Round: return x.HasScore ? null : ExactInteger(x.Arguments[0]);
            default: return null;
        }
    }

    /// <summary>An integer or truth made real as it stands: a zero is positive.</summary>
    private ModifierExpr? PlainInteger(ModifierExpr x) =>
        x.Op == ModifierOp.ToReal && x.Arguments[0].IsInteger || x.IsConstant && !(x.Real == 0 && 1 / x.Real < 0) ? ExactInteger(x) : null;

    private ModifierExpr OfReals(ModifierOp op, ModifierExpr[] arguments)
    {
        ModifierExpr x = arguments[0], y = arguments.Length > 1 ? arguments[1] : x;
        ElementType type = x.Type;
        if (op is ModifierOp.Add or ModifierOp.Subtract or ModifierOp.Minimum or ModifierOp.Maximum or ModifierOp.Absolute
            && PlainInteger(x) is { } a && PlainInteger(y) is { } b)
        {
            double exact = ModifierTypes.Exact(type);
            ModifierExpr sum = OfIntegers(op, a, b);
            if (sum.Range.Within(-exact, exact))
                return ToReal(sum, type);
        }
        if (op is ModifierOp.Floor or ModifierOp.Ceiling or ModifierOp.Round && PlainInteger(x) is not null)
            return x;
        if (op is ModifierOp.Multiply or ModifierOp.Divide && y is { IsConstant: true, Real: 1 })
            return x;
        if (op == ModifierOp.Multiply && x is { IsConstant: true, Real: 1 })
            return y;
        if (op == ModifierOp.Multiply && y.Op == ModifierOp.Sign && ReferenceEquals(y.Arguments[0], x))
            return OfReals(ModifierOp.Absolute, [x]);
        if (op == ModifierOp.Multiply && x.Op == ModifierOp.Sign && ReferenceEquals(x.Arguments[0], y))
            return OfReals(ModifierOp.Absolute, [y]);
        if (op == ModifierOp.Sqrt && x.Op == ModifierOp.Multiply && ReferenceEquals(x.Arguments[0], x.Arguments[1])
            && ExactInteger(x) is not null)
            return OfReals(ModifierOp.Absolute, [x.Arguments[0]]);
        if (x.IsConstant && y.IsConstant && Folded(op, x.Real, y.Real) is { } folded)
            return Real(folded, type);
        bool isMagnitude = op == ModifierOp.Maximum && (y.Op == ModifierOp.Negate && ReferenceEquals(y.Arguments[0], x)
            || x.Op == ModifierOp.Negate && ReferenceEquals(x.Arguments[0], y));
        Interval range = isMagnitude ? Interval.Abs(x.Range) : Intervals.Of(op, x.Range, y.Range);
        return Node(op, type, Intervals.Rounded(range, type), arguments);
    }

    // Only what every kernel rounds correctly; in double first, which rounds narrower types twice to the same effect.
    private static double? Folded(ModifierOp op, double x, double y) => op switch
    {
        ModifierOp.Add => x + y,
        ModifierOp.Subtract => x - y,
        ModifierOp.Multiply => x * y,
        ModifierOp.Divide => x / y,
        ModifierOp.Reciprocal => 1 / x,
        ModifierOp.Negate => -x,
        ModifierOp.Absolute => Math.Abs(x),
        ModifierOp.Sqrt => Math.Sqrt(x),
        ModifierOp.Floor => Math.Floor(x),
        ModifierOp.Ceiling => Math.Ceiling(x),
        ModifierOp.Round => Math.Round(x, MidpointRounding.ToEven),
        ModifierOp.Minimum when x != y => Math.Min(x, y),
        ModifierOp.Maximum when x != y => Math.Max(x, y),
        _ => null,
    };

    /// <summary>A value as a real of a type, rounded to it.</summary>
    public ModifierExpr ToReal(ModifierExpr x, ElementType type)
    {
        if (x.Type == type)
            return x;
        if (x.IsConstant)
            return Real(x.Type.IsFloat() ? x.Real : x.Integer, type);
        if (x.Op == ModifierOp.ToReal && (x.Arguments[0].IsTruth
            || PlainInteger(x) is { } integer && integer.Range.Within(-ModifierTypes.Exact(type), ModifierTypes.Exact(type))))
            return ToReal(x.Arguments[0], type);
        if (x.Op == ModifierOp.ToInteger && x.Arguments[0].IsTruth)
            return ToReal(x.Arguments[0], type);
        if (x.Op == ModifierOp.ToInteger && x.Arguments[0] is { HasScore: true } real && real.Type == type
            && !x.Range.Within(-ModifierTypes.Exact(type), ModifierTypes.Exact(type)))
            return Whole(real, x.Bounds);
        return Node(ModifierOp.ToReal, type, Intervals.Rounded(x.Range, type), x);
    }

    /// <summary>What a real becomes by way of integers that vectors do not hold: its whole part within bounds, and 0 for NaN.</summary>
    private ModifierExpr Whole(ModifierExpr x, Interval bounds)
    {
        ModifierExpr zero = Real(0, x.Type);
        ModifierExpr whole = Where(Apply(ModifierOp.Less, x, zero), Apply(ModifierOp.Ceiling, x), Apply(ModifierOp.Floor, x));
        whole = Apply(ModifierOp.Minimum, Apply(ModifierOp.Maximum, whole, Real(bounds.Low, x.Type)), Real(bounds.High, x.Type));
        // Integers have no -0.
        return Apply(ModifierOp.Add, Where(Apply(ModifierOp.IsNaN, x), zero, whole), zero);
    }

    /// <summary>A value as an integer within bounds.</summary>
    public ModifierExpr ToInteger(ModifierExpr x, Interval bounds)
    {
        if (x.IsInteger)
            return x;
        if (x.IsConstant)
            return Integer(x.IsTruth ? x.Integer
                : double.IsNaN(x.Real) ? 0
                : (long)Math.Max(bounds.Low, Math.Min(bounds.High, Math.Truncate(x.Real))));
        if (!x.IsTruth && ExactInteger(x) is { } exact && exact.Range.Within(bounds.Low, bounds.High))
            return exact;
        Interval range = x.IsTruth ? x.Range
            : new(Math.Min(bounds.High, Math.Max(bounds.Low, Math.Truncate(x.Range.Low))),
                Math.Max(bounds.Low, Math.Min(bounds.High, Math.Truncate(x.Range.High))));
        if (!x.IsTruth && x.Range.MayBeNaN)
            range = range.Union(Interval.Of(0));
        ModifierExpr[] arguments = [x];
        return Node(new Key(ModifierOp.ToInteger, ElementType.Int64, arguments, source: bounds),
            id => new(id, ModifierOp.ToInteger, ElementType.Int64, arguments)
        {
            Bounds = bounds, Range = range, Uses = x.Uses,
        });
    }

    /// <summary>Whether a value is not 0.</summary>
    public ModifierExpr ToTruth(ModifierExpr x) =>
        x.IsTruth ? x
        : x.Op is ModifierOp.ToReal or ModifierOp.ToInteger && x.Arguments[0].IsTruth ? x.Arguments[0]
        : Not(Compare(ModifierOp.Equal, x, x.IsInteger ? Integer(0) : Real(0, x.Type)));
}
