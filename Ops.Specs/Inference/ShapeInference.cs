using Ops.Specs.Model;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Inference;

/// <summary>
/// One inference of one op: generated code states what the spec says through it, and it keeps where each name got its value, so that a
/// contradiction can name both places. Everything unknown passes; every contradiction throws <see cref="OpException"/>.
/// </summary>
/// <param name="op">The op's name, for messages.</param>
/// <param name="outputs">How many outputs the op has, all elements of a variadic one counted.</param>
/// <param name="concrete">Whether this validates a call: every type, dim and datum is known.</param>
/// <param name="packs">Whether a kernel is to pack constants of calls of which the rest is not known yet.</param>
public sealed class ShapeInference(string op, int outputs, bool concrete = false, bool packs = false)
{
    private readonly List<(string Name, string Origin)> origins = [];
    private string? reason;

    /// <summary>Whether this validates a call.</summary>
    public bool IsConcrete { get; } = concrete;

    /// <summary>Whether a kernel wants its arguments; those that are not known are 0, false or empty.</summary>
    public bool HasArguments { get; } = concrete || packs;

    /// <summary>The outputs, in order; null for one that is absent.</summary>
    public TensorType?[] Outputs { get; } = new TensorType?[outputs];

    /// <summary>Whether the last pass learned a name that another item may need.</summary>
    public bool Progress { get; private set; }

    /// <summary>Starts a pass over the items of the inputs.</summary>
    public void BeginPass() => Progress = false;

    /// <summary>Walks the dims of an input.</summary>
    /// <param name="port">The input.</param>
    /// <param name="type">What is known of it.</param>
    /// <param name="pattern">What it is to be, as the spec says it.</param>
    /// <param name="rank">How many dims that are, -1 where the call decides it.</param>
    public ShapeCursor Shape(string port, TensorType type, string pattern, int rank = -1) => new(this, port, type.Shape, pattern, rank);

    /// <summary>Binds a type variable to an element type, or checks that both agree.</summary>
    public void Bind(ref ElementType variable, string name, string port, TensorType type)
    {
        if (type.Element == ElementType.Undefined)
            return;
        if (variable == ElementType.Undefined)
        {
            variable = type.Element;
            Remember(name, port);
        }
        else if (variable != type.Element)
        {
            throw new OpException(op, name, $"{OriginOf(name)} = {variable.Name()}, {port} = {type.Element.Name()}",
                Seen((OriginOf(name), variable.Name()), (port, type.Element.Name())));
        }
    }

    /// <summary>Checks that an input has a fixed element type.</summary>
    public void Expect(string port, TensorType type, ElementType expected)
    {
        if (expected != ElementType.Undefined && type.Element != ElementType.Undefined && type.Element != expected)
            throw new OpException(op, $"{port}-type", $"{port} is {type.Element.Name()}, wants {expected.Name()}",
                Seen((port, type.Element.Name())));
    }

    /// <summary>Checks that a type variable stands for one of the types it may.</summary>
    public void Allow(ElementType variable, string name, IReadOnlyList<ElementType> allowed)
    {
        if (variable == ElementType.Undefined)
            return;
        foreach (ElementType type in allowed)
            if (type == variable)
                return;
        throw new OpException(op, name,
            $"{variable.Name()} ({OriginOf(name)}) is not one of {string.Join(", ", allowed.Select(t => t.Name()))}",
            Seen((OriginOf(name), variable.Name())));
    }

    /// <summary>Gives a name the value it has in one place, or checks that both agree; a number wins over a symbol, a symbol over
    /// unknown.</summary>
    public void Bind(ref Dim variable, string name, string origin, Dim value)
    {
        if (value.IsUnknown)
            return;
        Dim whole = value.AsExtent();
        if (whole.Reason is { } invalid)
            throw new OpException(op, name, $"{origin}: {invalid}", Seen((origin, value.ToString())));
        if (variable.IsUnknown)
        {
            variable = value;
            Remember(name, origin);
            Progress = true;
        }
        else if ((variable == value).Fails)
        {
            throw Contradiction(name, variable.ToString(), origin, value.ToString());
        }
        else if (!variable.IsKnown && value.IsKnown)
        {
            variable = value;
            Remember(name, origin);
            Progress = true;
        }
    }

    /// <summary>Gives a name the value an equation leaves for it. What is not whole contradicts the equation.</summary>
    public void Solve(ref Dim variable, string name, string origin, string equation, Dim axis, Dim value)
    {
        if (!axis.IsKnown || !variable.IsUnknown || value.IsUnknown)
            return;
        if (value.AsExtent().Reason is { } invalid)
            throw new OpException(op, name,
                $"{origin} = {axis} = {equation}: {name} {(invalid.EndsWith("is not whole", StringComparison.Ordinal) ? "is not whole" : "has no value, " + invalid)}",
                Seen((origin, axis.ToString())));
        variable = value;
        Remember(name, $"{origin} = {equation}");
        Progress = true;
    }

