namespace Ops.Kernels;

/// <summary>A few query rows that share one key/value head, and their state between cells.</summary>
/// <remarks>Per-row numbers have <see cref="Slots"/> places, so that vectors of them need no tails.</remarks>
internal unsafe struct RowPanel<C>
    where C : unmanaged
{
    /// <summary>Places for per-row numbers: the rows of the largest tile, rounded up to a vector of any width.</summary>
    public const int Slots = 16;

    /// <summary>Rows; the first one's number counts positions first, then the heads of the group.</summary>
    public int First, Rows;

    /// <summary>The keys that any of the rows sees.</summary>
    public int From, To;

    /// <summary>The keys that every row sees.</summary>
    public int AllFrom, AllTo;

    /// <summary>The keys of the cell at hand that any of the rows sees, and which program modifies their scores.</summary>
    public int Low, High, Program;

    /// <summary>The keys each row sees.</summary>
    public int* RowFrom, RowTo;

    /// <summary>The query head and the query each row is.</summary>
    public int* RowHead, RowQuery;

    /// <summary>The mask of each row.</summary>
    public void** Masks;

    /// <summary>The scaled queries, packed as a left factor.</summary>
    public C* Q;

    /// <summary>Unnormalised output: a tile of two vectors per row for each panel of columns.</summary>
    public C* Output;

    /// <summary>The maximum and the sum of the weights below it so far.</summary>
    public C* Max, Sum;

    /// <summary>Whether every row sees all keys of the tiles at hand, of so many keys each.</summary>
    public readonly bool SeesAll(int width) => AllFrom <= Low && Low + (High - Low + width - 1) / width * width <= AllTo;

    /// <summary>The bytes of everything the pointers lead to.</summary>
    public static long Size(int rows, int depth, int outputWidth) =>
        Aligned(Slots * sizeof(int)) * 4 + Aligned(Slots * sizeof(void*)) + Aligned(Slots * sizeof(C)) * 2
        + Aligned((long)rows * depth * sizeof(C)) + Aligned((long)rows * outputWidth * sizeof(C));

    /// <summary>Takes its memory from <paramref name="memory"/>, which moves on.</summary>
    public static RowPanel<C> Place(ref byte* memory, int rows, int depth, int outputWidth)
    {
        RowPanel<C> panel = default;
        panel.RowFrom = (int*)Take(ref memory, Slots * sizeof(int));
        panel.RowTo = (int*)Take(ref memory, Slots * sizeof(int));
        panel.RowHead = (int*)Take(ref memory, Slots * sizeof(int));
        panel.RowQuery = (int*)Take(ref memory, Slots * sizeof(int));
        panel.Masks = (void**)Take(ref memory, Slots * sizeof(void*));
        panel.Max = (C*)Take(ref memory, Slots * sizeof(C));
        panel.Sum = (C*)Take(ref memory, Slots * sizeof(C));
        panel.Q = (C*)Take(ref memory, (long)rows * depth * sizeof(C));
        panel.Output = (C*)Take(ref memory, (long)rows * outputWidth * sizeof(C));
        return panel;
    }

    /// <summary>The next <paramref name="bytes"/> of <paramref name="memory"/>.</summary>
    public static byte* Take(ref byte* memory, long bytes)
    {
        byte* start = memory;
        memory += Aligned(bytes);
        return start;
    }

    /// <summary>Rounded up to a cache line.</summary>
    public static long Aligned(long bytes) => (bytes + 63) & ~63L;
}
