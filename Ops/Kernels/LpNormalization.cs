using Ops.Kernels;

namespace Ops;

public static partial class LpNormalization
{
    static partial class Body<V, T>
    {
        public static partial void Row(in Args args, ReadOnlySpan<T> input, Span<T> output)
        {
            V norm;
            if (args.p == 2)
            {
                norm = V.Sqrt(V.Create(RowMath.SumOfSquares<V, T>(input)));
            }
            else
            {
                norm = V.Create(RowMath.Fold<V, T, Magnitudes>(default, input));
            }

            V factor = V.Select(V.Equal(norm, V.Zero), V.Zero, V.Constant(1) / norm);
            RowMath.Scale<V, T>(input, V.First(factor), output);
        }
    }

    private readonly struct Magnitudes : IReduceKernel
    {
        public V Start<V, T>()
            where V : struct, Simd.ISimd<V, T>
            where T : unmanaged => V.Zero;

        public V Absorb<V, T>(V accumulator, V x)
            where V : struct, Simd.ISimd<V, T>
            where T : unmanaged => accumulator + V.Abs(x);

        public V Merge<V, T>(V a, V b)
            where V : struct, Simd.ISimd<V, T>
            where T : unmanaged => a + b;

        public V Finish<V, T>(V accumulator, V count)
            where V : struct, Simd.ISimd<V, T>
            where T : unmanaged => accumulator;
    }
}
