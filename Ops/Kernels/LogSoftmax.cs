using Ops.Kernels;

namespace Ops;

public static partial class LogSoftmax
{
    static partial class Body<V, T>
    {
        public static partial void Row(in Args args, ReadOnlySpan<T> input, Span<T> output)
        {
            // (x - max) first: added to the logarithm in one constant, a large maximum would cost its low digits.
            T max = RowMath.MaxNumber<V, T>(input);
            T sum = RowMath.ExpSum<V, T>(input, max);
            RowMath.Add<V, T>(input, V.First(-V.Create(max)), output);
            RowMath.Add<V, T>(output, V.First(-V.Log(V.Create(sum))), output);
        }
    }
}
