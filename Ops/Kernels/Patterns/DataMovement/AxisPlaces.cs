namespace Ops.Kernels;

/// <summary>The columns along one axis of a dense tensor, in blocks of neighbours, so that what is walked through together lies
/// together.</summary>
internal readonly struct AxisPlaces
{
    /// <summary>How many columns a block has at most.</summary>
    public const int Width = 128;

    private readonly long _blocksPerRow, _blocks;

    /// <summary>The columns along axis <paramref name="axis"/>.</summary>
    public AxisPlaces(ReadOnlySpan<long> dims, int axis)
    {
        // A scalar is one column of one element.
        bool scalar = dims.Length == 0;
        Length = scalar ? 1 : dims[axis];
        Inner = scalar ? 1 : Layout.Product(dims[(axis + 1)..]);
        long outer = scalar ? 1 : Layout.Product(dims[..axis]);
        _blocksPerRow = (Inner + Width - 1) / Width;
        _blocks = outer * _blocksPerRow;
        Parts = StridedCopy.Parts(_blocks, _blocks * Math.Min(Inner, Width) * Length * 8);
    }

    /// <summary>How long a column is.</summary>
    public long Length { get; }

    /// <summary>How far apart the elements of a column are.</summary>
    public long Inner { get; }

    /// <summary>Into how many parts the blocks are cut.</summary>
    public int Parts { get; }

    /// <summary>The first block of a part.</summary>
    public long First(int part) => (long)((Int128)_blocks * part / Parts);

    /// <summary>The block after the last one of a part.</summary>
    public long End(int part) => (long)((Int128)_blocks * (part + 1) / Parts);

    /// <summary>The first element of a block, and how many columns it has.</summary>
    public long Begin(long block, out int width)
    {
        long column = block % _blocksPerRow * Width;
        width = (int)Math.Min(Width, Inner - column);
        return (block / _blocksPerRow * Length * Inner) + column;
    }

    /// <summary>The number of a block's first column, counted over all columns.</summary>
    public long Column(long block) => (block / _blocksPerRow * Inner) + (block % _blocksPerRow * Width);
}
