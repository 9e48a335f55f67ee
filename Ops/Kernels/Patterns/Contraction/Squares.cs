using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ops.Kernels;

/// <summary>Squares of 16 bytes a side, several below each other, that a packing turns over at once.</summary>
internal unsafe interface ISquares<C>
    where C : unmanaged
{
    /// <summary>The lanes they span.</summary>
    static abstract int Lanes { get; }

    /// <summary>Reads lanes <paramref name="from"/> apart, and writes their elements for each k <paramref name="to"/> apart.</summary>
    static abstract void Turn(C* source, nint from, C* panel, nint to);
}

/// <summary>One square of 4-byte elements.</summary>
internal readonly unsafe struct Square4 : ISquares<float>
{
    public static int Lanes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn(float* source, nint from, float* panel, nint to)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + from);
        Vector128<float> c = Vector128.Load(source + 2 * from), d = Vector128.Load(source + 3 * from);
        if (Sse.IsSupported)
        {
            Vector128<float> ab = Sse.UnpackLow(a, b), cd = Sse.UnpackLow(c, d);
            Sse.MoveLowToHigh(ab, cd).Store(panel);
            Sse.MoveHighToLow(cd, ab).Store(panel + to);
            ab = Sse.UnpackHigh(a, b);
            cd = Sse.UnpackHigh(c, d);
            Sse.MoveLowToHigh(ab, cd).Store(panel + 2 * to);
            Sse.MoveHighToLow(cd, ab).Store(panel + 3 * to);
        }
        else
        {
            for (int i = 0; i < 4; i++) Vector128.Create(a[i], b[i], c[i], d[i]).Store(panel + i * to);
        }
    }
}

/// <summary>Two squares of 4-byte elements.</summary>
internal readonly unsafe struct TwoSquares4 : ISquares<float>
{
    public static int Lanes => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn(float* source, nint from, float* panel, nint to)
    {
        Vector256<float> a = Load(source, from), b = Load(source + from, from);
        Vector256<float> c = Load(source + 2 * from, from), d = Load(source + 3 * from, from);
        Vector256<double> ab = Avx.UnpackLow(a, b).AsDouble(), cd = Avx.UnpackLow(c, d).AsDouble();
        Avx.UnpackLow(ab, cd).AsSingle().Store(panel);
        Avx.UnpackHigh(ab, cd).AsSingle().Store(panel + to);
        ab = Avx.UnpackHigh(a, b).AsDouble();
        cd = Avx.UnpackHigh(c, d).AsDouble();
        Avx.UnpackLow(ab, cd).AsSingle().Store(panel + 2 * to);
        Avx.UnpackHigh(ab, cd).AsSingle().Store(panel + 3 * to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Load(float* source, nint from) =>
        Vector128.Load(source).ToVector256Unsafe().WithUpper(Vector128.Load(source + 4 * from));
}

/// <summary>Four squares of 4-byte elements.</summary>
internal readonly unsafe struct FourSquares4 : ISquares<float>
{
    public static int Lanes => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn(float* source, nint from, float* panel, nint to)
    {
        Vector512<float> a = Load(source, from), b = Load(source + from, from);
        Vector512<float> c = Load(source + 2 * from, from), d = Load(source + 3 * from, from);
        Vector512<double> ab = Avx512F.UnpackLow(a, b).AsDouble(), cd = Avx512F.UnpackLow(c, d).AsDouble();
        Avx512F.UnpackLow(ab, cd).AsSingle().Store(panel);
        Avx512F.UnpackHigh(ab, cd).AsSingle().Store(panel + to);
        ab = Avx512F.UnpackHigh(a, b).AsDouble();
        cd = Avx512F.UnpackHigh(c, d).AsDouble();
        Avx512F.UnpackLow(ab, cd).AsSingle().Store(panel + 2 * to);
        Avx512F.UnpackHigh(ab, cd).AsSingle().Store(panel + 3 * to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* source, nint from) =>
        TwoSquares4.Load(source, from).ToVector512Unsafe().WithUpper(TwoSquares4.Load(source + 8 * from, from));
}

/// <summary>One square of 8-byte elements.</summary>
internal readonly unsafe struct Square2 : ISquares<double>
{
    public static int Lanes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn(double* source, nint from, double* panel, nint to)
    {
        Vector128<double> a = Vector128.Load(source), b = Vector128.Load(source + from);
        Vector128.Create(a.GetLower(), b.GetLower()).Store(panel);
        Vector128.Create(a.GetUpper(), b.GetUpper()).Store(panel + to);
    }
}

/// <summary>Two squares of 8-byte elements.</summary>
internal readonly unsafe struct TwoSquares2 : ISquares<double>
{
    public static int Lanes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Turn(double* source, nint from, double* panel, nint to)
    {
        Vector256<double> a = Load(source, from), b = Load(source + from, from);
        Avx.UnpackLow(a, b).Store(panel);
        Avx.UnpackHigh(a, b).Store(panel + to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Load(double* source, nint from) =>
        Vector128.Load(source).ToVector256Unsafe().WithUpper(Vector128.Load(source + 2 * from));
}
