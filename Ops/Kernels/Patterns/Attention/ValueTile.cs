using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Probabilities times values: a tile of sums that stays in registers while the keys of a cell run.</summary>
/// <remarks>
/// Every sum is one chain of fused multiply-adds over ascending keys, as in <see cref="MicroKernel"/>, from which this differs in how it
/// reads its left factor: as the score tiles were written, row after row, because packing them would cost more than it gains.
/// </remarks>
internal static unsafe class ValueTile
{
    /// <summary><see cref="Run{V, S, C, R}"/> of a number of rows that is known only at run time.</summary>
    public static void Run<V, S, C>(int rows, nint keys, C* weights, S* values, nint step, S* fetch, C* tile, C* keep, C* take, bool resume)
        where V : struct, ISimd<V, C>
        where S : unmanaged
        where C : unmanaged
    {
        switch (rows)
        {
            case 1: Run<V, S, C, Rows1>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 2: Run<V, S, C, Rows2>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 3: Run<V, S, C, Rows3>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 4: Run<V, S, C, Rows4>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 5: Run<V, S, C, Rows5>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 6: Run<V, S, C, Rows6>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 7: Run<V, S, C, Rows7>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 8: Run<V, S, C, Rows8>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 9: Run<V, S, C, Rows9>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 10: Run<V, S, C, Rows10>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 11: Run<V, S, C, Rows11>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 12: Run<V, S, C, Rows12>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 13: Run<V, S, C, Rows13>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            case 14: Run<V, S, C, Rows14>(keys, weights, values, step, fetch, tile, keep, take, resume); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    /// <summary>Rows of weights times two vectors of each value.</summary>
    /// <param name="keys">How many keys.</param>
    /// <param name="weights">Tiles of R.Count rows of two vectors of keys, as <see cref="MicroKernel.Tile{V, C, R}"/> writes them.</param>
    /// <param name="values">Two vectors of the first value.</param>
    /// <param name="step">From there to the next value.</param>
    /// <param name="fetch">What will be needed next: for each key, two vectors more of it are brought nearer.</param>
    /// <param name="tile">Receives two vectors per row.</param>
    /// <param name="keep">Factors, one per row, of what the tile holds, to which the sums are added; null to overwrite it.</param>
    /// <param name="take">Factors of the sums then.</param>
    /// <param name="resume">Whether the sums go on from what the tile holds; not together with <paramref name="keep"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, S, C, R>(nint keys, C* weights, S* values, nint step, S* fetch, C* tile, C* keep, C* take, bool resume)
        where V : struct, ISimd<V, C>
        where S : unmanaged
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
        for (; keys > 0; keys -= 2 * V.Count)
        {
            C* a = weights;
            if (keys <= 2 * V.Count && keep != null && Sse.IsSupported)
            {
                // Earlier, what is fetched would be pushed out by the values before it is needed.
                for (int row = 0; row < R.Count; row++)
                {
                    Sse.Prefetch0(tile + 2 * row * V.Count);
                    Sse.Prefetch0(tile + (2 * row + 1) * V.Count);
                }
            }
            for (nint k = nint.Min(keys, 2 * V.Count); k > 0; k--)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(fetch);
                    if (2 * V.Count * sizeof(S) > 64) Sse.Prefetch0(fetch + V.Count);
                }
                V u = Storage.Load<V, S, C>(values), v = Storage.Load<V, S, C>(values + V.Count);
                { V x = V.Create(*(a)); c0 = V.FusedMultiplyAdd(x, u, c0); d0 = V.FusedMultiplyAdd(x, v, d0); }
                if (R.Count > 1) { V x = V.Create(*(a + 2 * V.Count)); c1 = V.FusedMultiplyAdd(x, u, c1); d1 = V.FusedMultiplyAdd(x, v, d1); }
                if (R.Count > 2) { V x = V.Create(*(a + 4 * V.Count)); c2 = V.FusedMultiplyAdd(x, u, c2); d2 = V.FusedMultiplyAdd(x, v, d2); }
                if (R.Count > 3) { V x = V.Create(*(a + 6 * V.Count)); c3 = V.FusedMultiplyAdd(x, u, c3); d3 = V.FusedMultiplyAdd(x, v, d3); }
                if (R.Count > 4) { V x = V.Create(*(a + 8 * V.Count)); c4 = V.FusedMultiplyAdd(x, u, c4); d4 = V.FusedMultiplyAdd(x, v, d4); }
                if (R.Count > 5) { V x = V.Create(*(a + 10 * V.Count)); c5 = V.FusedMultiplyAdd(x, u, c5); d5 = V.FusedMultiplyAdd(x, v, d5); }
                if (R.Count > 6) { V x = V.Create(*(a + 12 * V.Count)); c6 = V.FusedMultiplyAdd(x, u, c6); d6 = V.FusedMultiplyAdd(x, v, d6); }
                if (R.Count > 7) { V x = V.Create(*(a + 14 * V.Count)); c7 = V.FusedMultiplyAdd(x, u, c7); d7 = V.FusedMultiplyAdd(x, v, d7); }
                if (R.Count > 8) { V x = V.Create(*(a + 16 * V.Count)); c8 = V.FusedMultiplyAdd(x, u, c8); d8 = V.FusedMultiplyAdd(x, v, d8); }
                if (R.Count > 9) { V x = V.Create(*(a + 18 * V.Count)); c9 = V.FusedMultiplyAdd(x, u, c9); d9 = V.FusedMultiplyAdd(x, v, d9); }
                if (R.Count > 10) { V x = V.Create(*(a + 20 * V.Count)); c10 = V.FusedMultiplyAdd(x, u, c10); d10 = V.FusedMultiplyAdd(x, v, d10); }
                if (R.Count > 11) { V x = V.Create(*(a + 22 * V.Count)); c11 = V.FusedMultiplyAdd(x, u, c11); d11 = V.FusedMultiplyAdd(x, v, d11); }
                if (R.Count > 12) { V x = V.Create(*(a + 24 * V.Count)); c12 = V.FusedMultiplyAdd(x, u, c12); d12 = V.FusedMultiplyAdd(x, v, d12); }
                if (R.Count > 13) { V x = V.Create(*(a + 26 * V.Count)); c13 = V.FusedMultiplyAdd(x, u, c13); d13 = V.FusedMultiplyAdd(x, v, d13); }
                a++;
                values += step;
                fetch += 2 * V.Count;
            }
            weights += R.Count * 2 * V.Count;
        }
        if (keep != null)
        {
            { V x = V.Create(keep[0]), y = V.Create(take[0]); c0 = V.FusedMultiplyAdd(V.Load(tile + 0 * V.Count), x, c0 * y); d0 = V.FusedMultiplyAdd(V.Load(tile + 1 * V.Count), x, d0 * y); }
            if (R.Count > 1) { V x = V.Create(keep[1]), y = V.Create(take[1]); c1 = V.FusedMultiplyAdd(V.Load(tile + 2 * V.Count), x, c1 * y); d1 = V.FusedMultiplyAdd(V.Load(tile + 3 * V.Count), x, d1 * y); }
            if (R.Count > 2) { V x = V.Create(keep[2]), y = V.Create(take[2]); c2 = V.FusedMultiplyAdd(V.Load(tile + 4 * V.Count), x, c2 * y); d2 = V.FusedMultiplyAdd(V.Load(tile + 5 * V.Count), x, d2 * y); }
            if (R.Count > 3) { V x = V.Create(keep[3]), y = V.Create(take[3]); c3 = V.FusedMultiplyAdd(V.Load(tile + 6 * V.Count), x, c3 * y); d3 = V.FusedMultiplyAdd(V.Load(tile + 7 * V.Count), x, d3 * y); }
            if (R.Count > 4) { V x = V.Create(keep[4]), y = V.Create(take[4]); c4 = V.FusedMultiplyAdd(V.Load(tile + 8 * V.Count), x, c4 * y); d4 = V.FusedMultiplyAdd(V.Load(tile + 9 * V.Count), x, d4 * y); }
            if (R.Count > 5) { V x = V.Create(keep[5]), y = V.Create(take[5]); c5 = V.FusedMultiplyAdd(V.Load(tile + 10 * V.Count), x, c5 * y); d5 = V.FusedMultiplyAdd(V.Load(tile + 11 * V.Count), x, d5 * y); }
            if (R.Count > 6) { V x = V.Create(keep[6]), y = V.Create(take[6]); c6 = V.FusedMultiplyAdd(V.Load(tile + 12 * V.Count), x, c6 * y); d6 = V.FusedMultiplyAdd(V.Load(tile + 13 * V.Count), x, d6 * y); }
            if (R.Count > 7) { V x = V.Create(keep[7]), y = V.Create(take[7]); c7 = V.FusedMultiplyAdd(V.Load(tile + 14 * V.Count), x, c7 * y); d7 = V.FusedMultiplyAdd(V.Load(tile + 15 * V.Count), x, d7 * y); }
            if (R.Count > 8) { V x = V.Create(keep[8]), y = V.Create(take[8]); c8 = V.FusedMultiplyAdd(V.Load(tile + 16 * V.Count), x, c8 * y); d8 = V.FusedMultiplyAdd(V.Load(tile + 17 * V.Count), x, d8 * y); }
            if (R.Count > 9) { V x = V.Create(keep[9]), y = V.Create(take[9]); c9 = V.FusedMultiplyAdd(V.Load(tile + 18 * V.Count), x, c9 * y); d9 = V.FusedMultiplyAdd(V.Load(tile + 19 * V.Count), x, d9 * y); }
            if (R.Count > 10) { V x = V.Create(keep[10]), y = V.Create(take[10]); c10 = V.FusedMultiplyAdd(V.Load(tile + 20 * V.Count), x, c10 * y); d10 = V.FusedMultiplyAdd(V.Load(tile + 21 * V.Count), x, d10 * y); }
            if (R.Count > 11) { V x = V.Create(keep[11]), y = V.Create(take[11]); c11 = V.FusedMultiplyAdd(V.Load(tile + 22 * V.Count), x, c11 * y); d11 = V.FusedMultiplyAdd(V.Load(tile + 23 * V.Count), x, d11 * y); }
            if (R.Count > 12) { V x = V.Create(keep[12]), y = V.Create(take[12]); c12 = V.FusedMultiplyAdd(V.Load(tile + 24 * V.Count), x, c12 * y); d12 = V.FusedMultiplyAdd(V.Load(tile + 25 * V.Count), x, d12 * y); }
            if (R.Count > 13) { V x = V.Create(keep[13]), y = V.Create(take[13]); c13 = V.FusedMultiplyAdd(V.Load(tile + 26 * V.Count), x, c13 * y); d13 = V.FusedMultiplyAdd(V.Load(tile + 27 * V.Count), x, d13 * y); }
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
