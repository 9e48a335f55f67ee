using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>A table of a modifier written as a struct, from some place on.</summary>
public readonly unsafe struct FunctorTable<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    private readonly C* _start;
    private readonly long _length;

    internal FunctorTable(C* start, long length)
    {
        _start = start;
        _length = length;
    }

    /// <summary>The elements of a vector of consecutive keys.</summary>
    public V this[int firstKey]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Load(_start + firstKey);
    }

    /// <summary>The table from a place on, which may lie before it where no key reads it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FunctorTable<V, C> From(long place) => new(_start + place, _length - place);

    /// <summary>One element in all lanes; the first one for a place beyond the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V One(long place) => V.Create(_start[(ulong)place < (ulong)_length ? place : 0]);

    /// <summary>The elements at any places; those beyond the table, which keys beyond the last one have, are brought within it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At(V places) => Gather(_start, _length, places);

    /// <summary>The elements of a table at any places, brought within it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Gather(C* table, long length, V places)
    {
        // Floats have no places beyond 2^24.
        V last = V.Constant(typeof(C) == typeof(float) ? long.Min(length - 1, 1 << 24) : length - 1);
        return V.Gather(table, places & V.GreaterOrEqual(places, V.Zero) & V.LessOrEqual(places, last));
    }
}
