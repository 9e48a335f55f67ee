using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>Rows and keys that a choice was made for.</summary>
internal readonly record struct SelectionPlace(int Batch, int FirstHead, int LastHead, int FirstQuery, int LastQuery, int Low, int High,
    int Step);

/// <summary>
/// What this thread chose of late for rows and keys: heads mostly share what is seen, and so do calls of a modifier that captures nothing.
/// A choice that was overwritten is made again.
/// </summary>
internal static class SelectionMemo
{
    private const int Slots = 1 << 12;

    /// <summary>The keys from one place of the same rows to the next.</summary>
    private const int Cell = TileMachine<Simd512<float>, float>.MaxKeys;

    [ThreadStatic]
    private static Entry[]? t_entries;

    private static long s_owners;

    /// <summary>Who chooses: one modifier, for one call where that decides.</summary>
    public static long NewOwner() => Interlocked.Increment(ref s_owners);

    /// <summary>Where the choice of a place stands, or is to be put.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref Entry Slot(in SelectionPlace place)
    {
        // Panels of a call are some queries apart and take few cells each: side by side, they do not overwrite one another as they would
        // under a hash.
        uint number = (uint)place.FirstQuery + (uint)place.Low / Cell + (uint)place.FirstHead * 0xC2B2AE35 + (uint)place.Batch * 0x27D4EB2F;
        return ref (t_entries ??= new Entry[Slots])[number % Slots];
    }

    /// <summary>A choice: whose and what for, the keys that any row may see, and the number of the program for them, negative if there are
    /// none.</summary>
    internal readonly record struct Entry(long Owner, SelectionPlace Place, int Low, int High, int Number);
}
