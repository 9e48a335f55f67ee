using Ops.Kernels;

namespace Ops;

public static partial class ReduceLogSum
{
    private static partial void Compute(in Args args, in Operand data, in Operand axes, in Operand reduced) =>
        ReducedRows.Run("ReduceLogSum", default(Kernel), data, args.cut, reduced);

    private readonly struct Kernel : IRowKernel
    {
        public void Row<V, T>(in RowSpans<T> row)
            where V : struct, Simd.ISimd<V, T>
            where T : unmanaged => row.Output(0)[0] = V.First(V.Log(V.Create(RowMath.Sum<V, T>(row.Input(0)))));
    }
}
