using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>
/// Copies where one axis is contiguous in the source and another one in the destination: in squares, so that the lines of both sides are
/// used while they are in the cache. A part is a range of bands, each as many rows of the destination as a square has.
/// </summary>
internal unsafe struct TransposeBody<T> : IParallelBody
    where T : unmanaged
{
    /// <summary>Bytes of a side of a square.</summary>
    private const int Side = 128;

    private readonly StridedAxis* _axes;
    private readonly int _rank;
    private readonly StridedAxis _read, _written;
    private readonly byte* _source;
    private readonly byte* _destination;
    private readonly long _bands;

    internal TransposeBody(StridedAxis* axes, int rank, StridedAxis read, StridedAxis written, byte* source, byte* destination)
    {
        _axes = axes;
        _rank = rank;
        _read = read;
        _written = written;
        _source = source;
        _destination = destination;
        _bands = (read.Extent + Square - 1) / Square;
        Units = _bands;
        for (int i = 0; i < rank; i++) Units *= axes[i].Extent;
    }

    /// <summary>How many bands there are.</summary>
    internal long Units { get; }

    /// <summary>Bytes of a band.</summary>
    internal readonly long UnitBytes => Square * _written.Extent * sizeof(T);

    internal int Parts { get; set; }

    private static int Square => Math.Max(8, Side / sizeof(T));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int part)
    {
        long first = (long)((Int128)Units * part / Parts), end = (long)((Int128)Units * (part + 1) / Parts);
        for (long unit = first; unit < end; unit++)
        {
            byte* source = _source;
            byte* destination = _destination;
            long rest = unit / _bands, band = unit % _bands;
            for (int axis = _rank - 1; axis >= 0; axis--)
            {
                long place = rest % _axes[axis].Extent;
                rest /= _axes[axis].Extent;
                source += place * _axes[axis].Source;
                destination += place * _axes[axis].Destination;
            }

            long row = band * Square;
            int rows = (int)Math.Min(Square, _read.Extent - row);
            source += row * sizeof(T);
            destination += row * _read.Destination;
            for (long column = 0; column < _written.Extent; column += Square)
            {
                int columns = (int)Math.Min(Square, _written.Extent - column);
                Copy(source + (column * _written.Source), destination + (column * sizeof(T)), rows, columns);
            }
        }
    }

    /// <summary>A square of rows (contiguous in the source) by columns (contiguous in the destination).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Copy(byte* source, byte* destination, int rows, int columns)
    {
        long from = _written.Source, to = _read.Destination;
        int row = 0;
        if (sizeof(T) == 4 && Sse.IsSupported)
        {
            for (; row + 4 <= rows; row += 4)
            {
                int column = 0;
                for (; column + 4 <= columns; column += 4)
                {
                    byte* s = source + (column * from) + (row * 4);
                    byte* d = destination + (row * to) + (column * 4);
                    Vector128<float> a = Vector128.Load((float*)s), b = Vector128.Load((float*)(s + from));
                    Vector128<float> c = Vector128.Load((float*)(s + (2 * from))), e = Vector128.Load((float*)(s + (3 * from)));
                    Vector128<float> ab = Sse.UnpackLow(a, b), AB = Sse.UnpackHigh(a, b), ce = Sse.UnpackLow(c, e),
                        CE = Sse.UnpackHigh(c, e);
                    Sse.MoveLowToHigh(ab, ce).Store((float*)d);
                    Sse.MoveHighToLow(ce, ab).Store((float*)(d + to));
                    Sse.MoveLowToHigh(AB, CE).Store((float*)(d + (2 * to)));
                    Sse.MoveHighToLow(CE, AB).Store((float*)(d + (3 * to)));
                }

                Plain(source, destination, row, row + 4, column, columns);
            }
        }

        Plain(source, destination, row, rows, 0, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Plain(byte* source, byte* destination, int row, int rows, int column, int columns)
    {
        for (; row < rows; row++)
        {
            byte* s = source + (row * sizeof(T)) + (column * _written.Source);
            T* d = (T*)(destination + (row * _read.Destination));
            for (int i = column; i < columns; i++)
            {
                d[i] = *(T*)s;
                s += _written.Source;
            }
        }
    }
}
