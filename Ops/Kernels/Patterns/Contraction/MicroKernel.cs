using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>The innermost loops of a contraction: a tile of sums that stays in registers while k runs.</summary>
/// <remarks>
/// <para>
/// Every sum of every kernel here is one chain of fused multiply-adds over ascending k, so an element does not depend on the kernel,
/// the tile or the blocking that computed it.
/// </para>
/// <para>
/// One text serves every number of rows: <c>R.Count</c> is a constant to the compiler, which drops the rows that are not there. The
/// sums must be named locals; in an array they would live in memory, at a quarter of the speed. 14 rows of 2 vectors, 2 vectors of B
/// and one element of A are 31 of AVX-512's 32 registers, and 6 rows 15 of the 16 of narrower sets.
/// </para>
/// </remarks>
internal static unsafe class MicroKernel
{
    /// <summary>The vectors a panel of B is wide.</summary>
    public const int PanelVectors = 2;

    /// <summary>The panels <see cref="Wide{V, C, R}"/> works on at once.</summary>
    public const int WidePanels = 4;

    /// <summary>The most rows <see cref="Wide{V, C, R}"/> takes.</summary>
    public const int WideRows = 3;

    /// <summary>The most rows of a tile that the registers of <typeparamref name="V"/> hold.</summary>
    public static int MaxRows<V, C>()
        where V : struct, ISimd<V, C>
        where C : unmanaged => V.Count * sizeof(C) == 64 ? 14 : 6;

    /// <summary><see cref="Tile{V, C, R}"/> that fetches so far ahead of each k of B.</summary>
    public static void Tile<V, C>(int rows, nint depth, C* a, C* b, nint bStep, nint ahead, C* tile, bool resume)
        where V : struct, ISimd<V, C>
        where C : unmanaged => Tile<V, C>(rows, depth, a, b, bStep, new Lookahead(ahead, bStep), tile, resume);

