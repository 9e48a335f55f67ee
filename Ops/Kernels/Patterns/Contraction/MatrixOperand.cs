namespace Ops.Kernels;

/// <summary>An operand of a contraction seen as a batch of matrices, each of lanes along which the sums run.</summary>
/// <param name="Dims">The operand's extents.</param>
/// <param name="Lanes">Rows of the left operand, columns of the right one; 1 for a vector.</param>
/// <param name="Depth">The extent that is summed over.</param>
/// <param name="LaneStride">From a lane to the next.</param>
/// <param name="DepthStride">From an element of a lane to the next.</param>
internal readonly record struct MatrixOperand(long[] Dims, int Lanes, int Depth, nint LaneStride, nint DepthStride)
{
    /// <summary>From one index of each axis to the next, where the matrices do not lie one after another.</summary>
    public long[]? Strides { get; private init; }

    /// <summary>Whether the operand has a single axis, so that the result lacks that of the lanes.</summary>
    public bool IsVector => Dims.Length == 1;

    /// <summary>How many of the axes number the matrices.</summary>
    public int BatchRank => int.Max(Dims.Length - 2, 0);

    /// <summary>Whether another operand of the same extents lies in memory in the same way.</summary>
    public bool IsLike(in MatrixOperand other) =>
        Lanes == other.Lanes && Depth == other.Depth && LaneStride == other.LaneStride && DepthStride == other.DepthStride;

    /// <summary>Elements of one matrix.</summary>
    public long Size => (long)Lanes * Depth;

    /// <summary>How many matrices.</summary>
    public long Batches
    {
        get
        {
            long count = 1;
            for (int axis = 0; axis < BatchRank; axis++) count = checked(count * Dims[axis]);
            return count;
        }
    }

    /// <summary>The extent of a batch axis, numbered -1, -2, ... from the innermost; 1 for one that is not there.</summary>
    public long BatchExtent(int axis) => -axis > BatchRank ? 1 : Dims[BatchRank + axis];

    /// <summary>Reads the dims of an operand whose matrices are stored [lanes, depth] or, if <paramref name="depthFirst"/>, [depth,
    /// lanes].</summary>
    public static MatrixOperand Of(in Operand operand, bool depthFirst)
    {
        long[] dims = operand.Dims;
        if (operand.Strides is { } strides)
        {
            int lane = depthFirst ? 1 : 2, depth = 3 - lane;
            return new MatrixOperand(dims, checked((int)dims[^lane]), checked((int)dims[^depth]), (nint)strides[^lane],
                (nint)strides[^depth]) { Strides = strides };
        }
        if (dims.Length == 0) throw new ArgumentException("A contraction takes vectors and matrices, not scalars.");
        int last = checked((int)dims[^1]), secondLast = dims.Length == 1 ? 1 : checked((int)dims[^2]);
        if (dims.Length == 1 || !depthFirst) return new MatrixOperand(dims, secondLast, last, last, 1);
        // A single column is as good as a single row, which needs no packing.
        return last == 1
            ? new MatrixOperand(dims, 1, secondLast, secondLast, 1)
            : new MatrixOperand(dims, last, secondLast, 1, last);
    }
}
