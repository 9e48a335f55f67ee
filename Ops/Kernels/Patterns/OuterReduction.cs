using System.Runtime.CompilerServices;
using Ops.Simd;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Reduces rows onto each other: the innermost axis is kept.</summary>
/// <remarks>
/// A strip of accumulators stays in the first-level cache while rows stream past. Of narrow rows several are taken as one
/// and its parts merged at the end. Short runs whose innermost axis is reduced come here transposed, a block at a time.
/// All cuts depend on the shape alone.
/// </remarks>
internal unsafe struct OuterReduction<V, T, C, K> : IParallelBody
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where C : unmanaged
    where K : struct, IReduceKernel
{
    /// <summary>Elements of a strip; a multiple of every vector.</summary>
    private const int Strip = 1024;

    /// <summary>Narrower rows are taken several as one.</summary>
    private const int Narrow = 512;

    private const long PieceElements = 256 * 1024;
    private const long MinGrain = 32 * 1024;

    private readonly K _kernel;
    private readonly ReduceShape _shape;
    private readonly T* _x;
    private readonly T* _y;
    private readonly bool _transposed;

    /// <summary>How many rows are taken as one, and how many elements that makes.</summary>
    private readonly long _fold, _width;

    /// <summary>Rows (folded ones, a shorter last one included) along the innermost reduced axis, and strips across.</summary>
    private readonly long _rowsInner, _strips;

    /// <summary>All rows of a result; rows per piece; pieces per strip.</summary>
    private readonly long _rows, _rowsPerPiece, _piecesPerStrip;
    private readonly long _unitsPerPart;
    private C* _pieces;

    private OuterReduction(K kernel, in ReduceShape shape, T* x, T* y)
    {
        _kernel = kernel;
        _shape = shape;
        _x = x;
        _y = y;
        _transposed = shape.InnerReduced;
        long length = shape.ReducedInner;
        _fold = _transposed || shape.KeptInner >= Narrow ? 1 : Math.Max(Math.Min(length, Strip / shape.KeptInner), 1);
        _width = _fold * shape.KeptInner;
        _rowsInner = (length + _fold - 1) / _fold;
        _strips = (_width + Strip - 1) / Strip;
        _rows = shape.ReducedOuter.Count * _rowsInner;
        long stripWidth = Math.Min(_width, Strip);
        _rowsPerPiece = Math.Max(PieceElements / stripWidth, 2 * RunReduction.Chain);
        if (_rows <= 2 * _rowsPerPiece || _transposed) _rowsPerPiece = _rows;
        _piecesPerStrip = (_rows + _rowsPerPiece - 1) / _rowsPerPiece;
        long perUnit = Math.Max(_rowsPerPiece * stripWidth, 1);
        long units = Units;
        _unitsPerPart = Math.Max((MinGrain + perUnit - 1) / perUnit, (units + (8L * Workers.Count) - 1) / (8L * Workers.Count));
        _pieces = null;
    }

    private readonly long Units => _shape.KeptOuter.Count * _strips * _piecesPerStrip;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(K kernel, in ReduceShape shape, T* x, T* y)
    {
        var body = new OuterReduction<V, T, C, K>(kernel, shape, x, y);
        long units = body.Units;
        using Scratch scratch = Scratch.Rent(body._piecesPerStrip == 1 ? 0 : units * Strip * sizeof(C));
        if (body._piecesPerStrip > 1) body._pieces = (C*)scratch.Data;
        Workers.Run((int)((units + body._unitsPerPart - 1) / body._unitsPerPart), ref body);
        if (body._piecesPerStrip > 1) body.MergePieces();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int part)
    {
        long end = Math.Min((part + 1) * _unitsPerPart, Units);
        long leaves = (_rowsPerPiece + RunReduction.Chain - 1) / RunReduction.Chain;
        long levels = Cascade<V, C, K>.MemoryFor(leaves, Strip);
        using Scratch scratch = Scratch.Rent((Strip * sizeof(C)) + levels + (_transposed ? Strip * _shape.ReducedInner * sizeof(T) : 0));
        C* block = (C*)scratch.Data;
        T* turned = (T*)(scratch.Data + (Strip * sizeof(C)) + levels);
        for (long unit = part * _unitsPerPart; unit < end; unit++)
        {
            (long at, long piece) = Math.DivRem(unit, _piecesPerStrip);
            (long outer, long strip) = Math.DivRem(at, _strips);
            T* x = _x + _shape.KeptOuter.Offset(outer);
            long from = strip * Strip;
            int width = (int)Math.Min(Strip, _width - from);
            ReduceRows(x, from, width, piece, block, block + Strip, turned);
            if (_pieces == null) Write(outer, from, width, block);
            else Copy(block, _pieces + (unit * Strip), width);
        }
    }

    /// <summary>Reduces the rows of one piece of one strip into <paramref name="block"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void ReduceRows(T* x, long from, int width, long piece, C* block, C* levels, T* turned)
    {
        long row = piece * _rowsPerPiece, end = Math.Min(row + _rowsPerPiece, _rows);
        if (end - row <= RunReduction.Chain)
        {
            ReduceChain(x, from, width, row, end, block, turned);
            return;
        }

        int padded = (width + V.Count - 1) / V.Count * V.Count;
        var cascade = new Cascade<V, C, K>(levels, padded);
        for (; row < end; row += RunReduction.Chain)
        {
            ReduceChain(x, from, width, row, Math.Min(row + RunReduction.Chain, end), block, turned);
            cascade.Push(_kernel, block);
        }

        cascade.Finish(_kernel, block);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void ReduceChain(T* x, long from, int width, long row, long end, C* block, T* turned)
    {
        V start = _kernel.Start<V, C>();
        for (int i = 0; i < width; i += V.Count) V.Store(start, block + i);
        while (row < end)
        {
            // Rows one after the other along the innermost reduced axis.
            (long outer, long inner) = Math.DivRem(row, _rowsInner);
            long count = Math.Min(end - row, _rowsInner - inner);
            T* rows = x + _shape.ReducedOuter.Offset(outer);
            if (_transposed)
            {
                T* source = rows + (from * _shape.KeptStride) + inner;
                Transpose(source, (int)count, width, turned);
                Absorb(block, width, turned, width, count);
            }
            else
            {
                T* source = rows + (inner * _fold * _shape.ReducedStride) + from;
                long rest = (_shape.ReducedInner - (inner * _fold)) * _shape.KeptInner;
                long whole = _fold == 1 ? count : Math.Min(count, rest / _width);
                long stride = _fold * _shape.ReducedStride;
                Absorb(block, width, source, stride, whole);
                if (whole < count) Absorb(block, (int)(rest - (whole * _width)), source + (whole * stride), stride, 1);
            }

            row += count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Absorb(C* block, int width, T* x, long stride, long rows)
    {
        K kernel = _kernel;
        for (; rows >= 4; rows -= 4, x += 4 * stride)
        {
            T* x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
            int i = 0;
            for (; i <= width - V.Count; i += V.Count)
            {
                V sum = kernel.Absorb<V, C>(V.Load(block + i), Storage.Load<V, T, C>(x + i));
                sum = kernel.Absorb<V, C>(sum, Storage.Load<V, T, C>(x1 + i));
                sum = kernel.Absorb<V, C>(sum, Storage.Load<V, T, C>(x2 + i));
                V.Store(kernel.Absorb<V, C>(sum, Storage.Load<V, T, C>(x3 + i)), block + i);
            }

            if (i < width)
            {
                V sum = V.Load(block + i);
                for (int row = 0; row < 4; row++)
                    sum = kernel.Absorb<V, C>(sum, PartialPort.Load<V, T, C, Numbers>((byte*)(x + (row * stride) + i), 1, width - i));
                V.Store(sum, block + i);
            }
        }

        for (; rows > 0; rows--, x += stride)
        {
            int i = 0;
            for (; i <= width - V.Count; i += V.Count)
                V.Store(kernel.Absorb<V, C>(V.Load(block + i), Storage.Load<V, T, C>(x + i)), block + i);
            if (i == width) continue;

            // Only so many lanes: those beyond may belong to the other rows that are taken as one.
            V sum = kernel.Absorb<V, C>(V.Load(block + i), PartialPort.Load<V, T, C, Numbers>((byte*)(x + i), 1, width - i));
            V.StorePartial(sum, block + i, width - i);
        }
    }

    /// <summary>Merges the rows that were taken as one and writes the results of a strip.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Write(long outer, long from, int width, C* block)
    {
        K kernel = _kernel;
        int kept = (int)(width / _fold);
        for (long fold = _fold; fold > 1;)
        {
            long half = fold / 2;
            int merged = (int)(half * kept), i = 0;
            C* other = block + ((fold - half) * kept);
            for (; i <= merged - V.Count; i += V.Count) V.Store(kernel.Merge<V, C>(V.Load(block + i), V.Load(other + i)), block + i);
            if (i < merged)
            {
                V last = kernel.Merge<V, C>(V.LoadPartial(block + i, merged - i), V.LoadPartial(other + i, merged - i));
                V.StorePartial(last, block + i, merged - i);
            }

            fold -= half;
        }

        V count = V.Constant(_shape.Reduced);
        T* y = _y + (outer * _shape.KeptInner) + from;
        int done = 0;
        for (; done <= kept - V.Count; done += V.Count)
            Storage.Store<V, T, C>(kernel.Finish<V, C>(V.Load(block + done), count), y + done);
        if (done < kept)
        {
            V last = kernel.Finish<V, C>(V.LoadPartial(block + done, kept - done), count);
            PartialPort.Store<V, T, C, Numbers>(last, (byte*)(y + done), kept - done);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void MergePieces()
    {
        using Scratch scratch = Scratch.Rent(Cascade<V, C, K>.MemoryFor(_piecesPerStrip, Strip));
        long strips = _shape.KeptOuter.Count * _strips;
        for (long at = 0; at < strips; at++)
        {
            (long outer, long strip) = Math.DivRem(at, _strips);
            int width = (int)Math.Min(Strip, _width - (strip * Strip)), padded = (width + V.Count - 1) / V.Count * V.Count;
            C* pieces = _pieces + (at * _piecesPerStrip * Strip);
            var cascade = new Cascade<V, C, K>((C*)scratch.Data, padded);
            for (long piece = 0; piece < _piecesPerStrip; piece++) cascade.Push(_kernel, pieces + (piece * Strip));
            cascade.Finish(_kernel, pieces);
            Write(outer, strip * Strip, width, pieces);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(C* from, C* to, int width)
    {
        for (int i = 0; i < width; i += V.Count) V.Store(V.Load(from + i), to + i);
    }

    /// <summary>Turns <paramref name="width"/> runs into <paramref name="rows"/> rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Transpose(T* x, int rows, int width, T* turned)
    {
        long stride = _shape.KeptStride;
        for (int column = 0; column < width; column++, x += stride)
            for (int row = 0; row < rows; row++) turned[((long)row * width) + column] = x[row];
    }
}
