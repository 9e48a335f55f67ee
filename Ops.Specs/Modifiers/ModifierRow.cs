using System.Globalization;
using Ops.Specs.Collections;
using Ops.Specs.Model;
using Ops.Specs.Symbolic;

namespace Ops.Specs.Modifiers;

/// <summary>Writes an expression as C# statements on vectors: what is the same for a row of scores once, the rest for each vector of
/// keys.</summary>
/// <param name="name">The name of the row's struct.</param>
/// <param name="dims">The extents of the scores.</param>
/// <param name="constants">The numbers of the tables that are constant; grows.</param>
/// <param name="firstConstant">The number of the first of them.</param>
/// <param name="distances">The numbers of the parts that tables of distances stand for.</param>
/// <param name="numbers">The reductions of whole rows, in the order in which the kernel makes them.</param>
internal sealed class ModifierRow(
    string name, IReadOnlyList<Dim> dims, Dictionary<ModifierTensor, int> constants, int firstConstant,
    IReadOnlyDictionary<ModifierExpr, int> distances, IReadOnlyList<ModifierExpr> numbers)
{
    private readonly Dictionary<ModifierExpr, string> names = [];
    private readonly List<(string Type, string Name, string Text)> once = [];
    private readonly HashSet<string> fields = [];
    private readonly List<string> each = [];
    private int count;

    /// <summary>The row of an expression.</summary>
    public FunctorRow Of(ModifierExpr root)
    {
        string result = Each(root);
        return new FunctorRow(
            name,
            once.Where(o => fields.Contains(o.Name)).Select(o => new FunctorField(o.Type, o.Name)).ToEquatableArray(),
            once.Select(o => fields.Contains(o.Name) ? $"{o.Name} = {o.Text};" : $"{o.Type} {o.Name} = {o.Text};").ToEquatableArray(),
            each.ToEquatableArray(),
            result);
    }

    /// <summary>An extent as C#.</summary>
    public static string Extent(Dim dim, IReadOnlyList<Dim> dims, string of)
    {
        string[] properties = ["Batches", "Heads", "Queries", "Keys"];
        for (int i = 0; i < dims.Count; i++)
            if (dims[i].Equals(dim))
                return $"{of}.{properties[i]}";
        throw new ModifierException($"the extent {dim} is known only when a graph is read at run time");
    }

    /// <summary>A real or an integer as C#.</summary>
    public static string Number(ModifierExpr e) => e.IsInteger ? e.Integer.ToString(CultureInfo.InvariantCulture) : Number(e.Real);

    /// <inheritdoc cref="Number(ModifierExpr)"/>
    public static string Number(double value) =>
        double.IsNegativeInfinity(value) ? "double.NegativeInfinity"
        : double.IsPositiveInfinity(value) ? "double.PositiveInfinity"
        : double.IsNaN(value) ? "double.NaN"
        : value.ToString("R", CultureInfo.InvariantCulture) is var text && text.IndexOfAny(['.', 'E']) < 0 ? text + ".0" : text;

    private static bool IsScore(ModifierExpr e) => e.Source?.Kind == ModifierTensorKind.Score;

    private static bool IsOnce(ModifierExpr e) => (e.Uses & (ModifierUses.Key | ModifierUses.Score)) == 0;

    /// <summary>The text of a value where vectors of keys are worked on.</summary>
    private string Each(ModifierExpr e)
    {
        if (e.IsConstant)
            return Constant(e);
        if (IsOnce(e))
        {
            string own = Once(e);
            fields.Add(own);
            return own;
        }
        if (names.TryGetValue(e, out string? known))
            return known;
        if (distances.TryGetValue(e, out int distance))
            return names[e] = $"{Field("FunctorTable<V, C>", $"place.Distance({distance})")}[firstKey]";
        string text = e.Op switch
        {
            ModifierOp.Coordinate => "keys",
            ModifierOp.Linear => Sum(e),
            ModifierOp.Read when IsScore(e) => "score",
            ModifierOp.Read => Read(e, Each),
            _ => Operation(e, Each),
        };
        if (e.Op is ModifierOp.Coordinate || IsScore(e) || text.IndexOf(' ') < 0 && e.Op == ModifierOp.ToReal)
            return names[e] = text;
        each.Add($"V v{count} = {text};");
        return names[e] = $"v{count++}";
    }

    /// <summary>The name of a value that is the same for a row.</summary>
    private string Once(ModifierExpr e)
    {
        if (e.IsConstant)
            return Constant(e);
        if (names.TryGetValue(e, out string? known))
            return known;
        string text = e.Op switch
        {
            ModifierOp.Coordinate => $"V.Constant(place.{e.Axis switch { 1 => "Query", 2 => "Head", _ => "Batch" }})",
            ModifierOp.Extent => $"V.Constant({Extent(e.Extent, dims, "place")})",
            ModifierOp.Reduce => $"place.Number({Enumerable.Range(0, numbers.Count).First(i => ReferenceEquals(numbers[i], e))})",
            ModifierOp.Read => Read(e, Once),
            _ => Operation(e, Once),
        };
        return names[e] = Local("V", text);
    }

    private string Local(string type, string text)
    {
        once.Add((type, $"v{count}", text));
        return $"v{count++}";
    }

    private string Field(string type, string text)
    {
        string own = Local(type, text);
        fields.Add(own);
        return own;
    }

    private static string Constant(ModifierExpr e) => e.IsTruth ? e.Integer != 0 ? "V.AllBitsSet" : "V.Zero" : $"V.Constant({Number(e)})";

    /// <summary>One element where the place is the same for a row, consecutive ones where it grows with the key by one; else elements at
    /// any places.</summary>
    private string Read(ModifierExpr e, Func<ModifierExpr, string> value)
    {
        ModifierTensor source = e.Source!;
        if (source.Kind != ModifierTensorKind.Constant)
            throw new ModifierException("a tensor of the caller is known only when a graph is read at run time");
        if (!constants.TryGetValue(source, out int number))
            constants[source] = number = firstConstant + constants.Count;
        long stride = 1, start = 0, ofKey = 0;
        bool isSum = true;
        string from = "";
        for (int k = source.Dims.Count - 1; k >= 0; k--)
        {
            start += ModifierExprs.ConstantOf(e.Arguments[k]) * stride;
            foreach (var (factor, atom) in ModifierExprs.Terms(e.Arguments[k]))
            {
                if (atom is { Op: ModifierOp.Coordinate, Axis: 0 })
                    ofKey += factor * stride;
                else if (atom.Op == ModifierOp.Coordinate)
                    from += $" + {(factor * stride).ToString(CultureInfo.InvariantCulture)} * place.{atom.Axis switch { 1 => "Query", 2 => "Head", _ => "Batch" }}";
                else if (atom.Op == ModifierOp.Extent)
                    from += $" + {(factor * stride).ToString(CultureInfo.InvariantCulture)} * {Extent(atom.Extent, dims, "place")}";
                else
                    isSum = false;
            }
            stride *= source.Dims[k].Value;
        }
        if (isSum && IsOnce(e))
            return $"place.Constant({number}).One({start.ToString(CultureInfo.InvariantCulture)}{from})";
        if (isSum && ofKey == 1)
            return $"{Field("FunctorTable<V, C>", $"place.Constant({number}).From({start.ToString(CultureInfo.InvariantCulture)}{from})")}[firstKey]";

        string place = "";
        stride = 1;
        for (int k = source.Dims.Count - 1; k >= 0; k--)
        {
            string own = value(e.Arguments[k]);
            place = (place.Length == 0 ? "" : place + " + ")
                + (stride == 1 ? own : $"V.Constant({stride.ToString(CultureInfo.InvariantCulture)}) * {own}");
            stride *= source.Dims[k].Value;
        }
        string table = IsOnce(e) ? $"place.Constant({number})" : Field("FunctorTable<V, C>", $"place.Constant({number})");
        return $"{table}.At({(place.Length == 0 ? "V.Zero" : place)})";
    }

    private string Operation(ModifierExpr e, Func<ModifierExpr, string> value)
    {
        switch (e.Op)
        {
            case ModifierOp.Linear: return Linear([.. e.Arguments.Select((a, i) => (e.Factors[i], value(a)))], e.Integer);
            case ModifierOp.ToReal when e.Arguments[0].IsTruth: return $"{value(e.Arguments[0])} & V.Constant(1)";
            case ModifierOp.ToReal: return value(e.Arguments[0]);
            case ModifierOp.ToInteger: return ToInteger(e, value(e.Arguments[0]));
            case ModifierOp.Where: return $"V.Select({value(e.Arguments[0])}, {value(e.Arguments[1])}, {value(e.Arguments[2])})";
            case ModifierOp.Power when e.Arguments[1] is { IsConstant: true, Real: 1 }: return value(e.Arguments[0]);
        }
        string a = value(e.Arguments[0]), b = value(e.Arguments[e.Arguments.Count - 1]);
        return e.Op switch
        {
            ModifierOp.Add => $"{a} + {b}",
            ModifierOp.Subtract => $"{a} - {b}",
            ModifierOp.Multiply => $"{a} * {b}",
            ModifierOp.Divide => e.IsInteger ? $"V.Truncate({a} / {b})" : $"{a} / {b}",
            ModifierOp.Modulo => e.IsInteger ? $"{a} - {b} * V.Floor({a} / {b})" : $"V.Modulo({a}, {b})",
            ModifierOp.Remainder => e.IsInteger ? $"{a} - {b} * V.Truncate({a} / {b})" : $"V.Remainder({a}, {b})",
            ModifierOp.Minimum => $"V.Min({a}, {b})",
            ModifierOp.Maximum => $"V.Max({a}, {b})",
            ModifierOp.Power => $"V.Pow({a}, {b})",
            ModifierOp.Negate => $"-{a}",
            ModifierOp.Absolute => $"V.Abs({a})",
            ModifierOp.Reciprocal => $"V.Constant(1) / {a}",
            ModifierOp.Tanh or ModifierOp.Sigmoid or ModifierOp.Softplus or ModifierOp.Gelu
                or ModifierOp.GeluTanh => $"FunctorMath.{e.Op}<V, C>({a})",
            ModifierOp.Less or ModifierOp.LessOrEqual or ModifierOp.Equal => $"V.{e.Op}({a}, {b})",
            ModifierOp.And => $"{a} & {b}",
            ModifierOp.Or => $"{a} | {b}",
            ModifierOp.Xor => $"{a} ^ {b}",
            ModifierOp.Not => $"~{a}",
            _ => $"V.{e.Op}({a})",
        };
    }

    private static string ToInteger(ModifierExpr e, string value)
    {
        ModifierExpr x = e.Arguments[0];
        if (x.IsTruth)
            return $"{value} & V.Constant(1)";
        string text = $"V.Truncate({value})";
        if (x.Range.MayBeNaN)
            text = $"FunctorMath.ZeroForNaN<V, C>({text})";
        if (x.Range.Low < e.Bounds.Low)
            text = $"V.Max({text}, V.Constant({Number(e.Bounds.Low)}))";
        return x.Range.High > e.Bounds.High ? $"V.Min({text}, V.Constant({Number(e.Bounds.High)}))" : text;
    }

    /// <summary>A sum of integers, exact in any order: what is the same for the row is summed once.</summary>
    private string Sum(ModifierExpr e)
    {
        var own = new List<(long Factor, string Text)>();
        var row = new List<(long Factor, string Text)>();
        for (int i = 0; i < e.Arguments.Count; i++)
            (IsOnce(e.Arguments[i]) ? row : own).Add((e.Factors[i], IsOnce(e.Arguments[i]) ? Once(e.Arguments[i]) : Each(e.Arguments[i])));
        if (row.Count == 0)
            return Linear(own, e.Integer);
        own.Add((1, Field("V", Linear(row, e.Integer))));
        return Linear(own, 0);
    }

    /// <summary>A sum as C#.</summary>
    /// <param name="terms">Its terms.</param>
    /// <param name="constant">What is added.</param>
    /// <param name="number">How a number is written.</param>
    public static string Linear(IReadOnlyList<(long Factor, string Text)> terms, long constant, string number = "V.Constant({0})")
    {
        string text = "";
        foreach (var (factor, own) in terms)
        {
            string size = Math.Abs(factor).ToString(CultureInfo.InvariantCulture);
            text += (factor < 0 ? text.Length == 0 ? "-" : " - "
                : text.Length == 0 ? ""
                : " + ") + (size == "1" ? own : $"{string.Format(CultureInfo.InvariantCulture, number, size)} * {own}");
        }
        return constant == 0
            ? text : $"{text} {(constant < 0 ? '-' : '+')} {string.Format(CultureInfo.InvariantCulture, number, Math.Abs(constant))}";
    }
}
