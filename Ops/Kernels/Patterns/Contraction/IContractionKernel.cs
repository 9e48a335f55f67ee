using Ops.Simd;

namespace Ops.Kernels;

/// <summary>What a contraction does to each element once its sum of products is complete.</summary>
public interface IContractionKernel
{
    /// <summary>The result of a vector of elements; element for element, whatever their place.</summary>
    /// <param name="product">The complete sums over k.</param>
    /// <param name="addend">The addend's elements, 0 where there is none.</param>
    V Apply<V, T>(V product, V addend)
        where V : struct, ISimd<V, T>
        where T : unmanaged;
}
