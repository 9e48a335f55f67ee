namespace Ops.Specs.Symbolic;

/// <summary>A list whose elements, or whose very length, inference may not know. The default value is the unknown list.</summary>
/// <typeparam name="T">What it lists: <see cref="Dim"/>, <see cref="Truth"/>, <see cref="Real"/>, strings, element types,
/// lists.</typeparam>
public readonly struct Seq<T>
{
    private readonly T[]? items;

    internal Seq(T[]? items, string? reason = null)
    {
        this.items = items;
        Reason = reason;
    }

    /// <summary>Nothing is known, not even the length.</summary>
    public static Seq<T> Unknown => default;

    /// <summary>Without a value, for a stated reason.</summary>
    public static Seq<T> Invalid(string reason) => new(null, reason);

    /// <summary>Whether the length is known (the elements may still be unknown one by one).</summary>
    public bool IsKnown => items is not null;

    /// <summary>Why this is invalid, or null.</summary>
    public string? Reason { get; }

    /// <summary>The elements; none when the length is not known.</summary>
    public ReadOnlySpan<T> Items => items;

    /// <summary>How many elements there are.</summary>
    public Dim Length => items is not null ? items.Length : Reason is not null ? Dim.Invalid(Reason) : Dim.Unknown;

    /// <summary>The elements as an array that nobody else holds.</summary>
    public T[] ToArray() => items is null ? [] : (T[])items.Clone();

    /// <summary>One element as a list.</summary>
    public static implicit operator Seq<T>(T item) => new([item]);

    /// <summary>A copy of an array as a list.</summary>
    public static implicit operator Seq<T>(T[] items) => new((T[])items.Clone());

    /// <summary>The elements in brackets, or <c>?</c>.</summary>
    public override string ToString() => items is null ? Reason is null ? "?" : $"invalid ({Reason})" : $"[{string.Join(", ", items)}]";
}
