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
            // Beside the greatest element no exponential overflows; an infinite one would leave nothing to subtract.
            ReadOnlySpan<T> x = row.Input(0);
            V greatest = x.IsEmpty ? V.Zero : V.Create(RowMath.Max<V, T>(x));
            V shift = V.Select(V.IsInfinity(greatest), V.Zero, greatest);
            row.Output(0)[0] = V.First(V.Log(V.Create(RowMath.ExpSum<V, T>(x, V.First(shift)))) + shift);
        }
    }
}
