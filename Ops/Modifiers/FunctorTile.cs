using Ops.Kernels;
using Ops.Specs;
using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>The positions of a tile of scores, and the extents of the call.</summary>
public readonly struct FunctorTile
{
    private readonly ModifierCall _call;

    internal FunctorTile(ModifierCall call, int batch, Interval heads, Interval queries, Interval keys)
    {
        _call = call;
        (BatchRange, HeadRange, QueryRange, KeyRange) = (new Interval(batch, batch), heads, queries, keys);
    }

    /// <summary>All scores of a call.</summary>
    internal FunctorTile(ModifierCall call)
    {
        _call = call;
        (BatchRange, HeadRange, QueryRange, KeyRange) = (Whole(call.Batches), Whole(call.Heads), Whole(call.Queries), Whole(call.Keys));

        static Interval Whole(long extent) => new(0, Math.Max(0, extent - 1));
    }

    /// <summary>The sequences.</summary>
    public Interval BatchRange { get; }

    /// <summary>The query heads.</summary>
    public Interval HeadRange { get; }

    /// <summary>The queries.</summary>
    public Interval QueryRange { get; }

    /// <summary>The keys.</summary>
    public Interval KeyRange { get; }

    /// <summary>How many sequences the call has.</summary>
    public long Batches => _call.Batches;

    /// <summary>How many query heads the call has.</summary>
    public long Heads => _call.Heads;

    /// <summary>How many queries a head has.</summary>
    public long Queries => _call.Queries;

    /// <summary>How many keys a head has.</summary>
    public long Keys => _call.Keys;

    /// <summary>Takes an extent for granted.</summary>
    /// <exception cref="OpException">The call has another.</exception>
    public void Require(long extent, long granted, string name)
    {
        if (extent != granted)
            throw new OpException("FlexAttention", "modifier", $"the modifier is made for {name} = {granted}, not {extent}");
    }

    /// <summary>Takes places in a table for granted.</summary>
    /// <exception cref="OpException">They may leave it.</exception>
    public void RequirePlace(Interval place, long extent)
    {
        if (!place.Within(0, extent - 1))
            throw new OpException("FlexAttention", "modifier", $"an index of {place} may leave a table of {extent} elements");
    }

    /// <summary>Takes it for granted that vectors of the scores' type have integers exactly.</summary>
    /// <exception cref="OpException">They may not.</exception>
    public void RequireExact(Interval integers)
    {
        double largest = _call.Operands == Ops.Specs.Types.ElementType.Double ? 1L << 53 : 1 << 24;
        if (!integers.Within(-largest, largest))
            throw new OpException("FlexAttention", "modifier",
                $"integers of {integers} are more than vectors of {_call.Operands} hold exactly");
    }
}
