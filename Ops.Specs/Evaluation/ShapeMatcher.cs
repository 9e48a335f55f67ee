using System.Runtime.CompilerServices;
using Ops.Specs.Model;

namespace Ops.Specs.Evaluation;

/// <summary>
/// Gives the dims of a spec the values they have in tensors. What is not known passes and may be learned from another tensor; what
/// contradicts throws.
/// </summary>
/// <param name="choices">Where the values go.</param>
/// <param name="evaluator">Computes extents that are expressions.</param>
internal sealed class ShapeMatcher(SpecChoices choices, SpecEvaluator evaluator)
{
    private const string Extent = "extent";

    private static readonly ConditionalWeakTable<DimItem, (string Name, Expr Value)[]> Solutions = new();

    private readonly Dictionary<string, string> origins = [];

    /// <summary>Whether a name got a value since this was last set to false.</summary>
    public bool Progress { get; set; }

    /// <summary>Holds the dims of a tensor against a port's type.</summary>
    /// <param name="port">The port, for messages.</param>
    /// <param name="type">Its type.</param>
    /// <param name="dims">The dims.</param>
    /// <param name="family">The family, if the tensor is an element of one.</param>
    /// <param name="index">Which element.</param>
    /// <exception cref="CallRefusal">They do not fit.</exception>
    public void Match(string port, PortType type, object?[]? dims, Family? family = null, int index = 0)
    {
        switch (type)
        {
            case ConditionalPort conditional:
                if (evaluator.Holds(conditional.Condition) is { } holds)
                    Match(port, holds ? conditional.Then : conditional.Otherwise, dims, family, index);
                break;
            case TensorPort tensor when dims is not null:
                Match(port, tensor, dims, family, index);
                break;
        }
    }

    private void Match(string port, TensorPort tensor, object?[] dims, Family? family, int index)
    {
        // Of several lists without an end, those already known have their length; one takes the rest.
        SpliceItem[] open =
            [.. tensor.Items.OfType<SpliceItem>().Where(s => s.End is null && (s.Dims is null || VariableOf(s) is not null))];
        SpliceItem? rest = open.LastOrDefault(s => s.Dims is null || Known(s, index) is null) ?? open.LastOrDefault();
        int at = 0;
        for (int i = 0; i < tensor.Items.Count; i++)
        {
            switch (tensor.Items[i])
            {
                case DimItem item:
                    if (at >= dims.Length)
                        throw new CallRefusal($"{port}-rank", $"{port} {TensorFacts.Text(dims)} has too few axes for {tensor.Text}");
                    Axis(port, item, at, dims[at++], family, index);
                    break;
                case SpliceItem item:
                    int length;
                    if (item.End is not null)
                    {
                        if (Evaluate(item.End, family, index) is not double end)
                            return;
                        double place = end < 0 ? end + dims.Length : end;
                        if (place < at || place > dims.Length - tensor.Items.Skip(i + 1).Count(x => x is DimItem))
                            throw new CallRefusal(item.Text, $"{end} is outside of {port} {TensorFacts.Text(dims)}");
                        length = (int)place - at;
                    }
                    else if (ReferenceEquals(item, rest))
                    {
                        int behind = 0;
                        foreach (ShapeItem later in tensor.Items.Skip(i + 1))
                            if (later is not SpliceItem list)
                                behind++;
                            else if (LengthOf(list, family, index) is { } known)
                                behind += known;
                            else
                                return;
                        length = dims.Length - at - behind;
                        if (length < 0)
                            throw new CallRefusal($"{port}-rank", $"{port} {TensorFacts.Text(dims)} has too few axes for {tensor.Text}");
                    }
                    else if (LengthOf(item, family, index) is { } own)
                    {
                        length = own;
                        if (at + length > dims.Length)
                            throw new CallRefusal(item.Text, $"{port} {TensorFacts.Text(dims)} has too few axes for {tensor.Text}");
                    }
                    else
                    {
                        return;
                    }
                    Splice(port, item, [.. dims.Skip(at).Take(length)], family, index);
                    at += length;
                    break;
                default:
                    at++;
                    break;
            }
        }
        if (at != dims.Length)
            throw new CallRefusal($"{port}-rank", $"{port} {TensorFacts.Text(dims)} has other axes than {tensor.Text}");
    }

