namespace Ops.Specs.Symbolic;

/// <summary>
/// A polynomial with integer coefficients over atoms. An atom is the name of a dim, or the text of an operation that polynomials cannot
/// express (<c>floor(N / 2)</c>, <c>min(N, M)</c>); every atom is at least 0. Terms and factors are sorted, so equal polynomials are alike.
/// </summary>
internal sealed class Polynomial : IEquatable<Polynomial>
{
    /// <summary>Beyond this many terms a value counts as unknown: no shape needs it, and products would grow without bound.</summary>
    private const int MaxTerms = 64;

    private readonly (string Monomial, string[] Factors, long Coefficient)[] terms;

    private Polynomial((string, string[], long)[] terms) => this.terms = terms;

    public static Polynomial Constant(long value) => new(value == 0 ? [] : [("", [], value)]);

    public static Polynomial Atom(string name) => new([(name, [name], 1)]);

    public bool IsZero => terms.Length == 0;

    public bool IsConstant => terms.Length == 0 || terms.Length == 1 && terms[0].Factors.Length == 0;

    public long ConstantValue => terms.Length == 0 ? 0 : terms[0].Coefficient;

    public bool IsOne => IsConstant && ConstantValue == 1;

    public bool IsMonomial => terms.Length == 1;

    /// <summary>Whether every coefficient is at least 0, so that the value is too.</summary>
    public bool IsNonNegative => terms.All(t => t.Coefficient > 0);

    /// <summary>Whether every coefficient is above 0 and one term is a constant, so that the value is above 0.</summary>
    public bool IsPositive => IsNonNegative && terms.Any(t => t.Factors.Length == 0);


    /// <summary>The sum, or null when a coefficient overflows or there are too many terms.</summary>
    public static Polynomial? Add(Polynomial left, Polynomial right, bool subtract = false)
    {
        var sums = new SortedDictionary<string, (string[] Factors, long Coefficient)>(StringComparer.Ordinal);
        foreach (var (monomial, factors, coefficient) in left.terms)
            sums[monomial] = (factors, coefficient);
        try
        {
            foreach (var (monomial, factors, coefficient) in right.terms)
            {
                long old = sums.TryGetValue(monomial, out var term) ? term.Coefficient : 0;
                sums[monomial] = (factors, subtract ? checked(old - coefficient) : checked(old + coefficient));
            }
        }
        catch (OverflowException)
        {
            return null;
        }
        return From(sums);
    }

    /// <summary>The product, or null when a coefficient overflows or there are too many terms.</summary>
    public static Polynomial? Multiply(Polynomial left, Polynomial right)
    {
        if (left.terms.Length * (long)right.terms.Length > MaxTerms * 4)
            return null;
        var sums = new SortedDictionary<string, (string[] Factors, long Coefficient)>(StringComparer.Ordinal);
        try
        {
            foreach (var a in left.terms)
            {
                foreach (var b in right.terms)
                {
                    string[] factors = [.. a.Factors.Concat(b.Factors).OrderBy(f => f, StringComparer.Ordinal)];
                    if (factors.Length > MaxTerms)
                        return null;
                    string monomial = string.Join("*", factors);
                    long old = sums.TryGetValue(monomial, out var term) ? term.Coefficient : 0;
                    sums[monomial] = (factors, checked(old + a.Coefficient * b.Coefficient));
                }
            }
        }
        catch (OverflowException)
        {
            return null;
        }
        return From(sums);
    }