    /// <summary>Gives a list of dims the value it has in one place, or checks that both agree, dim by dim.</summary>
    public void Bind(ref Seq<Dim> variable, string name, string origin, Seq<Dim> value)
    {
        if (!value.IsKnown)
            return;
        if (!variable.IsKnown)
        {
            variable = value;
            Remember(name, origin);
            Progress = true;
            return;
        }
        ReadOnlySpan<Dim> old = variable.Items, next = value.Items;
        if (old.Length != next.Length)
            throw Contradiction(name, variable.ToString(), origin, value.ToString());
        var joined = new Dim[old.Length];
        for (int i = 0; i < joined.Length; i++)
        {
            if ((old[i] == next[i]).Fails)
                throw Contradiction(name, variable.ToString(), origin, value.ToString());
            joined[i] = Dim.Join(old[i], next[i]);
            Progress |= !joined[i].Equals(old[i]);
        }
        variable = Seq.Of(joined);
    }

    /// <summary>Checks an extent against the expression that stands for it.</summary>
    public void Check(string origin, Dim actual, Dim expected, string text)
    {
        Dim whole = expected.AsExtent();
        if (whole.Reason is { } invalid)
            throw new OpException(op, text, $"{origin} = {actual} = {text}: {invalid}", Seen((origin, actual.ToString())));
        if ((actual == expected).Fails)
            throw new OpException(op, text, $"{origin} = {actual}, {text} = {expected}",
                Seen((origin, actual.ToString()), (text, expected.ToString())));
    }

    /// <summary>Checks several dims against the list that stands for them.</summary>
    public void Check(string origin, Seq<Dim> actual, Seq<Dim> expected, string text)
    {
        if (Seq.Same(actual, expected).Fails)
            throw new OpException(op, text, $"{origin} = {actual}, {text} = {expected}",
                Seen((origin, actual.ToString()), (text, expected.ToString())));
    }

    /// <summary>Gives a name the value that a rule says it has; a rule that disagrees is reported by its own check.</summary>
    public void Learn(ref Dim variable, string name, string origin, Dim value)
    {
        if (!variable.IsUnknown || value.IsUnknown || value.AsExtent().Reason is not null)
            return;
        variable = value;
        Remember(name, origin);
        Progress = true;
    }

    /// <summary>Whether a rule is broken; the reason is kept for <see cref="Broken"/>.</summary>
    public bool Fails(Truth truth)
    {
        reason = truth.Reason;
        return truth.Fails;
    }

    /// <summary>The error for the rule that last failed.</summary>
    /// <param name="rule">Its name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="values">The names it reads and their values; one whose value came from a port is shown with it.</param>
    public OpException Broken(string rule, string text, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var seen = new List<KeyValuePair<string, string>>();
        var shown = new List<string>();
        foreach (var (name, value) in values)
        {
            string printed = Print(value);
            seen.Add(new KeyValuePair<string, string>(name, printed));
            string? origin = OriginOf(name);
            shown.Add(origin is null || origin == name ? $"{name} = {printed}" : $"{name} = {printed} ({origin})");
        }
        string why = reason is not null ? $" ({reason})" : "";
        return new OpException(op, rule, shown.Count == 0 ? text + why : $"{text}{why}; {string.Join(", ", shown)}", seen);
    }

    /// <summary>Checks that every element of an input lies between two ends (null: no end).</summary>
    public void RequireRange(string port, TensorType type, Dim? from, Dim? to, bool halfOpen, string text)
    {
        if (type.Data is not { } data)
            return;
        long failure = -1;
        Truth truth = true;
        if (from is { } low)
            truth = data.All(CompareOp.GreaterOrEqual, low, out failure);
        if (!truth.Fails && to is { } high)
            truth = data.All(halfOpen ? CompareOp.Less : CompareOp.LessOrEqual, high, out failure);
        if (truth.Fails)
            throw OutOfSet(port, type, failure, truth, text);
    }

    /// <summary>The same check of an input of floats.</summary>
    public void RequireRealRange(string port, TensorType type, Real? from, Real? to, bool halfOpen, string text)
    {
        if (type.Data is not { } data)
            return;
        long failure = -1;
        Truth truth = true;
        if (from is { } low)
            truth = data.All(CompareOp.GreaterOrEqual, low, out failure);
        if (!truth.Fails && to is { } high)
            truth = data.All(halfOpen ? CompareOp.Less : CompareOp.LessOrEqual, high, out failure);
        if (truth.Fails)
            throw OutOfSet(port, type, failure, truth, text);
    }

