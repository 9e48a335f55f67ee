using System.Runtime.CompilerServices;
using Ops.Simd;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Reduces runs of consecutive elements: the innermost axis is reduced.</summary>
/// <remarks>
/// A result of very many elements is cut into pieces by the shape alone; pieces are reduced in parallel and merged in order.
/// </remarks>
internal unsafe struct InnerReduction<V, T, C, K> : IParallelBody
    where V : struct, ISimd<V, C>
    where T : unmanaged
    where C : unmanaged
    where K : struct, IReduceKernel
{
    private const long PieceElements = 128 * 1024;
    private const long MaxPieces = 4096;
    private const long MinGrain = 32 * 1024;

    /// <summary>How many bytes ahead to fetch where the elements of the next result follow.</summary>
    private const int Ahead = 8192;

    private readonly K _kernel;
    private readonly ReduceShape _shape;
    private readonly T* _x;
    private readonly T* _y;
    private readonly C* _pieces;

    /// <summary>Pieces per result; runs per piece (if a piece has several), or elements per piece (if a run has several).</summary>
    private readonly long _perResult, _runsPerPiece, _elementsPerPiece;
    private readonly long _unitsPerPart;

    private InnerReduction(K kernel, in ReduceShape shape, T* x, T* y, C* pieces, long perResult, long runs, long elements,
        long unitsPerPart)
    {
        _kernel = kernel;
        _shape = shape;
        _x = x;
        _y = y;
        _pieces = pieces;
        _perResult = perResult;
        _runsPerPiece = runs;
        _elementsPerPiece = elements;
        _unitsPerPart = unitsPerPart;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(K kernel, in ReduceShape shape, T* x, T* y)
    {
        long runs = shape.ReducedOuter.Count, length = shape.ReducedInner, perResult = 1, runsPerPiece = runs, elementsPerPiece = length;
        if (shape.Reduced > 2 * PieceElements)
        {
            if (runs == 1)
            {
                long least = (length + MaxPieces - 1) / MaxPieces;
                elementsPerPiece = (Math.Max(PieceElements, least) + 4095) & ~4095L;
                perResult = (length + elementsPerPiece - 1) / elementsPerPiece;
            }
            else
            {
                runsPerPiece = Math.Max(Math.Max(PieceElements / length, 1), (runs + MaxPieces - 1) / MaxPieces);
                perResult = (runs + runsPerPiece - 1) / runsPerPiece;
            }
        }

        long units = shape.Kept * perResult, perUnit = Math.Max(shape.Reduced / perResult, 1);
        long unitsPerPart = Math.Max((MinGrain + perUnit - 1) / perUnit, (units + (8L * Workers.Count) - 1) / (8L * Workers.Count));
        int parts = (int)((units + unitsPerPart - 1) / unitsPerPart);

        using Scratch scratch = Scratch.Rent(perResult == 1 ? 0 : units * V.Count * sizeof(C));
        var body = new InnerReduction<V, T, C, K>(
            kernel, shape, x, y, perResult == 1 ? null : (C*)scratch.Data, perResult, runsPerPiece, elementsPerPiece, unitsPerPart);
        Workers.Run(parts, ref body);
        if (perResult > 1) body.MergePieces();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int part)
    {
        long end = Math.Min((part + 1) * _unitsPerPart, _shape.Kept * _perResult);
        for (long unit = part * _unitsPerPart; unit < end; unit++)
        {
            (long result, long piece) = _perResult == 1 ? (unit, 0) : Math.DivRem(unit, _perResult);
            (long outer, long inner) = Math.DivRem(result, _shape.KeptInner);
            T* x = _x + _shape.KeptOuter.Offset(outer) + (inner * _shape.KeptStride);
            V lanes = Piece(x, piece);
            if (_pieces == null) Write(result, lanes);
            else V.Store(lanes, _pieces + (unit * V.Count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly V Piece(T* x, long piece)
    {
        long runs = _shape.ReducedOuter.Count, length = _shape.ReducedInner;
        if (runs == 1)
        {
            long from = piece * _elementsPerPiece;
            return RunReduction.Lanes<V, T, C, K>(_kernel, x + from, (nint)Math.Min(_elementsPerPiece, length - from), Ahead / sizeof(T));
        }

        long first = piece * _runsPerPiece, count = Math.Min(_runsPerPiece, runs - first);
        using Scratch scratch = Scratch.Rent(Cascade<V, C, K>.MemoryFor(count, V.Count) + (V.Count * sizeof(C)));
        C* place = (C*)scratch.Data;
        var cascade = new Cascade<V, C, K>(place + V.Count, V.Count);
        for (long run = first; run < first + count; run++)
        {
            V.Store(RunReduction.Lanes<V, T, C, K>(_kernel, x + _shape.ReducedOuter.Offset(run), (nint)length), place);
            cascade.Push(_kernel, place);
        }

        cascade.Finish(_kernel, place);
        return V.Load(place);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void MergePieces()
    {
        using Scratch scratch = Scratch.Rent(Cascade<V, C, K>.MemoryFor(_perResult, V.Count));
        for (long result = 0; result < _shape.Kept; result++)
        {
            C* pieces = _pieces + (result * _perResult * V.Count);
            var cascade = new Cascade<V, C, K>((C*)scratch.Data, V.Count);
            for (long piece = 0; piece < _perResult; piece++) cascade.Push(_kernel, pieces + (piece * V.Count));
            cascade.Finish(_kernel, pieces);
            Write(result, V.Load(pieces));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Write(long result, V lanes)
    {
        V value = _kernel.Finish<V, C>(RunReduction.MergeLanes<V, C, K>(_kernel, lanes), V.Constant(_shape.Reduced));
        if (typeof(T) == typeof(C)) ((C*)_y)[result] = V.First(value);
        else PartialPort.Store<V, T, C, Numbers>(value, (byte*)(_y + result), 1);
    }
}
