using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>What the vectors of some rows come to, lanes folded as <see cref="ISimd{V, T}.SumLanes"/> does; no lane is NaN where maxima are
/// taken.</summary>
/// <remarks>Sixteen vectors of floats are folded together: a number alone would need as many steps as all of them.</remarks>
internal static unsafe class RowLanes<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    private static bool AreSixteen
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(C) == typeof(float) && V.Count == RowPanel<C>.Slots && Avx512F.IsSupported;
    }

    /// <summary>The greatest lane of each row. The lanes of <see cref="RowPanel{C}.Slots"/> rows are read, and as many results
    /// written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Max(C* lanes, int rows, C* result)
    {
        if (AreSixteen)
        {
            Fold<Greatest>((float*)lanes).Store((float*)result);
            return;
        }
        for (int row = 0; row < rows; row++) result[row] = V.MaxLanes(V.Load(lanes + row * V.Count));
    }

    /// <summary>The sum of the lanes of each row. The lanes of <see cref="RowPanel{C}.Slots"/> rows are read, and as many results
    /// written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(C* lanes, int rows, C* result)
    {
        if (AreSixteen)
        {
            Fold<Total>((float*)lanes).Store((float*)result);
            return;
        }
        for (int row = 0; row < rows; row++) result[row] = V.SumLanes(V.Load(lanes + row * V.Count));
    }

    /// <summary>Halves onto each other, those of two rows side by side; then quarters of four rows, and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fold<F>(float* lanes)
        where F : struct, IFold =>
        Ones<F>(
            Pairs<F>(
                Quarters<F>(Halves<F>(lanes), Halves<F>(lanes + 8 * 16)),
                Quarters<F>(Halves<F>(lanes + 1 * 16), Halves<F>(lanes + 9 * 16))),
            Pairs<F>(
                Quarters<F>(Halves<F>(lanes + 2 * 16), Halves<F>(lanes + 10 * 16)),
                Quarters<F>(Halves<F>(lanes + 3 * 16), Halves<F>(lanes + 11 * 16))));

    /// <summary>A row and the fourth after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Halves<F>(float* lanes)
        where F : struct, IFold
    {
        Vector512<float> x = Vector512.Load(lanes), y = Vector512.Load(lanes + 4 * 16);
        return F.Of(Avx512F.Shuffle4x128(x, y, 0x44), Avx512F.Shuffle4x128(x, y, 0xEE));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters<F>(Vector512<float> x, Vector512<float> y)
        where F : struct, IFold => F.Of(Avx512F.Shuffle4x128(x, y, 0x88), Avx512F.Shuffle4x128(x, y, 0xDD));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pairs<F>(Vector512<float> x, Vector512<float> y)
        where F : struct, IFold => F.Of(Avx512F.Shuffle(x, y, 0x44), Avx512F.Shuffle(x, y, 0xEE));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Ones<F>(Vector512<float> x, Vector512<float> y)
        where F : struct, IFold => F.Of(Avx512F.Shuffle(x, y, 0x88), Avx512F.Shuffle(x, y, 0xDD));

    private interface IFold
    {
        static abstract Vector512<float> Of(Vector512<float> x, Vector512<float> y);
    }

    private readonly struct Greatest : IFold
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> x, Vector512<float> y) => Vector512.MaxNative(x, y);
    }

    private readonly struct Total : IFold
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<float> x, Vector512<float> y) => x + y;
    }
}
