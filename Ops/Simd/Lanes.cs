using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ops.Simd;

/// <summary>Rare operations, one lane after the other.</summary>
internal static class Lanes
{
    internal static V Sqrt<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Integer<V, T, SquareRoot>(x, x);

    internal static V Divide<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => Integer<V, T, Quotient>(x, y);

    internal static V ShiftLeft<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => Integer<V, T, LeftShift>(x, y);

    internal static V ShiftRight<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => Integer<V, T, RightShift>(x, y);

    internal static V Remainder<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => Any<V, T, DividendRemainder>(x, y);

    internal static V Modulo<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => Any<V, T, DivisorRemainder>(x, y);

    internal static V Pow<V, T>(V x, V y) where V : struct, ISimd<V, T> where T : unmanaged => Any<V, T, Power>(x, y);

    internal static V Sin<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Float<V, T, Sine>(x, x);

    internal static V Cos<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Float<V, T, Cosine>(x, x);

    internal static V Tan<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Float<V, T, Tangent>(x, x);

    internal static V Asin<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Float<V, T, ArcSine>(x, x);

    internal static V Acos<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Float<V, T, ArcCosine>(x, x);

    internal static V Atan<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Float<V, T, ArcTangent>(x, x);

    internal static V Sinh<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Float<V, T, HyperbolicSine>(x, x);

    internal static V Cosh<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Float<V, T, HyperbolicCosine>(x, x);

    internal static V Asinh<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Float<V, T, AreaSine>(x, x);

    internal static V Acosh<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Float<V, T, AreaCosine>(x, x);

    internal static V Atanh<V, T>(V x) where V : struct, ISimd<V, T> where T : unmanaged => Float<V, T, AreaTangent>(x, x);

    private interface IFloatLane
    {
        static abstract F Apply<F>(F x, F y) where F : unmanaged, IFloatingPointIeee754<F>;
    }

    private interface IIntegerLane
    {
        static abstract N Apply<N>(N x, N y) where N : unmanaged, IBinaryInteger<N>, IMinMaxValue<N>;
    }

