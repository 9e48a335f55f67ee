using Ops.Simd;

namespace Ops.Kernels;

/// <summary>A function of whole rows, such as a softmax or a normalisation.</summary>
public interface IRowKernel
{
    /// <summary>Computes one row of every output from one row of every input.</summary>
    /// <remarks>An output may be the same memory as an input of the same shape; rows are computed in any order and on any thread.</remarks>
    void Row<V, T>(in RowSpans<T> row)
        where V : struct, ISimd<V, T>
        where T : unmanaged;
}
