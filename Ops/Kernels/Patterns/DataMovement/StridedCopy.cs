using Ops.Threading;

namespace Ops.Kernels;

/// <summary>Copies the elements of a region from one layout to another, whatever their type.</summary>
/// <remarks>
/// Axes that lie behind one another on both sides become one axis, so that what is contiguous moves in as long runs as there are. A stride
/// of 0 on the side of the source repeats elements. Source and destination must not overlap.
/// </remarks>
internal static unsafe class StridedCopy
{
    /// <summary>Fewer bytes than this per thread are not worth waking one.</summary>
    private const long MinGrain = 128 * 1024;

    /// <summary>More parts than threads, as rows take their time differently.</summary>
    private const int PartsPerThread = 4;

    /// <summary>Copies <paramref name="extents"/> elements; all strides are in elements.</summary>
    /// <param name="width">Bytes of an element: 1, 2, 4, 8 or 16.</param>
    /// <param name="extents">The region, outermost axis first.</param>
    /// <param name="source">The first element to read.</param>
    /// <param name="sourceStrides">Where the next element of each axis is read.</param>
    /// <param name="destination">The first element to write.</param>
    /// <param name="destinationStrides">Where the next element of each axis is written.</param>
    public static void Run(
        int width, ReadOnlySpan<long> extents, void* source, ReadOnlySpan<long> sourceStrides, void* destination,
        ReadOnlySpan<long> destinationStrides)
    {
        int rank = extents.Length;
        StridedAxis* axes = stackalloc StridedAxis[rank + 1];
        int count = Merge(width, extents, sourceStrides, destinationStrides, axes);
        if (count < 0) return;
        if (count == 0) axes[count++] = new StridedAxis { Extent = 1, Source = width, Destination = width };
        switch (width)
        {
            case 1: Run<byte>(axes, count, source, destination); break;
            case 2: Run<ushort>(axes, count, source, destination); break;
            case 4: Run<uint>(axes, count, source, destination); break;
            case 8: Run<ulong>(axes, count, source, destination); break;
            case 16: Run<UInt128>(axes, count, source, destination); break;
            default: throw new ArgumentOutOfRangeException(nameof(width), width, "Elements have 1, 2, 4, 8 or 16 bytes.");
        }
    }

    /// <summary>Copies <paramref name="bytes"/> bytes, on several threads when they are many.</summary>
    public static void Block(void* source, void* destination, long bytes) => Run(1, [bytes], source, [1], destination, [1]);

    /// <summary>Fills <paramref name="count"/> elements with the one at <paramref name="value"/>.</summary>
    public static void Fill(int width, void* value, void* destination, long count) => Run(width, [count], value, [0], destination, [1]);

    /// <summary>Writes the axes that are left, in bytes, and returns how many; -1 when there is nothing to copy.</summary>
    private static int Merge(
        int width, ReadOnlySpan<long> extents, ReadOnlySpan<long> sourceStrides, ReadOnlySpan<long> destinationStrides, StridedAxis* axes)
    {
        int count = 0;
        for (int i = 0; i < extents.Length; i++)
        {
            if (extents[i] == 0) return -1;
            if (extents[i] == 1) continue;
            var axis = new StridedAxis
            {
                Extent = extents[i],
                Source = sourceStrides[i] * width,
                Destination = destinationStrides[i] * width
            };
            if (count > 0 && axes[count - 1].Source == axis.Source * axis.Extent
                && axes[count - 1].Destination == axis.Destination * axis.Extent)
            {
                axis.Extent *= axes[count - 1].Extent;
                count--;
            }

            axes[count++] = axis;
        }

        return count;
    }

    private static void Run<T>(StridedAxis* axes, int count, void* source, void* destination)
        where T : unmanaged
    {
        StridedAxis inner = axes[count - 1];
        int across = -1;
        if (inner.Destination == sizeof(T) && inner.Source != sizeof(T) && inner.Source != 0)
        {
            // What is read one after another is written along another axis: both take turns in small squares.
            for (int i = 0; i < count - 1 && across < 0; i++)
                if (axes[i].Source == sizeof(T)) across = i;
        }

        if (across >= 0)
        {
            StridedAxis taken = axes[across];
            for (int i = across; i < count - 2; i++) axes[i] = axes[i + 1];
            var squares = new TransposeBody<T>(axes, count - 2, taken, inner, (byte*)source, (byte*)destination);
            squares.Parts = Parts(squares.Units, squares.Units * squares.UnitBytes);
            Workers.Run(squares.Parts, ref squares);
            return;
        }

        long elements = 1;
        for (int i = 0; i < count; i++) elements *= axes[i].Extent;
        var rows = new StridedRowsBody<T>(axes, count - 1, inner, (byte*)source, (byte*)destination, elements);
        rows.Parts = Parts(elements, elements * sizeof(T));
        Workers.Run(rows.Parts, ref rows);
    }

    internal static int Parts(long units, long bytes) =>
        (int)Math.Max(1, Math.Min(Math.Min(units, bytes / MinGrain), Workers.Count == 1 ? 1 : Workers.Count * (long)PartsPerThread));
}

/// <summary>An axis of a region that is copied, with its strides in bytes.</summary>
internal struct StridedAxis
{
    internal long Extent;
    internal long Source;
    internal long Destination;
}
