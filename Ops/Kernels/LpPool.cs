using System.Numerics;
using System.Numerics.Tensors;
using Ops.Kernels;

namespace Ops;

public static unsafe partial class LpPool
{
    private static partial void Compute(in Args args, in Operand X, in Operand Y)
    {
        var window = new SlidingWindow(args.d, Y.Dims[2..], args.kernel_shape, args.strides, args.apart, args.before);
        Pooling.Run("LpPool", window, new Norm<float>((int)args.p), new Norm<double>((int)args.p), X, Y);
    }

    /// <summary>The root of the sum of powers.</summary>
    private readonly struct Norm<T>(int p) : IPool<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Start => T.Zero;

        public void Fold(ReadOnlySpan<T> elements, Span<T> windows)
        {
            if (p == 2) TensorPrimitives.MultiplyAdd(elements, elements, windows, windows);
            else for (int i = 0; i < windows.Length; i++) windows[i] = Fold(windows[i], elements[i]);
        }

        // The same rounding as where several places are taken at once.
        public T Fold(T window, T element) => p == 2 ? (element * element) + window : window + T.Pow(T.Abs(element), T.CreateTruncating(p));

        public void Finish(Span<T> windows)
        {
            for (int i = 0; i < windows.Length; i++)
                windows[i] = p == 2 ? T.Sqrt(windows[i]) : T.Pow(windows[i], T.One / T.CreateTruncating(p));
        }
    }
}
