namespace Ops.Kernels;

/// <summary>A window that moves over the spatial axes of one channel: which elements it meets where.</summary>
/// <param name="from">The extents of what it moves over.</param>
/// <param name="to">How many places it has along each axis.</param>
/// <param name="kernel">Its own extents.</param>
/// <param name="strides">From one place to the next.</param>
/// <param name="dilations">From one of its elements to the next.</param>
/// <param name="before">How many pads come before each axis.</param>
internal readonly struct SlidingWindow(long[] from, long[] to, long[] kernel, long[] strides, long[] dilations, long[] before)
{
    /// <summary>The elements of the window.</summary>
    public long Taps => Layout.Product(kernel);

    /// <summary>The elements it moves over.</summary>
    public long Source => Layout.Product(from);

    /// <summary>Its places.</summary>
    public long Places => Layout.Product(to);

    /// <summary>The places in a row.</summary>
    public long RowPlaces => to[^1];

    /// <summary>The rows of places.</summary>
    public long Rows => RowPlaces == 0 ? 0 : Places / RowPlaces;

    /// <summary>Along the last axis, from one place to the next.</summary>
    public long Stride => strides[^1];

    /// <summary>Where the row that an element of the window meets in a row of places starts; -1 when that lies among the pads.</summary>
    public long RowStart(long row, long tap)
    {
        long start = 0, stride = from[^1];
        tap /= kernel[^1];
        for (int axis = kernel.Length - 2; axis >= 0; axis--)
        {
            long at = (row % to[axis] * strides[axis]) + (tap % kernel[axis] * dilations[axis]) - before[axis];
            if (at < 0 || at >= from[axis]) return -1;
            start += at * stride;
            stride *= from[axis];
            row /= to[axis];
            tap /= kernel[axis];
        }

        return start;
    }

    /// <summary>The places of a row at which an element of the window lies inside, and where it lies at the first of them.</summary>
    public (long Low, long High, long Source) Inside(long tap)
    {
        long shift = (tap % kernel[^1] * dilations[^1]) - before[^1], stride = Stride;
        long low = shift >= 0 ? 0 : (-shift + stride - 1) / stride,
            high = from[^1] - shift <= 0 ? 0 : Math.Min(to[^1], ((from[^1] - shift - 1) / stride) + 1);
        return (low, high, (low * stride) + shift);
    }

    /// <summary>How many elements of the window lie inside along one axis at each place; pads that count lie inside too.</summary>
    public long[] Counts(int axis, long padsBefore, long padsAfter)
    {
        var counts = new long[to[axis]];
        for (long place = 0; place < counts.Length; place++)
            for (long tap = 0; tap < kernel[axis]; tap++)
                if ((place * strides[axis]) + (tap * dilations[axis]) - before[axis] is var at && at >= -padsBefore
                    && at < from[axis] + padsAfter)
                    counts[place]++;
        return counts;
    }
}
