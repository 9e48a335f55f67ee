using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>What modifiers written as structs take besides the functions of vectors: the very routines of modifiers read at run
/// time.</summary>
public static class FunctorMath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Hyperbolic tangent.</summary>
    [MethodImpl(Inline)]
    public static V Tanh<V, C>(V x) where V : struct, ISimd<V, C> where C : unmanaged => Activations.QuickTanh<V, C>(x);

    /// <summary>0 for NaN, else the number.</summary>
    [MethodImpl(Inline)]
    public static V ZeroForNaN<V, C>(V x) where V : struct, ISimd<V, C> where C : unmanaged => V.Select(V.IsNaN(x), V.Zero, x);

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(Inline)]
    public static V Sigmoid<V, C>(V x) where V : struct, ISimd<V, C> where C : unmanaged => Activations.Sigmoid<V, C>(x);

    /// <summary>log(1 + e^x).</summary>
    [MethodImpl(Inline)]
    public static V Softplus<V, C>(V x) where V : struct, ISimd<V, C> where C : unmanaged => Activations.Softplus<V, C>(x);

    /// <summary>x times the normal distribution function of x.</summary>
    [MethodImpl(Inline)]
    public static V Gelu<V, C>(V x) where V : struct, ISimd<V, C> where C : unmanaged => Activations.Gelu<V, C>(x);

    /// <summary><see cref="Gelu"/> by way of the hyperbolic tangent.</summary>
    [MethodImpl(Inline)]
    public static V GeluTanh<V, C>(V x) where V : struct, ISimd<V, C> where C : unmanaged => Activations.GeluTanh<V, C>(x);
}