    /// <summary>Divides both by their common factors; the leading coefficient of the denominator becomes positive.</summary>
    public static (Polynomial Numerator, Polynomial Denominator) Reduce(Polynomial numerator, Polynomial denominator)
    {
        if (numerator.IsZero)
            return (numerator, Constant(1));
        if (numerator.Equals(denominator))
            return (Constant(1), Constant(1));
        long content = 0;
        foreach (var term in numerator.terms.Concat(denominator.terms))
            content = Gcd(content, term.Coefficient);
        if (denominator.terms[0].Coefficient < 0)
            content = -content;
        List<string> common = [.. denominator.terms[0].Factors];
        foreach (var term in numerator.terms.Concat(denominator.terms))
            common = Intersect(common, term.Factors);
        var reduced = (numerator.DividedBy(content, common), denominator.DividedBy(content, common));
        // (x*a + x*b) / (a + b): one exact division decides whether the denominator is a factor.
        if (!reduced.Item2.IsConstant && reduced.Item1.TryDivide(reduced.Item2) is { } quotient)
            return (quotient, Constant(1));
        return reduced;
    }

    public bool Equals(Polynomial? other)
    {
        if (other is null || other.terms.Length != terms.Length)
            return false;
        for (int i = 0; i < terms.Length; i++)
            if (terms[i].Coefficient != other.terms[i].Coefficient || terms[i].Monomial != other.terms[i].Monomial)
                return false;
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Polynomial);

    public override int GetHashCode()
    {
        int hash = terms.Length;
        foreach (var term in terms)
            hash = unchecked((hash * 31 + StringComparer.Ordinal.GetHashCode(term.Monomial)) * 31 + term.Coefficient.GetHashCode());
        return hash;
    }

    public override string ToString()
    {
        if (IsZero)
            return "0";
        var text = new System.Text.StringBuilder();
        // Constants read better at the end: N + 1, not 1 + N.
        foreach (var term in terms.OrderBy(t => t.Factors.Length == 0))
        {
            bool negative = term.Coefficient < 0;
            ulong magnitude = negative ? unchecked((ulong)-term.Coefficient) : (ulong)term.Coefficient;
            text.Append(text.Length == 0 ? (negative ? "-" : "") : negative ? " - " : " + ");
            if (term.Factors.Length == 0)
                text.Append(magnitude);
            else
                text.Append(magnitude == 1 ? "" : magnitude + "*").Append(term.Monomial);
        }
        return text.ToString();
    }

    private static Polynomial? From(SortedDictionary<string, (string[] Factors, long Coefficient)> sums)
    {
        var terms = sums.Where(s => s.Value.Coefficient != 0).Select(s => (s.Key, s.Value.Factors, s.Value.Coefficient)).ToArray();
        return terms.Length > MaxTerms ? null : new Polynomial(terms);
    }

    private Polynomial DividedBy(long content, List<string> factors)
    {
        if (content == 1 && factors.Count == 0)
            return this;
        return new Polynomial([.. terms.Select(t =>
        {
            List<string> rest = [.. t.Factors];
            foreach (string factor in factors)
                rest.Remove(factor);
            return (string.Join("*", rest), rest.ToArray(), t.Coefficient / content);
        }).OrderBy(t => t.Item1, StringComparer.Ordinal)]);
    }

    /// <summary>The quotient when <paramref name="divisor"/> divides this without a remainder, else null.</summary>
    private Polynomial? TryDivide(Polynomial divisor)
    {
        Polynomial rest = this, quotient = Constant(0);
        var lead = divisor.terms[divisor.terms.Length - 1];
        for (int step = 0; step < MaxTerms && !rest.IsZero; step++)
        {
            var top = rest.terms[rest.terms.Length - 1];
            List<string> factors = [.. top.Factors];
            if (!lead.Factors.All(factors.Remove) || top.Coefficient % lead.Coefficient != 0)
                return null;
            var part = new Polynomial([(string.Join("*", factors), factors.ToArray(), top.Coefficient / lead.Coefficient)]);
            if (Multiply(part, divisor) is not { } product || Add(rest, product, subtract: true) is not { } next
                || Add(quotient, part) is not { } sum)
                return null;
            (rest, quotient) = (next, sum);
        }
        return rest.IsZero ? quotient : null;
    }

    private static List<string> Intersect(List<string> left, string[] right)
    {
        List<string> rest = [.. right];
        return [.. left.Where(rest.Remove)];
    }

    private static long Gcd(long a, long b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a == long.MinValue ? 1 : Math.Abs(a);
    }
}
