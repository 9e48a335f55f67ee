using Ops.Kernels;
using Ops.Specs.Types;
using Ops.Threading;

namespace Ops;

public static unsafe partial class MeanVarianceNormalization
{
    private static partial void Compute(in Args args, in Operand X, in Operand Y)
    {
        int width = Layout.Width("MeanVarianceNormalization", X.Type), rank = X.Dims.Length;
        long[] order = Permutation.MoveToEnd(rank, args.cut), back = new long[rank], moved = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            back[order[i]] = i;
            moved[i] = X.Dims[order[i]];
        }

        long length = Layout.Product(moved.AsSpan(rank - args.cut.Length));
        using var scratch = Scratch.Rent(X.Length * width);
        Permutation.Run(width, X.Dims, order, X.Data, scratch.Data);
        var rows = new Operand(scratch.Data, X.Type, [length == 0 ? 0 : X.Length / length, length]);
        if (X.Type == ElementType.Double) Rows.Run<double, Kernel>(default, [rows], [rows], 1, 1);
        else Rows.Run<float, Kernel>(default, [rows], [rows], 1, 1);
        Permutation.Run(width, moved, back, scratch.Data, Y.Data);
    }

    private readonly struct Kernel : IRowKernel
    {
        /// <summary>What keeps elements that are all the same from being divided by zero.</summary>
        private const double Epsilon = 1e-9;

        public void Row<V, T>(in RowSpans<T> row)
            where V : struct, Simd.ISimd<V, T>
            where T : unmanaged
        {
            ReadOnlySpan<T> x = row.Input(0);
            V count = V.Constant(x.Length);
            T mean = V.First(V.Create(RowMath.Sum<V, T>(x)) / count);
            V deviation = V.Sqrt(V.Create(RowMath.SumOfSquaredDifferences<V, T>(x, mean)) / count);
            RowMath.Normalize<V, T>(x, mean, V.First(V.Constant(1) / (deviation + V.Constant(Epsilon))), row.Output(0));
        }
    }
}