    /// <summary><see cref="Tile{V, C, R}"/> of a number of rows that is known only at run time.</summary>
    public static void Tile<V, C>(int rows, nint depth, C* a, C* b, nint bStep, Lookahead ahead, C* tile, bool resume)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        switch (rows)
        {
            case 1: Tile<V, C, Rows1>(depth, a, b, bStep, ahead, tile, resume); break;
            case 2: Tile<V, C, Rows2>(depth, a, b, bStep, ahead, tile, resume); break;
            case 3: Tile<V, C, Rows3>(depth, a, b, bStep, ahead, tile, resume); break;
            case 4: Tile<V, C, Rows4>(depth, a, b, bStep, ahead, tile, resume); break;
            case 5: Tile<V, C, Rows5>(depth, a, b, bStep, ahead, tile, resume); break;
            case 6: Tile<V, C, Rows6>(depth, a, b, bStep, ahead, tile, resume); break;
            case 7: Tile<V, C, Rows7>(depth, a, b, bStep, ahead, tile, resume); break;
            case 8: Tile<V, C, Rows8>(depth, a, b, bStep, ahead, tile, resume); break;
            case 9: Tile<V, C, Rows9>(depth, a, b, bStep, ahead, tile, resume); break;
            case 10: Tile<V, C, Rows10>(depth, a, b, bStep, ahead, tile, resume); break;
            case 11: Tile<V, C, Rows11>(depth, a, b, bStep, ahead, tile, resume); break;
            case 12: Tile<V, C, Rows12>(depth, a, b, bStep, ahead, tile, resume); break;
            case 13: Tile<V, C, Rows13>(depth, a, b, bStep, ahead, tile, resume); break;
            case 14: Tile<V, C, Rows14>(depth, a, b, bStep, ahead, tile, resume); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    /// <summary><see cref="Wide{V, C, R}"/> of a number of rows that is known only at run time.</summary>
    public static void Wide<V, C>(int rows, nint depth, C* a, C* b, nint bStep, nint panelStep, C* tile, nint tileStep, bool resume)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        switch (rows)
        {
            case 1: Wide<V, C, Rows1>(depth, a, b, bStep, panelStep, tile, tileStep, resume); break;
            case 2: Wide<V, C, Rows2>(depth, a, b, bStep, panelStep, tile, tileStep, resume); break;
            case 3: Wide<V, C, Rows3>(depth, a, b, bStep, panelStep, tile, tileStep, resume); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    /// <summary>Rows of A times one panel of B.</summary>
    /// <param name="depth">The length of the sums.</param>
    /// <param name="a">A panel of R.Count rows.</param>
    /// <param name="b">Two vectors for the first k.</param>
    /// <param name="bStep">From there to the next k: the panel's width, or the length of a row of B that was not packed.</param>
    /// <param name="ahead">What to fetch meanwhile.</param>
    /// <param name="tile">Receives two vectors per row.</param>
    /// <param name="resume">Whether the sums go on from what <paramref name="tile"/> holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile<V, C, R>(nint depth, C* a, C* b, nint bStep, Lookahead ahead, C* tile, bool resume)
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
            { c0 = V.Load(tile); d0 = V.Load(tile + 1 * V.Count); }
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
        C* next = b + ahead.Distance;
        for (; depth > 0; depth--)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(next);
                if (V.Count * sizeof(C) == 64) Sse.Prefetch0(next + V.Count);
                next += ahead.Step;
            }
            V u = V.Load(b), v = V.Load(b + V.Count);
            { V x = V.Create(a[0]); c0 = V.FusedMultiplyAdd(x, u, c0); d0 = V.FusedMultiplyAdd(x, v, d0); }
            if (R.Count > 1) { V x = V.Create(a[1]); c1 = V.FusedMultiplyAdd(x, u, c1); d1 = V.FusedMultiplyAdd(x, v, d1); }
            if (R.Count > 2) { V x = V.Create(a[2]); c2 = V.FusedMultiplyAdd(x, u, c2); d2 = V.FusedMultiplyAdd(x, v, d2); }
            if (R.Count > 3) { V x = V.Create(a[3]); c3 = V.FusedMultiplyAdd(x, u, c3); d3 = V.FusedMultiplyAdd(x, v, d3); }
            if (R.Count > 4) { V x = V.Create(a[4]); c4 = V.FusedMultiplyAdd(x, u, c4); d4 = V.FusedMultiplyAdd(x, v, d4); }
            if (R.Count > 5) { V x = V.Create(a[5]); c5 = V.FusedMultiplyAdd(x, u, c5); d5 = V.FusedMultiplyAdd(x, v, d5); }
            if (R.Count > 6) { V x = V.Create(a[6]); c6 = V.FusedMultiplyAdd(x, u, c6); d6 = V.FusedMultiplyAdd(x, v, d6); }
            if (R.Count > 7) { V x = V.Create(a[7]); c7 = V.FusedMultiplyAdd(x, u, c7); d7 = V.FusedMultiplyAdd(x, v, d7); }
            if (R.Count > 8) { V x = V.Create(a[8]); c8 = V.FusedMultiplyAdd(x, u, c8); d8 = V.FusedMultiplyAdd(x, v, d8); }
            if (R.Count > 9) { V x = V.Create(a[9]); c9 = V.FusedMultiplyAdd(x, u, c9); d9 = V.FusedMultiplyAdd(x, v, d9); }
            if (R.Count > 10) { V x = V.Create(a[10]); c10 = V.FusedMultiplyAdd(x, u, c10); d10 = V.FusedMultiplyAdd(x, v, d10); }
            if (R.Count > 11) { V x = V.Create(a[11]); c11 = V.FusedMultiplyAdd(x, u, c11); d11 = V.FusedMultiplyAdd(x, v, d11); }
            if (R.Count > 12) { V x = V.Create(a[12]); c12 = V.FusedMultiplyAdd(x, u, c12); d12 = V.FusedMultiplyAdd(x, v, d12); }
            if (R.Count > 13) { V x = V.Create(a[13]); c13 = V.FusedMultiplyAdd(x, u, c13); d13 = V.FusedMultiplyAdd(x, v, d13); }
            a += R.Count;
            b += bStep;
        }
        { V.Store(c0, tile); V.Store(d0, tile + 1 * V.Count); }
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

