using System.Numerics;
using System.Numerics.Tensors;
using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class MaxPool
{
    private static partial void Compute(in Args args, in Operand X, in Operand Y, in Operand Indices)
    {
        var window = new SlidingWindow(args.d, Y.Dims[2..], args.kernel_shape, args.strides, args.apart, args.before);
        if (X.Type == ElementType.Int8)
            Pooling.Run(window, new Greatest<sbyte>(sbyte.MinValue), (sbyte*)X.Data, (sbyte*)Y.Data, Pooling.Channels(X));
        else if (X.Type == ElementType.UInt8)
            Pooling.Run(window, new Greatest<byte>(byte.MinValue), (byte*)X.Data, (byte*)Y.Data, Pooling.Channels(X));
        else
            Pooling.Run("MaxPool", window,
                new Greatest<float>(float.NegativeInfinity), new Greatest<double>(double.NegativeInfinity), X, Y);
        if (Indices.IsAbsent) return;
        var places = new Places(window, X, Y, args.d, args.storage_order, (long*)Indices.Data);
        Workers.Run(checked((int)Pooling.Channels(X)), ref places);
    }

    /// <summary>The greatest element; NaN if there is one.</summary>
    private readonly struct Greatest<T>(T least) : IPool<T>
        where T : unmanaged, INumber<T>
    {
        public T Start => least;

        public void Fold(ReadOnlySpan<T> elements, Span<T> windows) => TensorPrimitives.Max(windows, elements, windows);

        public T Fold(T window, T element) => T.Max(window, element);

        public void Finish(Span<T> windows) { }
    }

    /// <summary>Finds each output among the elements of its window, the first one of equal ones.</summary>
    private readonly struct Places(SlidingWindow window, Operand x, Operand y, long[] extents, bool columnMajor,
        long* indices) : IParallelBody
    {
        public void Run(int part)
        {
            int width = Layout.Width("MaxPool", x.Type);
            byte* plane = (byte*)x.Data + (part * window.Source * width), outputs = (byte*)y.Data + (part * window.Places * width);
            long* found = indices + (part * window.Places);
            new Span<long>(found, checked((int)window.Places)).Fill(-1);
            for (long row = 0, rows = window.Rows, taps = window.Taps; row < rows; row++)
                for (long tap = 0; tap < taps; tap++)
                {
                    long start = window.RowStart(row, tap);
                    if (start < 0) continue;
                    var (low, high, source) = window.Inside(tap);
                    for (long i = low; i < high; i++)
                    {
                        long place = (row * window.RowPlaces) + i, at = start + source + ((i - low) * window.Stride);
                        if (found[place] < 0 && Same(plane + (at * width), outputs + (place * width), width))
                            found[place] = (part * window.Source) + Number(at);
                    }
                }
        }

        private static bool Same(byte* a, byte* b, int width) =>
            new ReadOnlySpan<byte>(a, width).SequenceEqual(new ReadOnlySpan<byte>(b, width));

        private long Number(long at)
        {
            if (!columnMajor) return at;
            long number = 0, stride = window.Source;
            for (int axis = extents.Length - 1; axis >= 0; axis--)
            {
                stride /= extents[axis];
                number += at % extents[axis] * stride;
                at /= extents[axis];
            }

            return number;
        }
    }
}
