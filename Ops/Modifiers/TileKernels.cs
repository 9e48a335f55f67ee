using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Simd;

namespace Ops.Modifiers;

/// <summary>The function of each step of a tile program, as the op's own kernel has it.</summary>
internal static class TileKernels
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>What a second function makes of a first one's result and a third operand, each rounded as if alone.</summary>
    internal readonly struct Chain<F, S> : ITernaryKernel
        where F : struct, IBinaryKernel
        where S : struct, IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y, V z)
            where V : struct, ISimd<V, T>
            where T : unmanaged => default(S).Apply<V, T>(default(F).Apply<V, T>(x, y), z);
    }

    /// <summary>A second function of a first one's result.</summary>
    internal readonly struct Into<F, S> : IBinaryKernel
        where F : struct, IBinaryKernel
        where S : struct, IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y)
            where V : struct, ISimd<V, T>
            where T : unmanaged => default(S).Apply<V, T>(default(F).Apply<V, T>(x, y));
    }

    /// <summary>What a second function makes of a first one's result and another operand.</summary>
    internal readonly struct Onto<F, S> : IBinaryKernel
        where F : struct, IUnaryKernel
        where S : struct, IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y)
            where V : struct, ISimd<V, T>
            where T : unmanaged => default(S).Apply<V, T>(default(F).Apply<V, T>(x), y);
    }

    internal readonly struct Copy : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => x;
    }

    internal readonly struct Add : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x + y;
    }

    internal readonly struct Subtract : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x - y;
    }

    internal readonly struct Multiply : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x * y;
    }

    internal readonly struct Divide : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x / y;
    }

    // The quotient of integers that reals have exactly is never rounded up to the next one.
    internal readonly struct Quotient : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => V.Truncate(x / y);
    }

    internal readonly struct WholeModulo : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x - y * V.Floor(x / y);
    }

    internal readonly struct WholeRemainder : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x - y * V.Truncate(x / y);
    }

    internal readonly struct Modulo : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => V.Modulo(x, y);
    }

    internal readonly struct Remainder : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => V.Remainder(x, y);
    }

    internal readonly struct Power : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => V.Pow(x, y);
    }

    internal readonly struct Minimum : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => V.Min(x, y);
    }

    internal readonly struct Maximum : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => V.Max(x, y);
    }

    internal readonly struct Negate : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => -x;
    }

    internal readonly struct Absolute : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Abs(x);
    }

    internal readonly struct Sign : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Sign(x);
    }

    internal readonly struct Reciprocal : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Constant(1) / x;
    }

    internal readonly struct Sqrt : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Sqrt(x);
    }

    internal readonly struct Exp : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Exp(x);
    }

    internal readonly struct Log : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Log(x);
    }

    internal readonly struct Tanh : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Activations.QuickTanh<V, T>(x);
    }

    internal readonly struct Sigmoid : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Activations.Sigmoid<V, T>(x);
    }

    internal readonly struct Softplus : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Activations.Softplus<V, T>(x);
    }

    internal readonly struct Erf : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Erf(x);
    }

    internal readonly struct Gelu : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Activations.Gelu<V, T>(x);
    }

    internal readonly struct GeluTanh : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Activations.GeluTanh<V, T>(x);
    }

    internal readonly struct Sin : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Sin(x);
    }

    internal readonly struct Cos : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Cos(x);
    }

    internal readonly struct Tan : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Tan(x);
    }

    internal readonly struct Sinh : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Sinh(x);
    }

    internal readonly struct Cosh : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Cosh(x);
    }

    internal readonly struct Asin : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Asin(x);
    }

    internal readonly struct Acos : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Acos(x);
    }

    internal readonly struct Atan : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Atan(x);
    }

    internal readonly struct Asinh : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Asinh(x);
    }

    internal readonly struct Acosh : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Acosh(x);
    }

    internal readonly struct Atanh : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Atanh(x);
    }

    internal readonly struct Floor : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Floor(x);
    }

    internal readonly struct Ceiling : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Ceiling(x);
    }

    internal readonly struct Round : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Round(x);
    }

    internal readonly struct Truncate : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Truncate(x);
    }

    internal readonly struct Less : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => V.Less(x, y);
    }

    internal readonly struct LessOrEqual : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => V.LessOrEqual(x, y);
    }

    internal readonly struct Equal : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => V.Equal(x, y);
    }

    internal readonly struct And : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x & y;
    }

    internal readonly struct Or : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x | y;
    }

    internal readonly struct Xor : IBinaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => x ^ y;
    }

    internal readonly struct Not : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => ~x;
    }

    internal readonly struct IsNaN : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.IsNaN(x);
    }

    internal readonly struct IsInfinity : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.IsInfinity(x);
    }

    internal readonly struct Where : ITernaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x, V y, V z) where V : struct, ISimd<V, T> where T : unmanaged => V.Select(x, y, z);
    }

    internal readonly struct MaskToNumber : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => x & V.Constant(1);
    }

    internal readonly struct ZeroForNaN : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => V.Select(V.IsNaN(x), V.Zero, x);
    }

    internal readonly struct ToFloat : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Rounding.ToFloat<V, T>(x);
    }

    internal readonly struct ToFloat16 : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Rounding.ToFloat16<V, T>(x);
    }

    internal readonly struct ToBFloat16 : IUnaryKernel
    {
        [MethodImpl(Inline)]
        public V Apply<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Rounding.ToBFloat16<V, T>(x);
    }
}
