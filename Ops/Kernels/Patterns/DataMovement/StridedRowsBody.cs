using System.Runtime.CompilerServices;
using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Copies rows along the innermost axis. A part is a range of elements and may begin and end inside a row.</summary>
internal unsafe struct StridedRowsBody<T> : IParallelBody
    where T : unmanaged
{
    private readonly StridedAxis* _axes;
    private readonly int _rank;
    private readonly StridedAxis _inner;
    private readonly byte* _source;
    private readonly byte* _destination;
    private readonly long _elements;

    internal StridedRowsBody(StridedAxis* axes, int rank, StridedAxis inner, byte* source, byte* destination, long elements)
    {
        _axes = axes;
        _rank = rank;
        _inner = inner;
        _source = source;
        _destination = destination;
        _elements = elements;
    }

    internal int Parts { get; set; }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int part)
    {
        long at = (long)((Int128)_elements * part / Parts), end = (long)((Int128)_elements * (part + 1) / Parts);
        long* places = stackalloc long[_rank + 1];
        long row = at / _inner.Extent, begin = at % _inner.Extent;
        byte* source = _source;
        byte* destination = _destination;
        for (int axis = _rank - 1; axis >= 0; axis--)
        {
            places[axis] = row % _axes[axis].Extent;
            row /= _axes[axis].Extent;
            source += places[axis] * _axes[axis].Source;
            destination += places[axis] * _axes[axis].Destination;
        }

        while (at < end)
        {
            long length = Math.Min(_inner.Extent - begin, end - at);
            Row(source + (begin * _inner.Source), destination + (begin * _inner.Destination), length);
            at += length;
            begin = 0;
            for (int axis = _rank - 1; axis >= 0; axis--)
            {
                source += _axes[axis].Source;
                destination += _axes[axis].Destination;
                if (++places[axis] < _axes[axis].Extent) break;
                source -= _axes[axis].Extent * _axes[axis].Source;
                destination -= _axes[axis].Extent * _axes[axis].Destination;
                places[axis] = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Row(byte* source, byte* destination, long length)
    {
        long from = _inner.Source, to = _inner.Destination;
        if (to == sizeof(T) && from == sizeof(T))
        {
            Buffer.MemoryCopy(source, destination, length * sizeof(T), length * sizeof(T));
        }
        else if (to == sizeof(T) && from == 0)
        {
            T value = *(T*)source;
            while (length > int.MaxValue)
            {
                new Span<T>(destination, int.MaxValue).Fill(value);
                destination += (long)int.MaxValue * sizeof(T);
                length -= int.MaxValue;
            }

            new Span<T>(destination, (int)length).Fill(value);
        }
        else
        {
            for (long i = 0; i < length; i++)
            {
                *(T*)destination = *(T*)source;
                source += from;
                destination += to;
            }
        }
    }
}
