using Ops.Specs.Symbolic;

namespace Ops.Specs.Inference;

/// <summary>
/// Walks the dims of one input from front to back, as its spec lists them. When the rank is not known, every step passes and learns
/// nothing; when an item's end is not known, the rest of the walk does.
/// </summary>
public ref struct ShapeCursor
{
    private readonly ShapeInference inference;
    private readonly string port, pattern;
    private readonly ReadOnlySpan<Dim> dims;
    private readonly bool known;
    private bool lost;
    private int at;

    internal ShapeCursor(ShapeInference inference, string port, Seq<Dim> shape, string pattern, int rank)
    {
        this.inference = inference;
        this.port = port;
        this.pattern = pattern;
        dims = shape.Items;
        known = shape.IsKnown;
        lost = !known;
        if (known && rank >= 0 && dims.Length != rank)
            throw WrongRank();
    }

    /// <summary>The dim at the cursor, which moves behind it; <paramref name="origin"/> says where it was.</summary>
    public Dim Next(out string origin)
    {
        if (lost)
        {
            origin = port;
            return Dim.Unknown;
        }
        if (at >= dims.Length)
            throw WrongRank();
        origin = $"{port} axis {at}";
        return dims[at++];
    }

    /// <summary>A dim that stands alone: binds the name, or checks it.</summary>
    public void Axis(ref Dim variable, string name)
    {
        Dim dim = Next(out string origin);
        inference.Bind(ref variable, name, origin, dim);
    }

    /// <summary>A dim that is an expression: checks it.</summary>
    public void Equal(Dim expected, string text)
    {
        Dim dim = Next(out string origin);
        inference.Check(origin, dim, expected, text);
    }

    /// <summary>A rank variable that leaves <paramref name="after"/> dims for the items behind it.</summary>
    public void Rest(ref Seq<Dim> variable, string name, Dim after)
    {
        if (Take(after) is { } taken)
            inference.Bind(ref variable, name, port, taken);
    }

    /// <summary>
    /// A rank variable that ends at position <paramref name="end"/>, counted from the back when negative, with at least
    /// <paramref name="after"/> dims behind it.
    /// </summary>
    public void Until(ref Seq<Dim> variable, string name, Dim end, string text, int after)
    {
        if (TakeUntil(end, text, after) is { } taken)
            inference.Bind(ref variable, name, port, taken);
    }

    /// <summary>Any dims, leaving <paramref name="after"/> for the items behind them.</summary>
    public void Skip(Dim after) => Take(after);

    /// <summary>Any dims up to position <paramref name="end"/>, counted from the back when negative.</summary>
    public void SkipUntil(Dim end, string text, int after) => TakeUntil(end, text, after);

    /// <summary>A list of dims that is already known by its name or an expression: checks it.</summary>
    public void Equal(Seq<Dim> expected, string text)
    {
        if (lost)
            return;
        if (!expected.IsKnown)
        {
            if (expected.Reason is { } reason)
                throw inference.Wrong(text, $"{port}: {reason}", (port, Printed));
            lost = true;
            return;
        }
        int count = expected.Items.Length;
        if (at + count > dims.Length)
            throw inference.Wrong(text, $"{port} = {Printed} is too short for {text} = {expected}", (port, Printed),
                (text, expected.ToString()));
        inference.Check(port, Seq.Of(dims.Slice(at, count).ToArray()), expected, text);
        at += count;
    }

    /// <summary>Ends the walk: no dim may be left.</summary>
    public readonly void End()
    {
        if (!lost && at != dims.Length)
            throw WrongRank();
    }

    private readonly OpException WrongRank() =>
        inference.Wrong($"{port}-rank", $"{port} has {Axes(dims.Length)} {Printed}, wants {pattern}", (port, Printed));

    private readonly string Printed => Seq.Of(dims.ToArray()).ToString();

    private static string Axes(int rank) => rank == 1 ? "1 axis" : $"{rank} axes";

    private Seq<Dim>? Take(Dim after)
    {
        if (lost)
            return null;
        if (!after.IsKnown)
        {
            lost = true;
            return null;
        }
        long count = dims.Length - at - after.Value;
        if (count < 0)
            throw inference.Wrong($"{port}-rank", $"{port} has {Axes(dims.Length)} {Printed}, wants at least {at + after.Value}",
                (port, Printed));
        var taken = Seq.Of(dims.Slice(at, (int)count).ToArray());
        at += (int)count;
        return taken;
    }

    private Seq<Dim>? TakeUntil(Dim end, string text, int after)
    {
        if (lost)
            return null;
        if (end.Reason is { } reason)
            throw inference.Wrong(text, reason, (port, Printed));
        if (!end.IsKnown)
        {
            lost = true;
            return null;
        }
        long place = end.Value < 0 ? end.Value + dims.Length : end.Value;
        if (place < at || place > dims.Length - after)
            throw inference.Wrong(text, $"{end} is outside {at - dims.Length}..<{dims.Length - after + 1} ({port} has {Axes(dims.Length)})",
                (text, end.ToString()), (port, Printed));
        var taken = Seq.Of(dims.Slice(at, (int)place - at).ToArray());
        at = (int)place;
        return taken;
    }
}
