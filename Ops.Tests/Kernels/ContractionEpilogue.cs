using Ops.Kernels;
using Ops.Simd;

namespace Ops.Tests.Kernels;

/// <summary>2 product + 3 addend, rounded after each step.</summary>
internal readonly struct ContractionEpilogue : IContractionKernel
{
    public V Apply<V, T>(V product, V addend)
        where V : struct, ISimd<V, T>
        where T : unmanaged => (product * V.Constant(2)) + (addend * V.Constant(3));
}