    private void Axis(string port, DimItem item, int axis, object? value, Family? family, int index)
    {
        string origin = $"axis {axis} of {port}";
        switch (item.Extent)
        {
            case NameExpr { Symbol: SymbolKind.Dim } name:
                Bind(name.Name, origin, value);
                return;
            case IndexExpr { Target: NameExpr { Symbol: SymbolKind.FamilyDim } name } when family is not null:
                BindElement(name.Name, index, family, value);
                return;
        }
        if (value is not double given)
            return;
        object? expected;
        try
        {
            expected = Evaluate(item.Extent, family, index);
        }
        catch (InvalidValueException e)
        {
            throw new CallRefusal(item.Text, $"{origin} is {given}, but {item.Text} has no value: {e.Message}");
        }
        if (expected is double wanted && wanted != given)
            throw new CallRefusal(item.Text, $"{origin} is {given}, and {item.Text} is {wanted}");
        if (expected is null)
            foreach (var (name, solution) in Solutions.GetValue(item, static i => Solve(i)))
                if (choices.Value(name) is null && evaluator.Evaluate(solution, Extent, given) is double solved)
                {
                    if (solved != Math.Floor(solved) || solved < 0)
                        throw new CallRefusal(item.Text, $"{origin} is {given}, which {item.Text} is for no {name}");
                    Bind(name, $"{origin}, which is {item.Text}", solved);
                }
    }

    private static (string, Expr)[] Solve(DimItem item)
    {
        var extent = new NameExpr(Extent, SymbolKind.Binder, new ExprType(ExprKind.Exact));
        return [.. Equations.SolvableNames(item.Extent).Select(n => (n, Equations.Inverse(item.Extent, n, extent)!))];
    }

    private void Splice(string port, SpliceItem item, object?[] taken, Family? family, int index)
    {
        if (item.Dims is null)
            return;
        if (VariableOf(item) is { } variable)
        {
            if (item.Dims is IndexExpr)
                BindElement(variable, index, family!, taken);
            else
                Bind(variable, port, taken);
            return;
        }
        object?[] expected = SpecValues.List(Evaluate(item.Dims, family, index)) ?? taken;
        for (int i = 0; i < taken.Length; i++)
            if (taken[i] is double given && expected[i] is double wanted && given != wanted)
                throw new CallRefusal(item.Text, $"{port} has {TensorFacts.Text(taken)}, and {item.Text} is {TensorFacts.Text(expected)}");
    }

    /// <summary>Gives a name a value, or checks that it has it.</summary>
    public void Bind(string name, string origin, object? value)
    {
        if (value is null)
            return;
        object? old = choices.Value(name);
        if (old is null)
        {
            choices.Values[name] = value;
            origins[name] = origin;
            Progress = true;
        }
        else if (value is object?[] list && old is object?[] known)
        {
            if (list.Length != known.Length)
                throw Contradiction(name, old, origin, value);
            for (int i = 0; i < list.Length; i++)
                if (list[i] is double one && known[i] is double other && one != other)
                    throw Contradiction(name, old, origin, value);
                else if (known[i] is null && list[i] is not null)
                    (choices.Values[name], Progress) = (known = [.. known.Select((k, at) => k ?? list[at])], true);
        }
        else if (!old.Equals(value))
        {
            throw Contradiction(name, old, origin, value);
        }
    }

    private void BindElement(string name, int index, Family family, object? value)
    {
        if (value is null)
            return;
        if (choices.Value(name) is not object?[] all)
            choices.Values[name] = all = new object?[choices.CountOf(family)];
        if (all[index] is null)
            (all[index], Progress) = (value, true);
    }

    private CallRefusal Contradiction(string name, object old, string origin, object value) =>
        new(name,
            $"{name} is {Text(old)}{(origins.TryGetValue(name, out string? first) ? $" ({first})" : "")} and {Text(value)} ({origin})");

    private static string Text(object value) =>
        value is object?[] list ? TensorFacts.Text(list) : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!;

    private static string? VariableOf(SpliceItem item) => item.Dims switch
    {
        NameExpr { Symbol: SymbolKind.RankVariable } name => name.Name,
        IndexExpr { Target: NameExpr { Symbol: SymbolKind.RankVariable or SymbolKind.FamilyDim } name } => name.Name,
        _ => null,
    };

    private object? Known(SpliceItem item, int index) => choices.Value(VariableOf(item)!) is not { } value ? null
        : item.Dims is IndexExpr ? value is object?[] all && index < all.Length ? all[index] : null : value;

    private int? LengthOf(SpliceItem item, Family? family, int index) => item.Dims is null ? null
        : SpecValues.List(VariableOf(item) is null ? Evaluate(item.Dims, family, index) : Known(item, index))?.Length;

    private object? Evaluate(Expr expr, Family? family, int index) =>
        family is null ? evaluator.Evaluate(expr) : evaluator.Evaluate(expr, family.Binder, (double)index);
}
