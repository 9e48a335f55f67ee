namespace Ops.Kernels;

/// <summary>
/// Pairs every place of a tensor of indices with the place of another tensor that is the same but for one axis, where the index stands in.
/// </summary>
internal readonly struct ElementWalk
{
    private readonly IndexList _indices;
    private readonly long[] _dims, _strides;
    private readonly int _axis;
    private readonly long _extent;

    /// <summary>Walks <paramref name="indices"/>, which are in range of axis <paramref name="axis"/> of <paramref name="data"/>.</summary>
    public ElementWalk(string op, in Operand data, in Operand indices, long axis)
    {
        _indices = new IndexList(indices);
        _dims = indices.Dims;
        _strides = Layout.Strides(data.Dims);
        _axis = Layout.Axis(axis, data.Dims.Length);
        _extent = data.Dims[_axis];
        Count = indices.Length;
        RowLength = _dims[^1];
        RowCount = RowLength == 0 ? 0 : Count / RowLength;
        Parts = StridedCopy.Parts(RowCount, Count * Layout.Width(op, data.Type));
    }

    /// <summary>How many places there are.</summary>
    public long Count { get; }

    /// <summary>Into how many parts the walk is cut.</summary>
    public int Parts { get; }

    private long RowLength { get; }

    private long RowCount { get; }

    /// <summary>The rows of one part.</summary>
    public Rows Part(int part) => new(this, (long)((Int128)RowCount * part / Parts), (long)((Int128)RowCount * (part + 1) / Parts));

    /// <summary>All rows.</summary>
    public Rows All() => new(this, 0, RowCount);

    /// <summary>Rows along the innermost axis of the indices.</summary>
    public struct Rows
    {
        private readonly ElementWalk _walk;
        private readonly long _end;
        private long _row, _base;

        internal Rows(ElementWalk walk, long first, long end)
        {
            _walk = walk;
            _row = first - 1;
            _end = end;
            _base = 0;
        }

        /// <summary>How long a row is.</summary>
        public readonly long Length => _walk.RowLength;

        /// <summary>The place of the row's first index.</summary>
        public readonly long First => _row * _walk.RowLength;

        /// <summary>Goes to the next row; false when there is none.</summary>
        public bool Next()
        {
            if (++_row >= _end) return false;
            _base = 0;
            long rest = _row;
            for (int axis = _walk._dims.Length - 2; axis >= 0; axis--)
            {
                if (axis != _walk._axis) _base += rest % _walk._dims[axis] * _walk._strides[axis];
                rest /= _walk._dims[axis];
            }

            return true;
        }

        /// <summary>The place in the other tensor of the row's index <paramref name="i"/>.</summary>
        public readonly long Place(long i)
        {
            long index = _walk._indices.Within(First + i, _walk._extent) * _walk._strides[_walk._axis];
            return _walk._axis == _walk._dims.Length - 1 ? _base + index : _base + index + i;
        }
    }
}
