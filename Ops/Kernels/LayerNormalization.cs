using Ops.Kernels;

namespace Ops;

public static partial class LayerNormalization
{
    static partial class Body<V, T>
    {
        public static partial void Row(
            in Args args, ReadOnlySpan<T> X, ReadOnlySpan<T> Scale, ReadOnlySpan<T> B, Span<T> Y, Span<T> Mean, Span<T> InvStdDev)
        {
            V count = V.Constant(X.Length);
            T mean = V.First(V.Create(RowMath.Sum<V, T>(X)) / count);
            V variance = V.Create(RowMath.SumOfSquaredDifferences<V, T>(X, mean)) / count;
            T inverse = V.First(V.Constant(1) / V.Sqrt(variance + V.Constant(args.epsilon)));
            if (args.HasB)
                RowMath.Normalize<V, T>(X, mean, inverse, Scale, B, Y);
            else
                RowMath.Normalize<V, T>(X, mean, inverse, Scale, Y);
            if (args.HasMean)
                Mean[0] = mean;
            if (args.HasInvStdDev)
                InvStdDev[0] = inverse;
        }
    }
}