    /// <summary>Checks that every element of an input is one of a list.</summary>
    public void RequireOneOf(string port, TensorType type, Seq<Dim> allowed, string text)
    {
        if (type.Data is not { } data)
            return;
        for (long i = 0; i < data.Count; i++)
            if (Seq.Contains(allowed, data[i]) is { Fails: true } truth)
                throw OutOfSet(port, type, i, truth, text);
    }

    /// <summary>Whether every element of an input compares to a number as asked; unknown when the elements are.</summary>
    public Truth All(TensorType? type, CompareOp op, Dim bound) => type?.Data is { } data ? data.All(op, bound, out _) : Truth.Unknown;

    /// <summary>Whether every element of an input compares to a number as asked; unknown when the elements are.</summary>
    public Truth All(TensorType? type, CompareOp op, Real bound) => type?.Data is { } data ? data.All(op, bound, out _) : Truth.Unknown;

    /// <summary>
    /// Whether the elements of an input at some indices, those of the last axis running from one position to before another, compare to a
    /// number as asked; unknown when the elements are.
    /// </summary>
    public Truth All(TensorType? type, CompareOp op, Dim bound, Dim from, Dim to, params ReadOnlySpan<Dim> indices)
    {
        if ((from.Reason ?? to.Reason) is { } reason)
            return Truth.Invalid(reason);
        if (!from.IsKnown || !to.IsKnown || type?.Data is not { } data || !type.Shape.IsKnown)
            return Truth.Unknown;
        if (from.Value >= to.Value)
            return true;
        Span<Dim> first = [.. indices, from], last = [.. indices, to - 1];
        // Both ends exist, or which does not; a negative position counts from the back.
        Dim start = PlaceOf(type, first), end = PlaceOf(type, last);
        if ((start.Reason ?? end.Reason) is { } outside)
            return Truth.Invalid(outside);
        if (!start.IsKnown || !end.IsKnown || from.Value < 0)
            return Truth.Unknown;
        return data.All(op, bound, start.Value, end.Value - start.Value + 1, out _);
    }

