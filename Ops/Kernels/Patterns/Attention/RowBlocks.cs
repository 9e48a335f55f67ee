namespace Ops.Kernels;

/// <summary>How the query rows of a key/value head are cut: into panels of a tile's rows, and those into blocks that share packed
/// cells.</summary>
/// <remarks>Rows are dealt out evenly. No cut changes a bit of a result.</remarks>
internal readonly struct RowBlocks
{
    /// <summary>What the queries and outputs of a block may take: much of a second-level cache, whose rest a cell of keys and values
    /// fills.</summary>
    private const int MaxBytes = 640 << 10;

    /// <summary>The fewest panels that make packing a cell of their own worth while.</summary>
    private const int MinPanels = 8;

    private readonly int _rows;
    private readonly int _panels;

    public RowBlocks(int rows, int units, int maxRows, int rowBytes, int threads)
    {
        _rows = rows;
        MaxRows = maxRows;
        _panels = (rows + maxRows - 1) / maxRows;
        int most = int.Clamp(MaxBytes / int.Max(1, maxRows * rowBytes), 1, 256);
        int count = (_panels + most - 1) / most;
        if (threads > 1 && units > 0)
        {
            // Several parts per thread even out what causal rows differ in; short of parts, blocks may be small.
            count = int.Max(count, int.Min(_panels / MinPanels, (4 * threads + units - 1) / units));
            count = int.Max(count, int.Min(_panels, (threads + units - 1) / units));
        }

        Count = count;
    }

    /// <summary>The blocks.</summary>
    public int Count { get; }

    /// <summary>Whether every block is a single panel.</summary>
    public bool AreSingle => Count == _panels;

    /// <summary>The most rows of a panel.</summary>
    public int MaxRows { get; }

    /// <summary>The first row of a panel.</summary>
    public int RowOf(int panel) => (int)((long)_rows * panel / _panels);

    /// <summary>The first panel of a block.</summary>
    public int PanelOf(int block) => (int)((long)_panels * block / Count);
}
