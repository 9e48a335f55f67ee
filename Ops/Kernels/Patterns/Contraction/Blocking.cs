namespace Ops.Kernels;

/// <summary>
/// How a product is cut: rows into the tiles' panels, those into blocks that share a packed part of A, columns into panels and blocks of
/// them.
/// </summary>
/// <remarks>Rows are dealt out evenly, so that no panel is much smaller than the others and none needs padding.</remarks>
internal readonly struct Blocking
{
    /// <summary>The most panels of rows in a block: with 1024 columns of A they fill half of a second-level cache.</summary>
    private const int MaxBlockPanels = 10;

    /// <summary>The fewest panels of rows per thread that make cutting rows worth while; of fewer, the columns are cut.</summary>
    private const int MinBlockPanels = 4;

    /// <summary>The longest part of the sums that is worked on at once.</summary>
    private const int MaxDepth = 2048;

    private readonly int _rows;

    public Blocking(int rows, int columns, int depth, int maxRows, int panelWidth, int threads)
    {
        _rows = rows;
        RowPanels = Ceiling(rows, maxRows);
        RowBlocks = Ceiling(RowPanels, MaxBlockPanels);
        if (threads > 1 && RowPanels >= MinBlockPanels * threads) RowBlocks = Ceiling(RowBlocks, threads) * threads;
        ColumnPanels = Ceiling(columns, panelWidth);
        ColumnBlocks = RowBlocks >= threads ? 1 : int.Min(ColumnPanels, Ceiling(threads, RowBlocks));
        Depth = depth <= MaxDepth ? depth : Ceiling(depth, Ceiling(depth, MaxDepth));
    }

    /// <summary>The panels of rows.</summary>
    public int RowPanels { get; }

    /// <summary>The blocks they form.</summary>
    public int RowBlocks { get; }

    /// <summary>The panels of columns.</summary>
    public int ColumnPanels { get; }

    /// <summary>The blocks they form.</summary>
    public int ColumnBlocks { get; }

    /// <summary>How much of the sums is done at once.</summary>
    public int Depth { get; }

    /// <summary>The first row of a panel.</summary>
    public int RowOf(int panel) => (int)((long)_rows * panel / RowPanels);

    /// <summary>The first panel of a block of rows.</summary>
    public int RowPanelOf(int block) => (int)((long)RowPanels * block / RowBlocks);

    /// <summary>The first panel of a block of columns.</summary>
    public int ColumnPanelOf(int block) => (int)((long)ColumnPanels * block / ColumnBlocks);

    private static int Ceiling(int value, int divisor) => (int)(((long)value + divisor - 1) / divisor);
}
