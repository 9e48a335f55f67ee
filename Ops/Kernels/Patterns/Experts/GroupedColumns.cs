using System.Runtime.Intrinsics;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Which columns of a group's weights form the panels of a product.</summary>
/// <param name="Columns">Columns of the result.</param>
/// <param name="Factors">2 where each result is made of two products (gate and up), whose panels take turns; else 1.</param>
/// <param name="Interleaved">Whether the two factors' columns take turns in memory; else all of the first come first.</param>
internal readonly record struct GroupedColumns(int Columns, int Factors, bool Interleaved)
{
    /// <summary>Columns in memory.</summary>
    public int Stored => Columns * Factors;

    /// <summary>From a column of a factor to its next.</summary>
    public int Step => Interleaved ? Factors : 1;

    /// <summary>Panels of a group.</summary>
    public int Panels(int width) => (Columns + width - 1) / width * Factors;

    /// <summary>The first column of a panel, counted in the result.</summary>
    public int First(int panel, int width) => panel / Factors * width;

    /// <summary>The columns of a panel.</summary>
    public int Count(int panel, int width) => int.Min(width, Columns - First(panel, width));

    /// <summary>Where a column of a factor is in memory.</summary>
    public int Place(int factor, int column) => Interleaved ? column * Factors + factor : factor * Columns + column;
}

/// <summary>Where the products of groups find the panels of their right factors.</summary>
internal unsafe interface IColumnSource
{
    /// <summary>
    /// Whether panels come from a near cache, where sums have to wait for each other. From memory one panel after the other, as one
    /// stream, comes faster than several at once.
    /// </summary>
    static abstract bool IsNear { get; }

    /// <summary>How much of the sums is worked on at once.</summary>
    /// <param name="depth">The length of the sums.</param>
    /// <param name="few">Whether there are so few rows that several panels are worked on at once.</param>
    int Depth(int depth, bool few);

    /// <summary>Finds, or writes to <paramref name="room"/>, a part of a panel.</summary>
    /// <param name="group">The group.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="k">The first k.</param>
    /// <param name="length">How many k.</param>
    /// <param name="rowPanels">How many panels of rows will pass over it.</param>
    /// <param name="room">Room for length times the width of a panel.</param>
    /// <param name="step">From one k to the next.</param>
    float* Find(int group, int panel, int k, int length, int rowPanels, float* room, out nint step);

    /// <summary>What a pass over such a part fetches.</summary>
    /// <param name="pass">Which pass.</param>
    /// <param name="passes">How many there are.</param>
    /// <param name="length">How many k.</param>
    /// <param name="step">From one k to the next.</param>
    Lookahead Ahead(int pass, int passes, nint length, nint step);
}

/// <summary>Panels that were packed before.</summary>
internal readonly unsafe struct PackedColumns(float* data, int panels, int depth, int width) : IColumnSource
{
    /// <summary>The longest part: with what is fetched for the next, and the rows, it stays in a second-level cache.</summary>
    private const int MaxDepth = 1024;

    public static bool IsNear => false;

    public int Depth(int all, bool few)
    {
        int parts = int.Max(1, (all + MaxDepth - 1) / MaxDepth);
        return (all + parts - 1) / parts;
    }

    public float* Find(int group, int panel, int k, int length, int rowPanels, float* room, out nint step)
    {
        step = width;
        return data + (((nint)group * panels + panel) * depth + k) * width;
    }

    public Lookahead Ahead(int pass, int passes, nint length, nint step) =>
        Lookahead.Share<float>(pass, passes, length, width, length * width);
}

/// <summary>Weights as they lie in memory, [groups, depth, columns].</summary>
internal readonly unsafe struct StoredColumns<V, T>(T* data, GroupedColumns columns, int depth) : IColumnSource
    where V : struct, ISimd<V, float>
    where T : unmanaged
{
    /// <summary>Up to this many panels of rows read where the weights are: packing would cost more than the strided reads.</summary>
    private const int MaxRowPanelsInPlace = 4;

    /// <summary>How many k ahead to fetch.</summary>
    private const int RowsAhead = 8;

    private static int Width => MicroKernel.PanelVectors * V.Count;

    public static bool IsNear => true;

    public int Depth(int all, bool few) => int.Min(all, few ? 256 : 2048);

    public float* Find(int group, int panel, int k, int length, int rowPanels, float* room, out nint step)
    {
        if (typeof(T) == typeof(float) && !columns.Interleaved && rowPanels <= MaxRowPanelsInPlace && columns.Count(panel, Width) == Width)
        {
            step = columns.Stored;
            return (float*)data + ((nint)group * depth + k) * step + columns.Place(panel % columns.Factors, columns.First(panel, Width));
        }
        step = Width;
        Pack(group, panel, k, length, room);
        return room;
    }

    public Lookahead Ahead(int pass, int passes, nint length, nint step) => new(RowsAhead * step, step);

    /// <summary>Packs a part of a panel.</summary>
    public void Pack(int group, int panel, int k, int length, float* destination)
    {
        int count = columns.Count(panel, Width), first = columns.First(panel, Width), factor = panel % columns.Factors;
        T* source = data + ((nint)group * depth + k) * columns.Stored;
        if (columns.Step == 1)
            Panel.Pack<V, T, float>(source + columns.Place(factor, first), 1, columns.Stored, count, length, destination, Width);
        else
            PackAlternate(source + columns.Place(0, first), factor, count, length, destination);
    }

    /// <summary>Packs every other column: each pair of neighbours is one wider integer, of which one half is wanted.</summary>
    private void PackAlternate(T* source, int factor, int count, int length, float* destination)
    {
        T* row = stackalloc T[Panel.MaxWidth];
        new Span<T>(row, Panel.MaxWidth).Clear();
        for (int i = 0; i < length; i++, source += columns.Stored, destination += Width)
        {
            int column = 0;
            if (typeof(T) == typeof(float))
            {
                for (; column <= count - 16; column += 16)
                {
                    Vector512<ulong> low = Vector512.Load((ulong*)source + column), high = Vector512.Load((ulong*)source + column + 8);
                    if (factor == 1) (low, high) = (low >>> 32, high >>> 32);
                    Vector512.Narrow(low & Vector512.Create((ulong)uint.MaxValue), high & Vector512.Create((ulong)uint.MaxValue)).AsSingle()
                        .Store((float*)row + column);
                }
            }
            for (; column < count; column++) row[column] = source[2 * column + factor];
            V.Store(Elements<V, T, float>.Load(row), destination);
            V.Store(Elements<V, T, float>.Load(row + V.Count), destination + V.Count);
        }
    }
}
