using Ops.Simd;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>The axes around the matrices of a contraction: broadcasting, and what runs on which thread.</summary>
internal static unsafe class ContractionBatches<T, C, V, K>
    where T : unmanaged
    where C : unmanaged
    where V : struct, ISimd<V, C>
    where K : struct, IContractionKernel
{
    /// <summary>Fewer multiplications than this are not worth waking a thread.</summary>
    private const double MinShared = 1 << 20;

    /// <summary>The parts a thread should find, so that a late one does not hold up the others.</summary>
    private const int PartsPerThread = 4;

    /// <summary>Computes all products; either <paramref name="b"/> or <paramref name="packed"/> is given.</summary>
    public static void Run(
        in K epilogue, in Operand a, in MatrixOperand left, T* b, C* packed, in MatrixOperand right, in Operand addend, in Operand y)
    {
        long[] dims = y.Dims;
        int rank = dims.Length - (left.IsVector ? 0 : 1) - (right.IsVector ? 0 : 1);
        if (left.Depth != right.Depth) throw new ArgumentException($"Sums over {left.Depth} elements of a and {right.Depth} of b.");
        if (rank != int.Max(left.BatchRank, right.BatchRank)
            || !left.IsVector && dims[rank] != left.Lanes || !right.IsVector && dims[^1] != right.Lanes)
            throw new ArgumentException("The shape of y is not that of the product.", nameof(y));

        nint* strides = stackalloc nint[3 * rank + dims.Length];
        nint* aStrides = strides, bStrides = aStrides + rank, yStrides = bStrides + rank, addendStrides = yStrides + rank;
        Broadcast(left.Dims.AsSpan(0, left.BatchRank), left.Size, dims.AsSpan(0, rank), aStrides, left.Strides);
        Broadcast(right.Dims.AsSpan(0, right.BatchRank), RightSize(right, packed), dims.AsSpan(0, rank), bStrides, right.Strides);
        for (int axis = 0; axis < rank; axis++)
            if (dims[axis] != 1 && left.BatchExtent(axis - rank) == 1 && right.BatchExtent(axis - rank) == 1)
                throw new ArgumentException("The shape of y is not that of the product.", nameof(y));
        Broadcast(dims.AsSpan(0, rank), (long)left.Lanes * right.Lanes, dims.AsSpan(0, rank), yStrides);
        if (addend.IsAbsent) new Span<nint>(addendStrides, dims.Length).Clear();
        else Broadcast(addend.Dims, 1, dims, addendStrides);
        if (y.Length == 0) return;

        var product = new MatrixProduct<T, C>
        {
            M = left.Lanes,
            N = right.Lanes,
            K = left.Depth,
            A = (T*)a.Data,
            ARow = left.LaneStride,
            ADepth = left.DepthStride,
            B = b,
            BColumn = right.LaneStride,
            BDepth = right.DepthStride,
            Packed = packed,
            Addend = addend.IsAbsent ? null : (T*)addend.Data,
            AddendRow = left.IsVector ? 0 : addendStrides[rank],
            AddendColumn = right.IsVector ? 0 : addendStrides[dims.Length - 1],
            Y = (T*)y.Data,
            YRow = right.Lanes,
        };
        rank = Collapse(ref product, dims, rank, aStrides, bStrides, addendStrides);
        if (product.N == 1 && packed == null)
        {
            Mirror(ref product);
            nint* swapped = aStrides;
            aStrides = bStrides;
            bStrides = swapped;
        }

        long batches = 1;
        for (int axis = 0; axis < rank; axis++) batches *= dims[axis];
        int threads = (double)batches * product.M * product.N * product.K < MinShared ? 1 : Workers.Count;
        fixed (long* extents = dims)
        {
            var batch = new Batch(epilogue, product, rank, extents, aStrides, bStrides, yStrides, addendStrides);
            if (threads > 1 && batches >= threads)
            {
                var body = new Batches(batch, batches, (int)long.Min(batches, PartsPerThread * threads));
                Workers.Run(body.Parts, ref body);
            }
            else
            {
                for (long index = 0; index < batches; index++) batch.Run(index, threads);
            }
        }
    }

    private static long RightSize(in MatrixOperand right, C* packed)
    {
        int width = PackedPanels<V, T, C>.Width;
        return packed == null ? right.Size : ((long)right.Lanes + width - 1) / width * width * right.Depth;
    }

    /// <summary>From one index of each target axis to the next: 0 where the extent is 1 or the axis is not there.</summary>
    private static void Broadcast(ReadOnlySpan<long> dims, long size, ReadOnlySpan<long> target, nint* strides, long[]? steps = null)
    {
        int missing = target.Length - dims.Length;
        if (missing < 0) throw new ArgumentException("An operand has more axes than y.");
        for (int axis = target.Length - 1; axis >= 0; axis--)
        {
            long extent = axis < missing ? 1 : dims[axis - missing];
            if (extent != 1 && extent != target[axis])
                throw new ArgumentException($"An extent of {extent} does not broadcast to y's {target[axis]}.");
            strides[axis] = extent == 1 ? 0 : (nint)(steps is null ? size : steps[axis - missing]);
            size *= extent;
        }
    }

    /// <summary>Turns inner batch axes that share one b into rows, for one large product instead of many small ones. Gives the rank
    /// left.</summary>
    private static int Collapse(ref MatrixProduct<T, C> product, long[] dims, int rank, nint* aStrides, nint* bStrides, nint* addendStrides)
    {
        for (; rank > 0; rank--)
        {
            int axis = rank - 1;
            if (dims[axis] == 1) continue;
            if (product.M == 1 && product.ADepth != 1 && aStrides[axis] != 1) break;
            if (product.M == 1) (product.ARow, product.AddendRow) = (aStrides[axis], addendStrides[axis]);
            if (bStrides[axis] != 0 || aStrides[axis] != product.M * product.ARow || addendStrides[axis] != product.M * product.AddendRow
                || product.M * dims[axis] > int.MaxValue)
                break;
            product.M *= (int)dims[axis];
        }
        return rank;
    }

    /// <summary>Computes a single column as a single row: the lanes of a vector are then rows of a, not a column and padding.</summary>
    private static void Mirror(ref MatrixProduct<T, C> product)
    {
        (product.M, product.N) = (product.N, product.M);
        T* b = product.B;
        product.B = product.A;
        product.A = b;
        (product.ARow, product.BColumn) = (product.BColumn, product.ARow);
        (product.ADepth, product.BDepth) = (product.BDepth, product.ADepth);
        (product.AddendRow, product.AddendColumn) = (product.AddendColumn, product.AddendRow);
        product.YRow = product.N;
    }

    /// <summary>The products, each with its place in the operands.</summary>
    private readonly struct Batch(
        K epilogue, MatrixProduct<T, C> first, int rank, long* extents, nint* aStrides, nint* bStrides, nint* yStrides, nint* addendStrides)
    {
        public void Run(long index, int threads)
        {
            MatrixProduct<T, C> product = first;
            nint b = 0;
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                (index, long position) = Math.DivRem(index, extents[axis]);
                product.A += (nint)position * aStrides[axis];
                b += (nint)position * bStrides[axis];
                product.Y += (nint)position * yStrides[axis];
                product.Addend += (nint)position * addendStrides[axis];
            }
            if (product.Packed != null) product.Packed += b;
            else product.B += b;
            ContractionLoops<T, C, V, K>.Run(epilogue, product, threads);
        }
    }

    /// <summary>Runs of products, one after the other on one thread.</summary>
    private readonly struct Batches(Batch batch, long count, int parts) : IParallelBody
    {
        public int Parts => parts;

        public void Run(int part)
        {
            for (long index = count * part / parts; index < count * (part + 1) / parts; index++) batch.Run(index, 1);
        }
    }
}
