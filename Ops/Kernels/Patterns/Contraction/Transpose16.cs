using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ops.Kernels;

/// <summary>A square of 16 by 16 floats turned over in registers: every line is read once, and every vector written whole.</summary>
internal static unsafe class Transpose16
{
    /// <summary>The side of the square.</summary>
    public const int Side = 16;

    /// <summary>Reads 16 lanes <paramref name="from"/> apart, and writes their elements for each k <paramref name="to"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(float* source, nint from, float* panel, nint to)
    {
        Vector512<float> r0 = Vector512.Load(source);
        Vector512<float> r1 = Vector512.Load(source + 1 * from);
        Vector512<float> r2 = Vector512.Load(source + 2 * from);
        Vector512<float> r3 = Vector512.Load(source + 3 * from);
        Vector512<float> r4 = Vector512.Load(source + 4 * from);
        Vector512<float> r5 = Vector512.Load(source + 5 * from);
        Vector512<float> r6 = Vector512.Load(source + 6 * from);
        Vector512<float> r7 = Vector512.Load(source + 7 * from);
        Vector512<float> r8 = Vector512.Load(source + 8 * from);
        Vector512<float> r9 = Vector512.Load(source + 9 * from);
        Vector512<float> r10 = Vector512.Load(source + 10 * from);
        Vector512<float> r11 = Vector512.Load(source + 11 * from);
        Vector512<float> r12 = Vector512.Load(source + 12 * from);
        Vector512<float> r13 = Vector512.Load(source + 13 * from);
        Vector512<float> r14 = Vector512.Load(source + 14 * from);
        Vector512<float> r15 = Vector512.Load(source + 15 * from);

        // Elements of two lanes side by side, then of four.
        Vector512<double> a0 = Avx512F.UnpackLow(r0, r1).AsDouble(), a1 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        Vector512<double> a2 = Avx512F.UnpackLow(r2, r3).AsDouble(), a3 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        Vector512<double> a4 = Avx512F.UnpackLow(r4, r5).AsDouble(), a5 = Avx512F.UnpackHigh(r4, r5).AsDouble();
        Vector512<double> a6 = Avx512F.UnpackLow(r6, r7).AsDouble(), a7 = Avx512F.UnpackHigh(r6, r7).AsDouble();
        Vector512<double> a8 = Avx512F.UnpackLow(r8, r9).AsDouble(), a9 = Avx512F.UnpackHigh(r8, r9).AsDouble();
        Vector512<double> a10 = Avx512F.UnpackLow(r10, r11).AsDouble(), a11 = Avx512F.UnpackHigh(r10, r11).AsDouble();
        Vector512<double> a12 = Avx512F.UnpackLow(r12, r13).AsDouble(), a13 = Avx512F.UnpackHigh(r12, r13).AsDouble();
        Vector512<double> a14 = Avx512F.UnpackLow(r14, r15).AsDouble(), a15 = Avx512F.UnpackHigh(r14, r15).AsDouble();
        Vector512<float> b0 = Avx512F.UnpackLow(a0, a2).AsSingle(), b1 = Avx512F.UnpackHigh(a0, a2).AsSingle();
        Vector512<float> b2 = Avx512F.UnpackLow(a1, a3).AsSingle(), b3 = Avx512F.UnpackHigh(a1, a3).AsSingle();
        Vector512<float> b4 = Avx512F.UnpackLow(a4, a6).AsSingle(), b5 = Avx512F.UnpackHigh(a4, a6).AsSingle();
        Vector512<float> b6 = Avx512F.UnpackLow(a5, a7).AsSingle(), b7 = Avx512F.UnpackHigh(a5, a7).AsSingle();
        Vector512<float> b8 = Avx512F.UnpackLow(a8, a10).AsSingle(), b9 = Avx512F.UnpackHigh(a8, a10).AsSingle();
        Vector512<float> b10 = Avx512F.UnpackLow(a9, a11).AsSingle(), b11 = Avx512F.UnpackHigh(a9, a11).AsSingle();
        Vector512<float> b12 = Avx512F.UnpackLow(a12, a14).AsSingle(), b13 = Avx512F.UnpackHigh(a12, a14).AsSingle();
        Vector512<float> b14 = Avx512F.UnpackLow(a13, a15).AsSingle(), b15 = Avx512F.UnpackHigh(a13, a15).AsSingle();

        // b(4 g + c) holds, for lanes 4 g to 4 g + 3, element c of each quarter; the quarters of eight lanes, then of sixteen.
        Vector512<float> e0 = Avx512F.Shuffle4x128(b0, b4, 0x88), o0 = Avx512F.Shuffle4x128(b0, b4, 0xDD);
        Vector512<float> f0 = Avx512F.Shuffle4x128(b8, b12, 0x88), p0 = Avx512F.Shuffle4x128(b8, b12, 0xDD);
        Avx512F.Shuffle4x128(e0, f0, 0x88).Store(panel);
        Avx512F.Shuffle4x128(e0, f0, 0xDD).Store(panel + 8 * to);
        Avx512F.Shuffle4x128(o0, p0, 0x88).Store(panel + 4 * to);
        Avx512F.Shuffle4x128(o0, p0, 0xDD).Store(panel + 12 * to);
        Vector512<float> e1 = Avx512F.Shuffle4x128(b1, b5, 0x88), o1 = Avx512F.Shuffle4x128(b1, b5, 0xDD);
        Vector512<float> f1 = Avx512F.Shuffle4x128(b9, b13, 0x88), p1 = Avx512F.Shuffle4x128(b9, b13, 0xDD);
        Avx512F.Shuffle4x128(e1, f1, 0x88).Store(panel + 1 * to);
        Avx512F.Shuffle4x128(e1, f1, 0xDD).Store(panel + 9 * to);
        Avx512F.Shuffle4x128(o1, p1, 0x88).Store(panel + 5 * to);
        Avx512F.Shuffle4x128(o1, p1, 0xDD).Store(panel + 13 * to);
        Vector512<float> e2 = Avx512F.Shuffle4x128(b2, b6, 0x88), o2 = Avx512F.Shuffle4x128(b2, b6, 0xDD);
        Vector512<float> f2 = Avx512F.Shuffle4x128(b10, b14, 0x88), p2 = Avx512F.Shuffle4x128(b10, b14, 0xDD);
        Avx512F.Shuffle4x128(e2, f2, 0x88).Store(panel + 2 * to);
        Avx512F.Shuffle4x128(e2, f2, 0xDD).Store(panel + 10 * to);
        Avx512F.Shuffle4x128(o2, p2, 0x88).Store(panel + 6 * to);
        Avx512F.Shuffle4x128(o2, p2, 0xDD).Store(panel + 14 * to);
        Vector512<float> e3 = Avx512F.Shuffle4x128(b3, b7, 0x88), o3 = Avx512F.Shuffle4x128(b3, b7, 0xDD);
        Vector512<float> f3 = Avx512F.Shuffle4x128(b11, b15, 0x88), p3 = Avx512F.Shuffle4x128(b11, b15, 0xDD);
        Avx512F.Shuffle4x128(e3, f3, 0x88).Store(panel + 3 * to);
        Avx512F.Shuffle4x128(e3, f3, 0xDD).Store(panel + 11 * to);
        Avx512F.Shuffle4x128(o3, p3, 0x88).Store(panel + 7 * to);
        Avx512F.Shuffle4x128(o3, p3, 0xDD).Store(panel + 15 * to);
    }
}
