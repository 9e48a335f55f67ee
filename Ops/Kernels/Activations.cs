using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Functions that several activations are made of.</summary>
internal static class Activations
{
    /// <summary>1 / (1 + e^-x), without overflow and with full precision on both sides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Sigmoid<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V e = V.Exp(-V.Abs(x)), one = V.Constant(1);
        return V.Select(V.Less(x, V.Zero), e, one) / (one + e);
    }
}
