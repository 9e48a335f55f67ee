using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ops.Kernels;

internal static unsafe class MicroKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile<V, C, R>(nint depth, C* a, C* b, nint bStep, nint ahead, C* tile, bool resume)
        where V : struct, ISimd<V, C>
        where C : unmanaged
        where R : struct, IRows
    {
        V c0 = V.Zero, d0 = V.Zero;
        V c1 = V.Zero, d1 = V.Zero;
        V c2 = V.Zero, d2 = V.Zero;
        V c3 = V.Zero, d3 = V.Zero;
        V c4 = V.Zero, d4 = V.Zero;
        V c5 = V.Zero, d5 = V.Zero;
        V c6 = V.Zero, d6 = V.Zero;
        V c7 = V.Zero, d7 = V.Zero;
        V c8 = V.Zero, d8 = V.Zero;
        V c9 = V.Zero, d9 = V.Zero;
        V c10 = V.Zero, d10 = V.Zero;
        V c11 = V.Zero, d11 = V.Zero;
        V c12 = V.Zero, d12 = V.Zero;
        V c13 = V.Zero, d13 = V.Zero;
        if (resume)
        {
            { c0 = V.Load(tile + 0 * V.Count); d0 = V.Load(tile + 1 * V.Count); }
            if (R.Count > 1) { c1 = V.Load(tile + 2 * V.Count); d1 = V.Load(tile + 3 * V.Count); }
            if (R.Count > 2) { c2 = V.Load(tile + 4 * V.Count); d2 = V.Load(tile + 5 * V.Count); }
            if (R.Count > 3) { c3 = V.Load(tile + 6 * V.Count); d3 = V.Load(tile + 7 * V.Count); }
            if (R.Count > 4) { c4 = V.Load(tile + 8 * V.Count); d4 = V.Load(tile + 9 * V.Count); }
            if (R.Count > 5) { c5 = V.Load(tile + 10 * V.Count); d5 = V.Load(tile + 11 * V.Count); }
            if (R.Count > 6) { c6 = V.Load(tile + 12 * V.Count); d6 = V.Load(tile + 13 * V.Count); }
            if (R.Count > 7) { c7 = V.Load(tile + 14 * V.Count); d7 = V.Load(tile + 15 * V.Count); }
            if (R.Count > 8) { c8 = V.Load(tile + 16 * V.Count); d8 = V.Load(tile + 17 * V.Count); }
            if (R.Count > 9) { c9 = V.Load(tile + 18 * V.Count); d9 = V.Load(tile + 19 * V.Count); }
            if (R.Count > 10) { c10 = V.Load(tile + 20 * V.Count); d10 = V.Load(tile + 21 * V.Count); }
            if (R.Count > 11) { c11 = V.Load(tile + 22 * V.Count); d11 = V.Load(tile + 23 * V.Count); }
            if (R.Count > 12) { c12 = V.Load(tile + 24 * V.Count); d12 = V.Load(tile + 25 * V.Count); }
            if (R.Count > 13) { c13 = V.Load(tile + 26 * V.Count); d13 = V.Load(tile + 27 * V.Count); }
        }
        for (; depth > 0; depth--)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(b + ahead);
                if (V.Count * sizeof(C) == 64) Sse.Prefetch0(b + ahead + V.Count);
            }
            V u = V.Load(b), v = V.Load(b + V.Count);
            { V x = V.Create(a[0]); c0 = V.MultiplyAdd(x, u, c0); d0 = V.MultiplyAdd(x, v, d0); }
            if (R.Count > 1) { V x = V.Create(a[1]); c1 = V.MultiplyAdd(x, u, c1); d1 = V.MultiplyAdd(x, v, d1); }
            if (R.Count > 2) { V x = V.Create(a[2]); c2 = V.MultiplyAdd(x, u, c2); d2 = V.MultiplyAdd(x, v, d2); }
            if (R.Count > 3) { V x = V.Create(a[3]); c3 = V.MultiplyAdd(x, u, c3); d3 = V.MultiplyAdd(x, v, d3); }
            if (R.Count > 4) { V x = V.Create(a[4]); c4 = V.MultiplyAdd(x, u, c4); d4 = V.MultiplyAdd(x, v, d4); }
            if (R.Count > 5) { V x = V.Create(a[5]); c5 = V.MultiplyAdd(x, u, c5); d5 = V.MultiplyAdd(x, v, d5); }
            if (R.Count > 6) { V x = V.Create(a[6]); c6 = V.MultiplyAdd(x, u, c6); d6 = V.MultiplyAdd(x, v, d6); }
            if (R.Count > 7) { V x = V.Create(a[7]); c7 = V.MultiplyAdd(x, u, c7); d7 = V.MultiplyAdd(x, v, d7); }
            if (R.Count > 8) { V x = V.Create(a[8]); c8 = V.MultiplyAdd(x, u, c8); d8 = V.MultiplyAdd(x, v, d8); }
            if (R.Count > 9) { V x = V.Create(a[9]); c9 = V.MultiplyAdd(x, u, c9); d9 = V.MultiplyAdd(x, v, d9); }
            if (R.Count > 10) { V x = V.Create(a[10]); c10 = V.MultiplyAdd(x, u, c10); d10 = V.MultiplyAdd(x, v, d10); }
            if (R.Count > 11) { V x = V.Create(a[11]); c11 = V.MultiplyAdd(x, u, c11); d11 = V.MultiplyAdd(x, v, d11); }
            if (R.Count > 12) { V x = V.Create(a[12]); c12 = V.MultiplyAdd(x, u, c12); d12 = V.MultiplyAdd(x, v, d12); }
            if (R.Count > 13) { V x = V.Create(a[13]); c13 = V.MultiplyAdd(x, u, c13); d13 = V.MultiplyAdd(x, v, d13); }
            a += R.Count;
            b += bStep;
        }
        { V.Store(c0, tile + 0 * V.Count); V.Store(d0, tile + 1 * V.Count); }
        if (R.Count > 1) { V.Store(c1, tile + 2 * V.Count); V.Store(d1, tile + 3 * V.Count); }
        if (R.Count > 2) { V.Store(c2, tile + 4 * V.Count); V.Store(d2, tile + 5 * V.Count); }
        if (R.Count > 3) { V.Store(c3, tile + 6 * V.Count); V.Store(d3, tile + 7 * V.Count); }
        if (R.Count > 4) { V.Store(c4, tile + 8 * V.Count); V.Store(d4, tile + 9 * V.Count); }
        if (R.Count > 5) { V.Store(c5, tile + 10 * V.Count); V.Store(d5, tile + 11 * V.Count); }
        if (R.Count > 6) { V.Store(c6, tile + 12 * V.Count); V.Store(d6, tile + 13 * V.Count); }
        if (R.Count > 7) { V.Store(c7, tile + 14 * V.Count); V.Store(d7, tile + 15 * V.Count); }
        if (R.Count > 8) { V.Store(c8, tile + 16 * V.Count); V.Store(d8, tile + 17 * V.Count); }
        if (R.Count > 9) { V.Store(c9, tile + 18 * V.Count); V.Store(d9, tile + 19 * V.Count); }
        if (R.Count > 10) { V.Store(c10, tile + 20 * V.Count); V.Store(d10, tile + 21 * V.Count); }
        if (R.Count > 11) { V.Store(c11, tile + 22 * V.Count); V.Store(d11, tile + 23 * V.Count); }
        if (R.Count > 12) { V.Store(c12, tile + 24 * V.Count); V.Store(d12, tile + 25 * V.Count); }
        if (R.Count > 13) { V.Store(c13, tile + 26 * V.Count); V.Store(d13, tile + 27 * V.Count); }
    }
}

internal interface IRows
{
    static abstract int Count { get; }
}

internal readonly struct Rows1 : IRows
{
    public static int Count => 1;
}

internal readonly struct Rows2 : IRows
{
    public static int Count => 2;
}

internal readonly struct Rows3 : IRows
{
    public static int Count => 3;
}

internal readonly struct Rows4 : IRows
{
    public static int Count => 4;
}

internal readonly struct Rows5 : IRows
{
    public static int Count => 5;
}

internal readonly struct Rows6 : IRows
{
    public static int Count => 6;
}

internal readonly struct Rows7 : IRows
{
    public static int Count => 7;
}

internal readonly struct Rows8 : IRows
{
    public static int Count => 8;
}

internal readonly struct Rows9 : IRows
{
    public static int Count => 9;
}

internal readonly struct Rows10 : IRows
{
    public static int Count => 10;
}

internal readonly struct Rows11 : IRows
{
    public static int Count => 11;
}

internal readonly struct Rows12 : IRows
{
    public static int Count => 12;
}

internal readonly struct Rows13 : IRows
{
    public static int Count => 13;
}

internal readonly struct Rows14 : IRows
{
    public static int Count => 14;
}