    /// <summary>
    /// Whether every element of an input satisfies a condition, among those at the given first and last positions; unknown when the
    /// elements are.
    /// </summary>
    public Truth All(TensorType? type, Dim[] first, Dim[] last, Func<Dim, Truth> condition)
    {
        if (type?.Data is not { } data || !type.Shape.IsKnown)
            return Truth.Unknown;
        ReadOnlySpan<Dim> shape = type.Shape.Items;
        if (first.Length + last.Length > shape.Length)
            return Truth.Invalid($"{first.Length + last.Length} indices for {shape.Length} axes");
        var extents = new long[shape.Length];
        var wanted = new long[shape.Length];
        long count = 1;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (!shape[axis].IsKnown)
                return Truth.Unknown;
            extents[axis] = shape[axis].Value;
            count *= extents[axis];
            int fromEnd = axis - (shape.Length - last.Length);
            Dim position = axis < first.Length ? first[axis] : fromEnd >= 0 ? last[fromEnd] : -1;
            if (!position.IsKnown)
                return Truth.Unknown;
            wanted[axis] = position.Value;
        }
        Truth all = true;
        for (long i = 0; i < count && !all.Fails; i++)
        {
            bool matches = true;
            long rest = i;
            for (int axis = extents.Length - 1; axis >= 0; axis--)
            {
                long at = rest % extents[axis];
                rest /= extents[axis];
                matches &= wanted[axis] < 0 || wanted[axis] == at;
            }
            if (matches)
                all &= condition(data[i]);
        }
        return all;
    }

    /// <summary>How many inputs a graph attribute takes; unknown when it is absent or does not say.</summary>
    public Dim Arity(object? graph) => graph is IGraphSignature signature ? signature.InputCount : Dim.Unknown;

    /// <summary>Sets an output's type and shape, and its elements where they are known.</summary>
    public void Output(int index, string port, ElementType element, Seq<Dim> shape, Seq<Dim> elements = default)
    {
        if (shape.Reason is { } invalid)
            throw new OpException(op, port, invalid);
        foreach (Dim dim in shape.Items)
            if (dim.AsExtent().Reason is { } why)
                throw new OpException(op, port, $"{port} would have shape {shape}: {why}", Seen((port, shape.ToString())));
        bool propagated = elements.IsKnown && shape.IsKnown && shape.Items.Length <= 1 && elements.Items.Length <= TensorData.MaxPropagated
            && element is ElementType.Int32 or ElementType.Int64;
        Outputs[index] = new TensorType(element, shape, propagated ? new KnownElements(elements) : null);
    }

    /// <summary>The elements of an input as a list; unknown when absent, not known, of more than one axis, or too many to infer
    /// with.</summary>
    public Seq<Dim> Elements(TensorType? type) =>
        type?.Data is { } data && type.Shape.Items.Length <= 1 && (IsConcrete || data.Count <= TensorData.MaxPropagated)
            ? data.Elements : default;

    /// <summary>The elements of an input of floats as a list; unknown when those of <see cref="Elements"/> are.</summary>
    public Seq<Real> Reals(TensorType? type) =>
        type?.Data is { } data && type.Shape.Items.Length <= 1 && (IsConcrete || data.Count <= TensorData.MaxPropagated)
            ? Seq.Map(Seq.Range(data.Count), i => data.RealAt(i.Value)) : default;

    /// <summary>One element of an input of floats; unknown where <see cref="At"/> is not known.</summary>
    public Real RealAt(TensorType? type, params ReadOnlySpan<Dim> indices) =>
        type?.Data is { } data && type.Shape.IsKnown && PlaceOf(type, indices) is { IsKnown: true } place
            ? data.RealAt(place.Value) : Real.Unknown;

    /// <summary>One element of an input.</summary>
    public Dim At(TensorType? type, params ReadOnlySpan<Dim> indices) =>
        type?.Data is { } data && type.Shape.IsKnown
            ? PlaceOf(type, indices) is { IsKnown: true } place ? data[place.Value] : PlaceOf(type, indices) : Dim.Unknown;

    /// <summary>The place of an element of a tensor of known rank.</summary>
    private static Dim PlaceOf(TensorType type, ReadOnlySpan<Dim> indices)
    {
        ReadOnlySpan<Dim> shape = type.Shape.Items;
        if (indices.Length != shape.Length)
            return Dim.Invalid($"{indices.Length} indices for {shape.Length} axes");
        long offset = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            if (!shape[i].IsKnown || !indices[i].IsKnown)
                return Dim.Unknown;
            long index = indices[i].Value < 0 ? indices[i].Value + shape[i].Value : indices[i].Value;
            if (index < 0 || index >= shape[i].Value)
                return Dim.Invalid($"index {indices[i]} is outside axis {i} of {type.Shape}");
            offset = offset * shape[i].Value + index;
        }
        return offset;
    }

    internal string? OriginOf(string name)
    {
        for (int i = origins.Count - 1; i >= 0; i--)
            if (origins[i].Name == name)
                return origins[i].Origin;
        return null;
    }

    internal OpException Contradiction(string name, string value, string origin, string other) =>
        new(op, name, $"{OriginOf(name) ?? name} = {value}, {origin} = {other}", Seen((OriginOf(name) ?? name, value), (origin, other)));

    internal OpException Wrong(string rule, string detail, params (string?, string)[] values) => new(op, rule, detail, Seen(values));

    private static KeyValuePair<string, string>[] Seen(params (string? Name, string Value)[] values) =>
        [.. values.Select(v => new KeyValuePair<string, string>(v.Name ?? "", v.Value))];

    private static string Print(object? value) => value switch
    {
        null => "absent",
        bool b => b ? "true" : "false",
        string s => $"'{s}'",
        ElementType e => e.Name(),
        TensorType t => t.Data is { Count: <= 16 } data && t.Element.IsInteger() ? data.Elements.ToString() : t.ToString(),
        IFormattable f => f.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        System.Collections.IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Print))}]",
        _ => value.ToString() ?? "",
    };

    private void Remember(string name, string origin) => origins.Add((name, origin));

    private OpException OutOfSet(string port, TensorType type, long failure, Truth truth, string text)
    {
        string place = Place(type, failure), value = type.Element.IsInteger() ? $"{type.Data![failure]}" : $"{type.Data!.RealAt(failure)}";
        string why = truth.Reason is { } invalid ? $" ({invalid})" : "";
        return new OpException(op, ValueRule.NameOf(port), $"{place} = {value} is not in {text}{why}", Seen(($"{port}{place}", value)));
    }

    private static string Place(TensorType type, long offset)
    {
        ReadOnlySpan<Dim> shape = type.Shape.Items;
        var indices = new long[shape.Length];
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            long extent = Math.Max(1, shape[i].ValueOr(1));
            indices[i] = offset % extent;
            offset /= extent;
        }
        return $"[{string.Join(", ", indices)}]";
    }
}
