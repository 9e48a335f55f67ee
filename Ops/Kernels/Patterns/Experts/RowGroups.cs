namespace Ops.Kernels;

/// <summary>Picks of rows by groups, sorted: those of one group stand together, in their own order.</summary>
/// <remarks>Pick number <c>p</c> is the pick <c>p % k</c> of row <c>p / k</c>. A group nobody picks takes part in nothing.</remarks>
internal readonly unsafe struct RowGroups
{
    private RowGroups(int groups, int rows, int* picks, RowBlock* blocks, int blockCount)
    {
        Groups = groups;
        Rows = rows;
        Picks = picks;
        Blocks = blocks;
        BlockCount = blockCount;
    }

    /// <summary>How many groups there are.</summary>
    public int Groups { get; }

    /// <summary>How many picks.</summary>
    public int Rows { get; }

    /// <summary>The number of the pick at each place of the sorted order.</summary>
    public int* Picks { get; }

    /// <summary>The blocks that the groups are worked on in, in ascending order of the groups.</summary>
    public RowBlock* Blocks { get; }

    /// <summary>How many blocks.</summary>
    public int BlockCount { get; }

    /// <summary>The memory that sorting needs.</summary>
    public static nint Bytes(int groups, int rows) =>
        (nint)sizeof(int) * ((nint)groups + 1 + rows) + (nint)sizeof(RowBlock) * ((nint)groups + rows) + 64;

    /// <summary>Sorts picks.</summary>
    /// <param name="groups">How many groups there are.</param>
    /// <param name="indices">The group of each pick.</param>
    /// <param name="rows">How many picks.</param>
    /// <param name="panelRows">The most rows of a panel.</param>
    /// <param name="blockRows">About how many rows a block may have.</param>
    /// <param name="memory"><see cref="Bytes"/> bytes, which the result lives in.</param>
    public static RowGroups Sort(int groups, long* indices, int rows, int panelRows, int blockRows, void* memory)
    {
        var blocks = (RowBlock*)memory;
        int* begins = (int*)(blocks + groups + rows), picks = begins + groups + 1;
        new Span<int>(begins, groups + 1).Clear();
        for (int pick = 0; pick < rows; pick++) begins[indices[pick] + 1]++;
        for (int group = 0; group < groups; group++) begins[group + 1] += begins[group];

        int count = 0, maxPanels = int.Max(1, blockRows / panelRows);
        for (int group = 0; group < groups; group++)
        {
            int begin = begins[group], size = begins[group + 1] - begin;
            int panels = (size + panelRows - 1) / panelRows, parts = (panels + maxPanels - 1) / maxPanels;
            for (int part = 0; part < parts; part++)
            {
                int first = (int)((long)size * part / parts), end = (int)((long)size * (part + 1) / parts);
                blocks[count++] = new RowBlock(group, begin + first, begin + end, (end - first + panelRows - 1) / panelRows);
            }
        }

        for (int pick = 0; pick < rows; pick++) picks[begins[indices[pick]]++] = pick;
        return new RowGroups(groups, rows, picks, blocks, count);
    }
}

/// <summary>Sorted picks of one group that share a packed part of the left factor, dealt out evenly to panels.</summary>
/// <param name="group">The group.</param>
/// <param name="begin">The first place of the sorted order.</param>
/// <param name="end">The place after the last.</param>
/// <param name="panels">How many panels.</param>
internal readonly struct RowBlock(int group, int begin, int end, int panels)
{
    public int Group { get; } = group;

    public int Begin { get; } = begin;

    public int Rows => end - Begin;

    public int Panels { get; } = panels;

    /// <summary>The first place of a panel; that of the panel after the last is the block's end.</summary>
    public int RowOf(int panel) => Begin + (int)((long)(end - Begin) * panel / Panels);
}
