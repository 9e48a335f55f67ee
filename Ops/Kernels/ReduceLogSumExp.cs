using Ops.Kernels;

namespace Ops;

public static partial class ReduceLogSumExp
{
    private static partial void Compute(in Args args, in Operand data, in Operand axes, in Operand reduced) =>
        ReducedRows.Run("ReduceLogSumExp", default(Kernel), data, args.cut, reduced);

    private readonly struct Kernel : IRowKernel
    {
        public void Row<V, T>(in RowSpans<T> row)
            where V : struct, Simd.ISimd<V, T>
            where T : unmanaged
        {
            // Beside the greatest element no exponential overflows; an infinite one is the result.
            ReadOnlySpan<T> x = row.Input(0);
            T greatest = x.IsEmpty ? default : RowMath.Max<V, T>(x);
            V shift = V.Create(greatest), sum = V.Create(RowMath.ExpSum<V, T>(x, greatest));
            row.Output(0)[0] = V.First(V.Select(V.IsInfinity(shift), shift, V.Log(sum) + shift));
        }
    }
}
