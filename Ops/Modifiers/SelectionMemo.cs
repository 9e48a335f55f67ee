using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>What was chosen for the keys from one to another, the latter excluded.</summary>
/// <param name="From">The first key asked for.</param>
/// <param name="To">The end; 0 if nothing was asked yet.</param>
/// <param name="Low">The first key that any row may see.</param>
/// <param name="High">The end of those.</param>
/// <param name="Number">The number of the program for them, negative if there are none.</param>
/// <param name="IsFull">Whether every row sees them all.</param>
internal readonly record struct Selection(int From, int To, int Low, int High, int Number, bool IsFull)
{
    /// <summary>Whether it is the choice for a range of keys.</summary>
    public bool Answers(int from, int to) => To == to && From == from && to > 0;
}

/// <summary>Rows that choices are made for, and which part of the keys.</summary>
/// <param name="Owner">Who chooses: one modifier, for one call where that decides.</param>
/// <param name="Batch">The sequence, where it matters.</param>
/// <param name="FirstHead">The first head, where it matters.</param>
/// <param name="LastHead">The last one.</param>
/// <param name="FirstQuery">The first query.</param>
/// <param name="LastQuery">The last one.</param>
/// <param name="Step">A group of keys.</param>
/// <param name="Part">The number of the part.</param>
internal readonly record struct SelectionPanel(long Owner, int Batch, int FirstHead, int LastHead, int FirstQuery, int LastQuery, int Step,
    int Part);

/// <summary>
/// What this thread chose of late for rows and keys: heads mostly share what is seen, and so do calls of a modifier that captures nothing.
/// A choice that was overwritten is made again.
/// </summary>
internal static class SelectionMemo
{
    private const int Slots = 1 << 12, Cell = TileLayout.MaxKeys, Cells = 32;

    /// <summary>The keys of a part.</summary>
    public const int Keys = Cells * Cell;

    [ThreadStatic]
    private static Strip?[]? t_strips;

    private static long s_owners;

    /// <summary>A number that no other owner has.</summary>
    public static long NewOwner() => Interlocked.Increment(ref s_owners);

    /// <summary>Where the choice for a cell of keys stands, or is to be put.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref Selection Of(in SelectionPanel panel, int key)
    {
        // Panels of a call are some queries apart: side by side, they do not overwrite one another as they would under a hash.
        uint number = (uint)panel.FirstQuery + (uint)panel.Part * 0x9E3779B1 + (uint)panel.FirstHead * 0xC2B2AE35
            + (uint)panel.Batch * 0x27D4EB2F;
        ref Strip? strip = ref (t_strips ??= new Strip[Slots])[number % Slots];
        if (strip is null || strip.Panel != panel) (strip ??= new Strip()).Begin(in panel);
        return ref strip.Selections[key % Keys / Cell];
    }

    private sealed class Strip
    {
        public readonly Selection[] Selections = new Selection[Cells];

        public SelectionPanel Panel { get; private set; }

        public void Begin(in SelectionPanel panel)
        {
            Panel = panel;
            Array.Clear(Selections);
        }
    }
}
