using System.Numerics;
using System.Numerics.Tensors;
using Ops.Kernels;

namespace Ops;

public static unsafe partial class AveragePool
{
    private static partial void Compute(in Args args, in Operand X, in Operand Y)
    {
        var window = new SlidingWindow(args.d, Y.Dims[2..], args.kernel_shape, args.strides, args.apart, args.before);
        var counts = new long[args.d.Length][];
        for (int axis = 0; axis < counts.Length; axis++)
            counts[axis] = window.Counts(axis, args.count_include_pad ? args.before[axis] : 0,
                args.count_include_pad ? args.after[axis] : 0);
        Pooling.Run("AveragePool", window, new Mean<float>(counts), new Mean<double>(counts), X, Y);
    }

    /// <summary>Sums, each divided by the elements that its window has along all axes.</summary>
    private readonly struct Mean<T>(long[][] counts) : IPool<T>
        where T : unmanaged, INumber<T>
    {
        public T Start => T.Zero;

        public void Fold(ReadOnlySpan<T> elements, Span<T> windows) => TensorPrimitives.Add(windows, elements, windows);

        public T Fold(T window, T element) => window + element;

        public void Finish(Span<T> windows)
        {
            long[] last = counts[^1];
            for (int start = 0; start < windows.Length; start += last.Length)
            {
                long others = 1, row = start / last.Length;
                for (int axis = counts.Length - 2; axis >= 0; axis--)
                {
                    others *= counts[axis][row % counts[axis].Length];
                    row /= counts[axis].Length;
                }

                for (int i = 0; i < last.Length; i++) windows[start + i] /= T.CreateTruncating(others * last[i]);
            }
        }
    }
}
