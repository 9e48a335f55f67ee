namespace Ops.Specs.Symbolic;

/// <summary>
/// An exact number as inference knows it: an integer, a symbolic fraction over dims that are at least 0, unknown, or invalid (with the
/// reason). Arithmetic never throws: what has no value is invalid, and becomes an error only where a shape or a rule uses it.
/// </summary>
public readonly struct Dim : IEquatable<Dim>
{
    private sealed record Fraction(Polynomial Numerator, Polynomial Denominator)
    {
        public override string ToString()
        {
            if (Denominator.IsOne)
                return Numerator.ToString();
            string Group(Polynomial p) => p.IsMonomial || p.IsConstant ? p.ToString() : $"({p})";
            return $"{Group(Numerator)}/{Group(Denominator)}";
        }
    }

    private sealed record InvalidForm(string Reason);

    private sealed class KnownForm
    {
        public static readonly KnownForm Instance = new();
    }

    // null: unknown, so that the default value is. KnownForm: `value`. Fraction, InvalidForm: themselves.
    private readonly object? form;
    private readonly long value;

    private Dim(object? form, long value = 0)
    {
        this.form = form;
        this.value = value;
    }

    /// <summary>Not known; the default value.</summary>
    public static Dim Unknown => default;

    /// <summary>A number that is at least 0 and known by name only.</summary>
    public static Dim Symbol(string name) => new(new Fraction(Polynomial.Atom(name), Polynomial.Constant(1)));

    /// <summary>Without a value, for a stated reason.</summary>
    public static Dim Invalid(string reason) => new(new InvalidForm(reason));

    /// <summary>A known integer.</summary>
    public static implicit operator Dim(long value) => new(KnownForm.Instance, value);

    /// <summary>A known integer.</summary>
    public static implicit operator Dim(int value) => new(KnownForm.Instance, value);

    /// <summary>Whether this is a known integer.</summary>
    public bool IsKnown => ReferenceEquals(form, KnownForm.Instance);

    /// <summary>Whether nothing is known.</summary>
    public bool IsUnknown => form is null;

    /// <summary>Whether this is symbolic: neither a known integer nor unknown nor invalid.</summary>
    public bool IsSymbolic => form is Fraction;

    /// <summary>Why this is invalid, or null.</summary>
    public string? Reason => (form as InvalidForm)?.Reason;

    /// <summary>The known integer.</summary>
    /// <exception cref="InvalidOperationException">It is not known.</exception>
    public long Value => IsKnown ? value : throw new InvalidOperationException($"The value {this} is not a known integer.");

    /// <summary>The known integer, or <paramref name="otherwise"/>.</summary>
    public long ValueOr(long otherwise) => IsKnown ? value : otherwise;

    /// <summary>The known integer or fraction as an IEEE double, or null.</summary>
    public double? ToDouble() => IsKnown ? value
        : form is Fraction { Numerator.IsConstant: true, Denominator.IsConstant: true } f
        ? f.Numerator.ConstantValue / (double)f.Denominator.ConstantValue : null;

    /// <summary>This, if it can be an extent: a fraction that is known not to be whole, or a negative number, is invalid.</summary>
    public Dim AsExtent() =>
        IsKnown ? value >= 0 ? this : Invalid($"{value} is negative")
        : form is Fraction { Denominator.IsConstant: true, Numerator.IsConstant: true } ? Invalid($"{this} is not whole") : this;

    /// <summary>Sum.</summary>
    public static Dim operator +(Dim left, Dim right)
    {
        if (left.IsKnown && right.IsKnown)
        {
            long sum = unchecked(left.value + right.value);
            return ((left.value ^ sum) & (right.value ^ sum)) < 0 ? Overflow(left, "+", right) : sum;
        }
        return Combine(left, right, (a, b) => Sum(a, b, subtract: false));
    }

    /// <summary>Difference.</summary>
    public static Dim operator -(Dim left, Dim right)
    {
        if (left.IsKnown && right.IsKnown)
        {
            long difference = unchecked(left.value - right.value);
            return ((left.value ^ right.value) & (left.value ^ difference)) < 0 ? Overflow(left, "-", right) : difference;
        }
        return Combine(left, right, (a, b) => Sum(a, b, subtract: true));
    }

    /// <summary>Negation.</summary>
    public static Dim operator -(Dim operand) => (Dim)0 - operand;

    /// <summary>Product. Zero times anything is zero.</summary>
    public static Dim operator *(Dim left, Dim right)
    {
        if (left.IsKnown && right.IsKnown)
        {
            try
            {
                return checked(left.value * right.value);
            }
            catch (OverflowException)
            {
                return Overflow(left, "*", right);
            }
        }
        if (left.IsZero && right.Reason is null || right.IsZero && left.Reason is null)
            return 0;
        return Combine(left, right, Product);
    }

    /// <summary>The exact quotient: 7 / 2 is a fraction, which is invalid only where a whole number is wanted.</summary>
    public static Dim operator /(Dim left, Dim right)
    {
        if (left.Reason is not null)
            return left;
        if (right.IsZero)
            return Invalid($"{left} / 0: division by zero");
        if (left.IsKnown && right is { IsKnown: true, value: -1 })
            return -left;
        if (left.IsKnown && right.IsKnown && left.value % right.value == 0)
            return left.value / right.value;
        return Combine(left, right, (a, b) => Product(a, new Fraction(b.Denominator, b.Numerator)));
    }

    /// <summary>The remainder, with the sign of the divisor.</summary>
    public static Dim operator %(Dim left, Dim right)
    {
        if (left.Reason is not null)
            return left;
        if (right.Reason is not null)
            return right;
        if (right.IsZero)
            return Invalid($"{left} % 0: division by zero");
        if (left.IsKnown && right.IsKnown)
        {
            if (right.value == -1)
                return 0;
            long rest = left.value % right.value;
            return rest != 0 && (rest < 0) != (right.value < 0) ? rest + right.value : rest;
        }
        if (left.IsZero || right is { IsKnown: true, value: 1 } && (left / right).IsWhole)
            return 0;
        return (left / right).IsWhole ? 0 : Unknown;
    }

    /// <summary>Whether both are the same number; decided for symbols when the difference is constant or has a sign.</summary>
    public static Truth operator ==(Dim left, Dim right)
    {
        if (left.IsKnown && right.IsKnown)
            return left.value == right.value;
        if (Invalidity(left, right) is { } invalid)
            return invalid;
        return Sign(left - right) switch { 0 => Truth.True, null or 2 or -2 => Truth.Unknown, _ => Truth.False };
    }

    /// <summary>Whether they are different numbers.</summary>
    public static Truth operator !=(Dim left, Dim right) => !(left == right);

    /// <summary>Less.</summary>
    public static Truth operator <(Dim left, Dim right)
    {
        if (left.IsKnown && right.IsKnown)
            return left.value < right.value;
        if (Invalidity(left, right) is { } invalid)
            return invalid;
        return Sign(left - right) switch { -1 => Truth.True, 0 or 1 or 2 => Truth.False, _ => Truth.Unknown };
    }

    /// <summary>Greater.</summary>
    public static Truth operator >(Dim left, Dim right) => right < left;

    /// <summary>Less or equal.</summary>
    public static Truth operator <=(Dim left, Dim right) => !(right < left);

    /// <summary>Greater or equal.</summary>
    public static Truth operator >=(Dim left, Dim right) => !(left < right);

    /// <summary>The greatest integer not above <paramref name="x"/>.</summary>
    public static Dim Floor(Dim x) => Round(x, up: false);

    /// <summary>The least integer not below <paramref name="x"/>.</summary>
    public static Dim Ceil(Dim x) => Round(x, up: true);

    /// <summary>The lesser.</summary>
    public static Dim Min(Dim left, Dim right) => Extreme(left, right, "min", left <= right);

    /// <summary>The greater.</summary>
    public static Dim Max(Dim left, Dim right) => Extreme(left, right, "max", left >= right);

    /// <summary>The absolute value.</summary>
    public static Dim Abs(Dim x)
    {
        Truth negative = x < 0;
        return negative.IsFalse ? x : negative.IsTrue ? -x : x.Reason is not null ? x : Unknown;
    }

    /// <summary>The value both must have: a known one wins over a symbol, a symbol over unknown.</summary>
    public static Dim Join(Dim left, Dim right) =>
        left.IsKnown ? left : right.IsKnown ? right : left.IsUnknown ? right : left;

    /// <inheritdoc/>
    public bool Equals(Dim other) => Equals(form, other.form) && value == other.value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Dim other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((form?.GetHashCode() ?? 0) * 31 + value.GetHashCode());

    /// <summary>The number, the symbolic text, <c>?</c> when unknown, or <c>invalid (reason)</c>.</summary>
    public override string ToString() =>
        IsKnown ? value.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : form switch { null => "?", InvalidForm invalid => $"invalid ({invalid.Reason})", _ => form.ToString()! };

    private bool IsZero => IsKnown && value == 0;

    private bool IsWhole => IsKnown || form is Fraction { Denominator.IsOne: true };

    private static Dim Overflow(Dim left, string op, Dim right) => Invalid($"{left} {op} {right} does not fit 64 bits");

    private static Truth? Invalidity(Dim left, Dim right) =>
        left.Reason is { } why ? Truth.Invalid(why) : right.Reason is { } reason ? Truth.Invalid(reason) : null;

    private Fraction AsFraction() => (form as Fraction) ?? new Fraction(Polynomial.Constant(value), Polynomial.Constant(1));

    private static Dim Combine(Dim left, Dim right, Func<Fraction, Fraction, Fraction?> operation)
    {
        if (left.Reason is not null)
            return left;
        if (right.Reason is not null)
            return right;
        if (left.IsUnknown || right.IsUnknown)
            return Unknown;
        try
        {
            return operation(left.AsFraction(), right.AsFraction()) is { } result ? From(result) : Unknown;
        }
        catch (OverflowException)
        {
            // A coefficient beyond 64 bits: no shape has one, so nothing is lost by not knowing it.
            return Unknown;
        }
    }

    private static Dim From(Fraction fraction)
    {
        var (numerator, denominator) = Polynomial.Reduce(fraction.Numerator, fraction.Denominator);
        return denominator.IsOne && numerator.IsConstant ? numerator.ConstantValue : new Dim(new Fraction(numerator, denominator));
    }

    private static Fraction? Sum(Fraction a, Fraction b, bool subtract)
    {
        if (a.Denominator.Equals(b.Denominator))
            return Polynomial.Add(a.Numerator, b.Numerator, subtract) is { } same ? new Fraction(same, a.Denominator) : null;
        return Polynomial.Multiply(a.Numerator, b.Denominator) is { } left && Polynomial.Multiply(b.Numerator, a.Denominator) is { } right
            && Polynomial.Add(left, right, subtract) is { } numerator
            && Polynomial.Multiply(a.Denominator, b.Denominator) is { } denominator
            ? new Fraction(numerator, denominator) : null;
    }

    private static Fraction? Product(Fraction a, Fraction b) =>
        Polynomial.Multiply(a.Numerator, b.Numerator) is { } numerator
            && Polynomial.Multiply(a.Denominator, b.Denominator) is { } denominator
            ? new Fraction(numerator, denominator) : null;

    /// <summary>-1, 0, 1: the sign. -2: at most 0. 2: at least 0. null: not decided.</summary>
    private static int? Sign(Dim x)
    {
        if (x.IsKnown)
            return Math.Sign(x.value);
        if (x.form is not Fraction fraction)
            return null;
        // A denominator of dims that are at least 0 is positive wherever the fraction has a value.
        if (!fraction.Denominator.IsNonNegative)
            return null;
        if (fraction.Numerator.IsPositive)
            return 1;
        if (fraction.Numerator.IsNonNegative)
            return 2;
        Polynomial? negated = Polynomial.Add(Polynomial.Constant(0), fraction.Numerator, subtract: true);
        return negated is null ? null : negated.IsPositive ? -1 : negated.IsNonNegative ? -2 : null;
    }

    private static Dim Round(Dim x, bool up)
    {
        if (x.IsWhole || x.form is not Fraction fraction)
            return x;
        if (fraction.Numerator.IsConstant && fraction.Denominator.IsConstant)
        {
            long n = fraction.Numerator.ConstantValue, d = fraction.Denominator.ConstantValue;
            long floor = n / d - (n % d != 0 && (n < 0) != (d < 0) ? 1 : 0);
            return up ? floor + 1 : floor;
        }
        // Only a value that is at least 0 may become an atom.
        return Sign(x) is 1 or 2 ? Symbol($"{(up ? "ceil" : "floor")}({x})") : Unknown;
    }

    private static Dim Extreme(Dim left, Dim right, string name, Truth leftWins)
    {
        if (left.Reason is not null)
            return left;
        if (right.Reason is not null)
            return right;
        if (leftWins.IsTrue)
            return left;
        if (leftWins.IsFalse)
            return right;
        if (left.IsUnknown || right.IsUnknown || Sign(left) is not (0 or 1 or 2) || Sign(right) is not (0 or 1 or 2))
            return Unknown;
        string a = left.ToString(), b = right.ToString();
        return string.CompareOrdinal(a, b) <= 0 ? Symbol($"{name}({a}, {b})") : Symbol($"{name}({b}, {a})");
    }
}