    private static V Any<V, T, K>(V x, V y)
        where V : struct, ISimd<V, T>
        where T : unmanaged
        where K : struct, IIntegerLane, IFloatLane =>
        typeof(T) == typeof(float) || typeof(T) == typeof(double) ? Float<V, T, K>(x, y) : Integer<V, T, K>(x, y);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static V Float<V, T, K>(V x, V y)
        where V : struct, ISimd<V, T>
        where T : unmanaged
        where K : struct, IFloatLane
    {
        if (typeof(T) == typeof(float)) FloatLoop<V, float, K>(ref x, ref y, V.Count);
        else if (typeof(T) == typeof(double)) FloatLoop<V, double, K>(ref x, ref y, V.Count);
        else throw Unsupported.ForIntegers();
        return x;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static V Integer<V, T, K>(V x, V y)
        where V : struct, ISimd<V, T>
        where T : unmanaged
        where K : struct, IIntegerLane
    {
        if (typeof(T) == typeof(sbyte)) IntegerLoop<V, sbyte, K>(ref x, ref y, V.Count);
        else if (typeof(T) == typeof(byte)) IntegerLoop<V, byte, K>(ref x, ref y, V.Count);
        else if (typeof(T) == typeof(short)) IntegerLoop<V, short, K>(ref x, ref y, V.Count);
        else if (typeof(T) == typeof(ushort)) IntegerLoop<V, ushort, K>(ref x, ref y, V.Count);
        else if (typeof(T) == typeof(int)) IntegerLoop<V, int, K>(ref x, ref y, V.Count);
        else if (typeof(T) == typeof(uint)) IntegerLoop<V, uint, K>(ref x, ref y, V.Count);
        else if (typeof(T) == typeof(long)) IntegerLoop<V, long, K>(ref x, ref y, V.Count);
        else if (typeof(T) == typeof(ulong)) IntegerLoop<V, ulong, K>(ref x, ref y, V.Count);
        else throw Unsupported.ForFloats();
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FloatLoop<V, F, K>(ref V x, ref V y, int count)
        where V : struct
        where F : unmanaged, IFloatingPointIeee754<F>
        where K : struct, IFloatLane
    {
        ref F a = ref Unsafe.As<V, F>(ref x);
        ref F b = ref Unsafe.As<V, F>(ref y);
        for (int i = 0; i < count; i++) Unsafe.Add(ref a, i) = K.Apply(Unsafe.Add(ref a, i), Unsafe.Add(ref b, i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void IntegerLoop<V, N, K>(ref V x, ref V y, int count)
        where V : struct
        where N : unmanaged, IBinaryInteger<N>, IMinMaxValue<N>
        where K : struct, IIntegerLane
    {
        ref N a = ref Unsafe.As<V, N>(ref x);
        ref N b = ref Unsafe.As<V, N>(ref y);
        for (int i = 0; i < count; i++) Unsafe.Add(ref a, i) = K.Apply(Unsafe.Add(ref a, i), Unsafe.Add(ref b, i));
    }

    private readonly struct SquareRoot : IIntegerLane
    {
        public static N Apply<N>(N x, N y) where N : unmanaged, IBinaryInteger<N>, IMinMaxValue<N>
        {
            if (x <= N.Zero) return N.Zero;

            // The double's root is off by at most one beyond 2^53; the comparisons avoid the product's overflow.
            N root = N.CreateSaturating(Math.Sqrt(double.CreateSaturating(x)));
            while (root > x / root) root--;
            while (root + N.One <= x / (root + N.One)) root++;
            return root;
        }
    }

    private readonly struct Quotient : IIntegerLane
    {
        public static N Apply<N>(N x, N y) where N : unmanaged, IBinaryInteger<N>, IMinMaxValue<N>
        {
            if (y == N.Zero) return N.Zero;

            // The quotient of the least integer and -1 would trap.
            if (N.MinValue < N.Zero && y == -N.One) return unchecked(-x);
            return x / y;
        }
    }

    private readonly struct DividendRemainder : IIntegerLane, IFloatLane
    {
        static N IIntegerLane.Apply<N>(N x, N y)
        {
            if (y == N.Zero || (N.MinValue < N.Zero && y == -N.One)) return N.Zero;
            return x % y;
        }

        static F IFloatLane.Apply<F>(F x, F y) => x % y;
    }

    private readonly struct DivisorRemainder : IIntegerLane, IFloatLane
    {
        static N IIntegerLane.Apply<N>(N x, N y)
        {
            if (y == N.Zero || (N.MinValue < N.Zero && y == -N.One)) return N.Zero;
            N remainder = x % y;
            return remainder != N.Zero && N.IsNegative(remainder) != N.IsNegative(y) ? remainder + y : remainder;
        }

        static F IFloatLane.Apply<F>(F x, F y)
        {
            F remainder = x % y;
            if (remainder == F.Zero) return F.CopySign(remainder, y);
            return F.IsNegative(remainder) != F.IsNegative(y) && !F.IsNaN(remainder) ? remainder + y : remainder;
        }
    }

    private readonly struct Power : IIntegerLane, IFloatLane
    {
        static N IIntegerLane.Apply<N>(N x, N y)
        {
            if (y < N.Zero)
            {
                if (x == N.One) return x;
                if (x == -N.One) return N.IsOddInteger(y) ? x : N.One;
                return N.Zero;
            }

            N result = N.One;
            for (N factor = x; y != N.Zero; y >>= 1, factor = unchecked(factor * factor))
                if (N.IsOddInteger(y)) result = unchecked(result * factor);
            return result;
        }

        static F IFloatLane.Apply<F>(F x, F y) => F.Pow(x, y);
    }

    private readonly struct LeftShift : IIntegerLane
    {
        public static N Apply<N>(N x, N y) where N : unmanaged, IBinaryInteger<N>, IMinMaxValue<N>
        {
            int bits = Unsafe.SizeOf<N>() * 8;
            return y < N.Zero || y >= N.CreateTruncating(bits) ? N.Zero : x << int.CreateTruncating(y);
        }
    }

    private readonly struct RightShift : IIntegerLane
    {
        public static N Apply<N>(N x, N y) where N : unmanaged, IBinaryInteger<N>, IMinMaxValue<N>
        {
            int bits = Unsafe.SizeOf<N>() * 8;
            bool inside = y >= N.Zero && y < N.CreateTruncating(bits);
            return inside ? x >> int.CreateTruncating(y) : N.IsNegative(x) ? -N.One : N.Zero;
        }
    }

    private readonly struct Sine : IFloatLane
    {
        public static F Apply<F>(F x, F y) where F : unmanaged, IFloatingPointIeee754<F> => F.Sin(x);
    }

    private readonly struct Cosine : IFloatLane
    {
        public static F Apply<F>(F x, F y) where F : unmanaged, IFloatingPointIeee754<F> => F.Cos(x);
    }

    private readonly struct Tangent : IFloatLane
    {
        public static F Apply<F>(F x, F y) where F : unmanaged, IFloatingPointIeee754<F> => F.Tan(x);
    }

    private readonly struct ArcSine : IFloatLane
    {
        public static F Apply<F>(F x, F y) where F : unmanaged, IFloatingPointIeee754<F> => F.Asin(x);
    }

    private readonly struct ArcCosine : IFloatLane
    {
        public static F Apply<F>(F x, F y) where F : unmanaged, IFloatingPointIeee754<F> => F.Acos(x);
    }

    private readonly struct ArcTangent : IFloatLane
    {
        public static F Apply<F>(F x, F y) where F : unmanaged, IFloatingPointIeee754<F> => F.Atan(x);
    }

    private readonly struct HyperbolicSine : IFloatLane
    {
        public static F Apply<F>(F x, F y) where F : unmanaged, IFloatingPointIeee754<F> => F.Sinh(x);
    }

    private readonly struct HyperbolicCosine : IFloatLane
    {
        public static F Apply<F>(F x, F y) where F : unmanaged, IFloatingPointIeee754<F> => F.Cosh(x);
    }

    private readonly struct AreaSine : IFloatLane
    {
        public static F Apply<F>(F x, F y) where F : unmanaged, IFloatingPointIeee754<F> => F.Asinh(x);
    }

    private readonly struct AreaCosine : IFloatLane
    {
        public static F Apply<F>(F x, F y) where F : unmanaged, IFloatingPointIeee754<F> => F.Acosh(x);
    }

    private readonly struct AreaTangent : IFloatLane
    {
        public static F Apply<F>(F x, F y) where F : unmanaged, IFloatingPointIeee754<F> => F.Atanh(x);
    }
}