    /// <summary>A few rows of A times four panels of B: enough independent sums to keep the multipliers busy where
    /// <see cref="Tile{V, C, R}"/> would wait.</summary>
    /// <param name="depth">The length of the sums.</param>
    /// <param name="a">A panel of R.Count rows.</param>
    /// <param name="b">Two vectors for the first k of the first panel.</param>
    /// <param name="bStep">From there to the next k.</param>
    /// <param name="panelStep">From there to the next panel.</param>
    /// <param name="tile">Receives two vectors per row for the first panel.</param>
    /// <param name="tileStep">From there to those of the next panel.</param>
    /// <param name="resume">Whether the sums go on from what <paramref name="tile"/> holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Wide<V, C, R>(nint depth, C* a, C* b, nint bStep, nint panelStep, C* tile, nint tileStep, bool resume)
        where V : struct, ISimd<V, C>
        where C : unmanaged
        where R : struct, IRows
    {
        V c0 = V.Zero, d0 = V.Zero, e0 = V.Zero, f0 = V.Zero, g0 = V.Zero, h0 = V.Zero, i0 = V.Zero, j0 = V.Zero;
        V c1 = V.Zero, d1 = V.Zero, e1 = V.Zero, f1 = V.Zero, g1 = V.Zero, h1 = V.Zero, i1 = V.Zero, j1 = V.Zero;
        V c2 = V.Zero, d2 = V.Zero, e2 = V.Zero, f2 = V.Zero, g2 = V.Zero, h2 = V.Zero, i2 = V.Zero, j2 = V.Zero;
        C* b0 = b, b1 = b0 + panelStep, b2 = b1 + panelStep, b3 = b2 + panelStep;
        C* tile0 = tile, tile1 = tile0 + tileStep, tile2 = tile1 + tileStep, tile3 = tile2 + tileStep;
        if (resume)
        {
            c0 = V.Load(tile0 + 0 * V.Count); d0 = V.Load(tile0 + 1 * V.Count);
            e0 = V.Load(tile1 + 0 * V.Count); f0 = V.Load(tile1 + 1 * V.Count);
            g0 = V.Load(tile2 + 0 * V.Count); h0 = V.Load(tile2 + 1 * V.Count);
            i0 = V.Load(tile3 + 0 * V.Count); j0 = V.Load(tile3 + 1 * V.Count);
            if (R.Count > 1)
            {
                c1 = V.Load(tile0 + 2 * V.Count); d1 = V.Load(tile0 + 3 * V.Count);
                e1 = V.Load(tile1 + 2 * V.Count); f1 = V.Load(tile1 + 3 * V.Count);
                g1 = V.Load(tile2 + 2 * V.Count); h1 = V.Load(tile2 + 3 * V.Count);
                i1 = V.Load(tile3 + 2 * V.Count); j1 = V.Load(tile3 + 3 * V.Count);
            }
            if (R.Count > 2)
            {
                c2 = V.Load(tile0 + 4 * V.Count); d2 = V.Load(tile0 + 5 * V.Count);
                e2 = V.Load(tile1 + 4 * V.Count); f2 = V.Load(tile1 + 5 * V.Count);
                g2 = V.Load(tile2 + 4 * V.Count); h2 = V.Load(tile2 + 5 * V.Count);
                i2 = V.Load(tile3 + 4 * V.Count); j2 = V.Load(tile3 + 5 * V.Count);
            }
        }
        for (; depth > 0; depth--)
        {
            V u, v;
            V x0 = V.Create(a[0]), x1 = R.Count > 1 ? V.Create(a[1]) : x0, x2 = R.Count > 2 ? V.Create(a[2]) : x0;
            u = V.Load(b0); v = V.Load(b0 + V.Count);
            { c0 = V.FusedMultiplyAdd(x0, u, c0); d0 = V.FusedMultiplyAdd(x0, v, d0); }
            if (R.Count > 1) { c1 = V.FusedMultiplyAdd(x1, u, c1); d1 = V.FusedMultiplyAdd(x1, v, d1); }
            if (R.Count > 2) { c2 = V.FusedMultiplyAdd(x2, u, c2); d2 = V.FusedMultiplyAdd(x2, v, d2); }
            u = V.Load(b1); v = V.Load(b1 + V.Count);
            { e0 = V.FusedMultiplyAdd(x0, u, e0); f0 = V.FusedMultiplyAdd(x0, v, f0); }
            if (R.Count > 1) { e1 = V.FusedMultiplyAdd(x1, u, e1); f1 = V.FusedMultiplyAdd(x1, v, f1); }
            if (R.Count > 2) { e2 = V.FusedMultiplyAdd(x2, u, e2); f2 = V.FusedMultiplyAdd(x2, v, f2); }
            u = V.Load(b2); v = V.Load(b2 + V.Count);
            { g0 = V.FusedMultiplyAdd(x0, u, g0); h0 = V.FusedMultiplyAdd(x0, v, h0); }
            if (R.Count > 1) { g1 = V.FusedMultiplyAdd(x1, u, g1); h1 = V.FusedMultiplyAdd(x1, v, h1); }
            if (R.Count > 2) { g2 = V.FusedMultiplyAdd(x2, u, g2); h2 = V.FusedMultiplyAdd(x2, v, h2); }
            u = V.Load(b3); v = V.Load(b3 + V.Count);
            { i0 = V.FusedMultiplyAdd(x0, u, i0); j0 = V.FusedMultiplyAdd(x0, v, j0); }
            if (R.Count > 1) { i1 = V.FusedMultiplyAdd(x1, u, i1); j1 = V.FusedMultiplyAdd(x1, v, j1); }
            if (R.Count > 2) { i2 = V.FusedMultiplyAdd(x2, u, i2); j2 = V.FusedMultiplyAdd(x2, v, j2); }
            a += R.Count;
            b0 += bStep;
            b1 += bStep;
            b2 += bStep;
            b3 += bStep;
        }
        V.Store(c0, tile0 + 0 * V.Count); V.Store(d0, tile0 + 1 * V.Count);
        V.Store(e0, tile1 + 0 * V.Count); V.Store(f0, tile1 + 1 * V.Count);
        V.Store(g0, tile2 + 0 * V.Count); V.Store(h0, tile2 + 1 * V.Count);
        V.Store(i0, tile3 + 0 * V.Count); V.Store(j0, tile3 + 1 * V.Count);
        if (R.Count > 1)
        {
            V.Store(c1, tile0 + 2 * V.Count); V.Store(d1, tile0 + 3 * V.Count);
            V.Store(e1, tile1 + 2 * V.Count); V.Store(f1, tile1 + 3 * V.Count);
            V.Store(g1, tile2 + 2 * V.Count); V.Store(h1, tile2 + 3 * V.Count);
            V.Store(i1, tile3 + 2 * V.Count); V.Store(j1, tile3 + 3 * V.Count);
        }
        if (R.Count > 2)
        {
            V.Store(c2, tile0 + 4 * V.Count); V.Store(d2, tile0 + 5 * V.Count);
            V.Store(e2, tile1 + 4 * V.Count); V.Store(f2, tile1 + 5 * V.Count);
            V.Store(g2, tile2 + 4 * V.Count); V.Store(h2, tile2 + 5 * V.Count);
            V.Store(i2, tile3 + 4 * V.Count); V.Store(j2, tile3 + 5 * V.Count);
        }
    }
}
