using Ops.Kernels;

namespace Ops;

public static partial class Softmax
{
    static partial class Body<V, T>
    {
        public static partial void Row(in Args args, ReadOnlySpan<T> input, Span<T> output)
        {
            // A NaN need not be the maximum: it is in the sum, and so in every quotient.
            T sum = RowMath.ExpSum<V, T>(input, RowMath.MaxNumber<V, T>(input), output);
            RowMath.Scale<V, T>(output, V.First(V.Constant(1) / V.Create(sum)), output);
        }
    }
}
