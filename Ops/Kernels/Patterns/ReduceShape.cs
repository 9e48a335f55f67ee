namespace Ops.Kernels;

/// <summary>A reduction's axes, those of extent 1 dropped and neighbours of one kind joined.</summary>
/// <remarks>
/// The innermost reduced and the innermost kept axis are apart, because loops run along them; the others are walked by number.
/// </remarks>
internal readonly unsafe struct ReduceShape
{
    /// <summary>Whether the innermost axis of all is reduced.</summary>
    internal readonly bool InnerReduced;

    /// <summary>The innermost reduced and kept axes; 1 if there is none.</summary>
    internal readonly long ReducedInner, KeptInner;

    /// <summary>Elements between neighbours along those axes.</summary>
    internal readonly long ReducedStride, KeptStride;

    /// <summary>The axes outside of those, of either kind.</summary>
    internal readonly Axes ReducedOuter, KeptOuter;

    /// <summary>Elements per result, and results.</summary>
    internal readonly long Reduced, Kept;

    internal ReduceShape(long[] dims, ReadOnlySpan<long> axes, long* memory)
    {
        // Innermost first: extents, strides and kinds of the joined axes.
        int rank = dims.Length, joined = 0;
        long* extents = memory, strides = memory + rank;
        long* kinds = memory + (2 * rank);
        long stride = 1, reduced = 1, kept = 1;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            long extent = dims[axis], kind = axes.Contains(axis) ? 1 : 0;
            if (kind == 1) reduced *= extent;
            else kept *= extent;
            if (extent == 1) continue;
            if (joined > 0 && kinds[joined - 1] == kind)
            {
                extents[joined - 1] *= extent;
            }
            else
            {
                extents[joined] = extent;
                strides[joined] = stride;
                kinds[joined++] = kind;
            }

            stride *= extent;
        }

        Reduced = reduced;
        Kept = kept;
        InnerReduced = joined > 0 && kinds[0] == 1;
        ReducedInner = KeptInner = 1;
        int first = InnerReduced ? 0 : 1, second = 1 - first;
        if (first < joined) (ReducedInner, ReducedStride) = (extents[first], strides[first]);
        if (second < joined) (KeptInner, KeptStride) = (extents[second], strides[second]);
        ReducedOuter = new Axes(extents, strides, first + 2, joined);
        KeptOuter = new Axes(extents, strides, second + 2, joined);
    }

    /// <summary>Longs of memory for a rank.</summary>
    internal static int MemoryFor(int rank) => Math.Max(3 * rank, 1);

    /// <summary>Every second of the joined axes, innermost first.</summary>
    internal readonly struct Axes
    {
        private readonly long* _extents;
        private readonly long* _strides;
        private readonly int _first;
        private readonly int _end;

        internal Axes(long* extents, long* strides, int first, int end)
        {
            _extents = extents;
            _strides = strides;
            _first = first;
            _end = end;
            Count = 1;
            for (int axis = first; axis < end; axis += 2) Count *= extents[axis];
        }

        /// <summary>How many places the axes have together.</summary>
        internal long Count { get; }

        /// <summary>Where the place with number <paramref name="index"/> starts, in elements.</summary>
        internal long Offset(long index)
        {
            long offset = 0;
            for (int axis = _first; axis < _end && index != 0; axis += 2)
            {
                (index, long at) = Math.DivRem(index, _extents[axis]);
                offset += at * _strides[axis];
            }

            return offset;
        }
    }
}
