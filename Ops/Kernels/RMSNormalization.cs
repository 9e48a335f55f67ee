using Ops.Kernels;

namespace Ops;

public static partial class RMSNormalization
{
    static partial class Body<V, T>
    {
        public static partial void Row(in Args args, ReadOnlySpan<T> X, ReadOnlySpan<T> scale, Span<T> Y)
        {
            V square = V.Create(RowMath.SumOfSquares<V, T>(X)) / V.Constant(X.Length);
            T inverse = V.First(V.Constant(1) / V.Sqrt(square + V.Constant(args.epsilon)));
            RowMath.Scale<V, T>(X, inverse, scale, Y);
        }
    }
}
