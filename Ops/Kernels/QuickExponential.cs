using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>What an exponential is made of.</summary>
internal readonly record struct QuickExponential(
    float Least, float Log2E, float MinusLn2, float C5, float C4, float C3, float C2, float One)
{
    /// <summary>The bound below which the result is 0 in any case, log2(e), -log 2, and ((e^r - 1) / r - 1) / r up to log(2) / 2.</summary>
    internal static QuickExponential Coefficients
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(-104, 1.4426950408889634f, -0.6931471805599453f, 0.00831252057f, 0.0418901555f, 0.166671142f, 0.499992311f, 1);
    }
}

/// <summary>e^x of anything but +infinity, which gives NaN: relative errors of floats stay below 5e-7.</summary>
/// <remarks>
/// A loop that is given coefficients, instead of constants that the compiler sees, keeps them in registers; as operands in memory they
/// would take more time to load than everything else takes.
/// </remarks>
internal readonly struct QuickExponential<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged
{
    private readonly V _least, _log2E, _minusLn2, _c5, _c4, _c3, _c2, _one;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal QuickExponential(in QuickExponential coefficients)
    {
        _least = V.Constant(coefficients.Least);
        _log2E = V.Constant(coefficients.Log2E);
        _minusLn2 = V.Constant(coefficients.MinusLn2);
        _c5 = V.Constant(coefficients.C5);
        _c4 = V.Constant(coefficients.C4);
        _c3 = V.Constant(coefficients.C3);
        _c2 = V.Constant(coefficients.C2);
        _one = V.Constant(coefficients.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal V Of(V x)
    {
        if (typeof(T) != typeof(float)) return V.Exp(x);

        // A NaN, as the second operand, stays.
        x = V.MaxNative(_least, x);
        V n = V.Round(x * _log2E), r = V.FusedMultiplyAdd(n, _minusLn2, x);
        V p = V.FusedMultiplyAdd(_c5, r, _c4);
        p = V.FusedMultiplyAdd(p, r, _c3);
        p = V.FusedMultiplyAdd(p, r, _c2);
        p = V.FusedMultiplyAdd(p, r, _one);
        return V.Scale(V.FusedMultiplyAdd(p, r, _one), n);
    }
}
