using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>What the elements of a table can be, for any range of places: a summary of every few elements of a row.</summary>
internal sealed class TableBounds
{
    private const int Block = 32;

    /// <summary>The most summaries looked at for one answer.</summary>
    private const long MaxLooks = 1024;

    private readonly ModifierTensor tensor;
    private readonly long[] dims;
    private readonly int blocks;
    private readonly bool isDirect;
    private Interval[]? summaries;

    /// <param name="tensor">The table.</param>
    /// <param name="isLarge">Whether no more of it is looked at than is asked for, since it serves one call.</param>
    public TableBounds(ModifierTensor tensor, bool isLarge = false)
    {
        this.tensor = tensor;
        isDirect = isLarge;
        dims = [.. tensor.Dims.Select(d => d.Value)];
        blocks = dims.Length == 0 ? 1 : (int)((dims[^1] + Block - 1) / Block);
    }

    /// <summary>The bounds of the elements at coordinates within intervals.</summary>
    public Interval Of(ReadOnlySpan<Interval> coordinates)
    {
        if (tensor.Length == 0) return Interval.All;
        int rank = dims.Length;
        if (rank == 1)
        {
            long from = (long)Math.Clamp(coordinates[0].Low, 0, dims[0] - 1), to = (long)Math.Clamp(coordinates[0].High, 0, dims[0] - 1);
            return (to - from) / Block < MaxLooks ? OfRow(0, from, to) : tensor.Range;
        }
        Span<long> low = stackalloc long[rank], high = stackalloc long[rank];
        long looks = 1;
        for (int k = 0; k < rank; k++)
        {
            low[k] = (long)Math.Clamp(coordinates[k].Low, 0, dims[k] - 1);
            high[k] = (long)Math.Clamp(coordinates[k].High, 0, dims[k] - 1);
            looks *= k == rank - 1 ? (high[k] / Block) - (low[k] / Block) + 1 : high[k] - low[k] + 1;
            if (looks > MaxLooks) return tensor.Range;
        }
        Interval? result = null;
        Visit(0, 0, low, high, ref result);
        return result ?? tensor.Range;
    }

    private void Visit(int axis, long row, ReadOnlySpan<long> low, ReadOnlySpan<long> high, ref Interval? result)
    {
        if (axis < dims.Length - 1)
        {
            for (long i = low[axis]; i <= high[axis]; i++) Visit(axis + 1, row * dims[axis] + i, low, high, ref result);
            return;
        }
        Interval part = dims.Length == 0 ? OfRow(0, 0, 0) : OfRow(row, low[axis], high[axis]);
        result = result is { } so ? so.Union(part) : part;
    }

    /// <summary>The bounds of consecutive elements of a row, both ends included: those of whole blocks, and of what sticks out.</summary>
    private Interval OfRow(long row, long first, long last)
    {
        long width = dims.Length == 0 ? 1 : dims[^1], start = row * width, end = last + 1;
        // A row's last block may be short.
        long block = (first + Block - 1) / Block, beyond = end == width ? blocks : end / Block;
        if (block >= beyond || isDirect) return tensor.BoundsOf(start + first, start + end);
        Interval[] all = Summaries();
        Interval result = all[row * blocks + block];
        for (long n = block + 1; n < beyond; n++) result = result.Union(all[row * blocks + n]);
        if (first < block * Block) result = result.Union(tensor.BoundsOf(start + first, start + block * Block));
        if (beyond * Block < end) result = result.Union(tensor.BoundsOf(start + beyond * Block, start + end));
        return result;
    }

    private Interval[] Summaries()
    {
        if (Volatile.Read(ref summaries) is { } made) return made;
        long width = dims.Length == 0 ? 1 : dims[^1], rows = tensor.Length / width;
        var all = new Interval[rows * blocks];
        for (long row = 0; row < rows; row++)
            for (int block = 0; block < blocks; block++)
                all[row * blocks + block] = tensor.BoundsOf(row * width + block * Block,
                    row * width + long.Min(width, (block + 1L) * Block));
        Volatile.Write(ref summaries, all);
        return all;
    }
}
