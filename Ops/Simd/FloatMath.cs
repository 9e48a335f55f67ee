namespace Ops.Simd;
internal static class FloatMath
{
    internal static V Exp<V>(V x) where V : struct, ISimd<V, float> => x;
    internal static V Exp2<V>(V x) where V : struct, ISimd<V, float> => x;
    internal static V Log<V>(V x) where V : struct, ISimd<V, float> => x;
    internal static V Log1p<V>(V x) where V : struct, ISimd<V, float> => x;
    internal static V Expm1<V>(V x) where V : struct, ISimd<V, float> => x;
    internal static V Tanh<V>(V x) where V : struct, ISimd<V, float> => x;
    internal static V Erf<V>(V x) where V : struct, ISimd<V, float> => x;
}
