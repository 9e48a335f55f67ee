using System.Runtime.CompilerServices;

namespace Ops.Kernels;

/// <summary>Axes that an operand is walked along, by number of the place.</summary>
/// <remarks>Extents are those of the iteration space, outermost first; a stride is 0 where the operand repeats.</remarks>
internal readonly unsafe struct RowAxes
{
    /// <summary>The one distance between neighbours; -1 if there is none.</summary>
    internal readonly long Step;

    /// <summary>Whether all places are one.</summary>
    internal readonly bool IsFixed;

    private readonly int _rank;
    private readonly long* _extents;
    private readonly long* _strides;

    internal RowAxes(long* extents, long* strides, int rank)
    {
        _extents = extents;
        _strides = strides;
        _rank = rank;
        Step = 0;
        IsFixed = true;

        // From the inside: an axis goes on where the ones inside of it end, or there is no common step.
        long expected = -1;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            if (extents[axis] == 1) continue;
            if (strides[axis] != 0) IsFixed = false;
            if (expected < 0) Step = strides[axis];
            else if (strides[axis] != expected) Step = -1;
            if (Step < 0) continue;
            expected = strides[axis] * extents[axis];
        }
    }

    /// <summary>Where the places <paramref name="first"/> and following are, in elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Offsets(long first, int count, long* offsets)
    {
        if (Step >= 0)
        {
            for (int i = 0; i < count; i++) offsets[i] = (first + i) * Step;
            return;
        }

        for (int i = 0; i < count; i++)
        {
            long index = first + i, offset = 0;
            for (int axis = _rank - 1; axis >= 0 && index != 0; axis--)
            {
                (index, long at) = Math.DivRem(index, _extents[axis]);
                offset += at * _strides[axis];
            }

            offsets[i] = offset;
        }
    }

    /// <summary>The places in order, from the first.</summary>
    internal struct Walk(in RowAxes axes)
    {
        private readonly RowAxes _axes = axes;
        private long _index;

        /// <summary>The offset of the next place.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal long Next()
        {
            long index = ++_index, offset = 0;
            for (int axis = _axes._rank - 1; axis >= 0 && index != 0; axis--)
            {
                (index, long at) = Math.DivRem(index, _axes._extents[axis]);
                offset += at * _axes._strides[axis];
            }

            return offset;
        }
    }
}
