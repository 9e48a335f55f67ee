using Ops.Kernels;

namespace Ops;

public static partial class Softmax
{
    static partial class Body<V, T>
    {
        public static partial void Row(in Args args, ReadOnlySpan<T> input, Span<T> output)
        {
            T sum = RowMath.ExpSum<V, T>(input, RowMath.Max<V, T>(input), output);
            RowMath.Scale<V, T>(output, V.First(V.Constant(1) / V.Create(sum)), output);
        }
    }
}
