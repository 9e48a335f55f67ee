namespace Ops.Kernels;

/// <summary>Which keys a query may see by position alone: always one interval.</summary>
/// <remarks>Padding, causality and windows are intervals of positions, so that tiles outside of one are skipped and tiles inside need no
/// test.</remarks>
internal readonly unsafe struct KeyRanges
{
    /// <summary>How many keys there are.</summary>
    public int Keys { get; init; }

    /// <summary>How many queries there are.</summary>
    public int Queries { get; init; }

    /// <summary>The position of the first query where <see cref="Valid"/> is null.</summary>
    public int Past { get; init; }

    /// <summary>How many keys of each sequence are valid, its last query sitting on the last of them; null if all are.</summary>
    public long* Valid { get; init; }

    /// <summary>Whether a query sees no later position than its own.</summary>
    public bool IsCausal { get; init; }

    /// <summary>How many positions before its own a query sees; negative for all.</summary>
    public long Left { get; init; }

    /// <summary>How many positions after its own a query sees; negative for all.</summary>
    public long Right { get; init; }

    /// <summary>What decides besides; null for nothing.</summary>
    public KeyRule? Rule { get; init; }

    /// <summary>Whether heads see different keys.</summary>
    public bool IsByHead => Rule is { IsByHead: true };

    /// <summary>The first key that a query of a head may see, and the end; an empty range is 0 to 0.</summary>
    public (int From, int To) Of(int batch, int head, int query)
    {
        long position = query + (Valid == null ? Past : Valid[batch] - Queries);
        long from = 0, to = Valid == null ? Keys : long.Min(Keys, Valid[batch]);
        if (Left >= 0 && position > Left) from = position - Left;
        if (Right >= 0 && Right < to - position) to = position + Right + 1;
        if (IsCausal) to = long.Min(to, position + 1);
        if (Rule is not null)
        {
            (long first, long end) = Rule.Of(batch, head, query);
            (from, to) = (long.Max(from, first), long.Min(to, end));
        }
        return from < to ? ((int)from, (int)to) : (0, 0);
    }
}
