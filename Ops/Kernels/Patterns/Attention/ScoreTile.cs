using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Queries times packed keys: tiles of scores, and the greatest of each row on the way, which costs the multipliers
/// nothing.</summary>
/// <remarks>The sums are those of <see cref="MicroKernel"/>: a chain of fused multiply-adds over ascending elements each.</remarks>
internal static unsafe class ScoreTile
{
    /// <summary>How many steps ahead of their use keys are fetched.</summary>
    private const int Lead = 16;

    /// <summary><see cref="Run{V, C, R}"/> of a number of rows that is known only at run time.</summary>
    public static void Run<V, C>(int rows, int tiles, nint depth, C* queries, C* keys, C* tile, C* lanes)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        switch (rows)
        {
            case 1: Run<V, C, Rows1>(tiles, depth, queries, keys, tile, lanes); break;
            case 2: Run<V, C, Rows2>(tiles, depth, queries, keys, tile, lanes); break;
            case 3: Run<V, C, Rows3>(tiles, depth, queries, keys, tile, lanes); break;
            case 4: Run<V, C, Rows4>(tiles, depth, queries, keys, tile, lanes); break;
            case 5: Run<V, C, Rows5>(tiles, depth, queries, keys, tile, lanes); break;
            case 6: Run<V, C, Rows6>(tiles, depth, queries, keys, tile, lanes); break;
            case 7: Run<V, C, Rows7>(tiles, depth, queries, keys, tile, lanes); break;
            case 8: Run<V, C, Rows8>(tiles, depth, queries, keys, tile, lanes); break;
            case 9: Run<V, C, Rows9>(tiles, depth, queries, keys, tile, lanes); break;
            case 10: Run<V, C, Rows10>(tiles, depth, queries, keys, tile, lanes); break;
            case 11: Run<V, C, Rows11>(tiles, depth, queries, keys, tile, lanes); break;
            case 12: Run<V, C, Rows12>(tiles, depth, queries, keys, tile, lanes); break;
            case 13: Run<V, C, Rows13>(tiles, depth, queries, keys, tile, lanes); break;
            case 14: Run<V, C, Rows14>(tiles, depth, queries, keys, tile, lanes); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    /// <summary>The scores of some panels of keys.</summary>
    /// <param name="tiles">How many panels, one behind another.</param>
    /// <param name="depth">Elements of a query and of a key.</param>
    /// <param name="queries">A packed panel of R.Count queries.</param>
    /// <param name="keys">Two vectors of keys for the first element.</param>
    /// <param name="tile">Receives two vectors per row for each panel.</param>
    /// <param name="lanes">A vector per row, which grows to the greatest scores lane by lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, C, R>(int tiles, nint depth, C* queries, C* keys, C* tile, C* lanes)
        where V : struct, ISimd<V, C>
        where C : unmanaged
        where R : struct, IRows
    {
        for (; tiles > 0; tiles--)
        {
            C* a = queries;
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
            for (nint k = depth; k > 0; k--)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(keys + Lead * 2 * V.Count);
                    if (V.Count * sizeof(C) == 64) Sse.Prefetch0(keys + (Lead * 2 + 1) * V.Count);
                }
                V u = V.Load(keys), v = V.Load(keys + V.Count);
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
                keys += 2 * V.Count;
            }
            Keep<V, C>(c0, d0, tile + 0 * V.Count, lanes + 0 * V.Count);
            if (R.Count > 1) Keep<V, C>(c1, d1, tile + 2 * V.Count, lanes + 1 * V.Count);
            if (R.Count > 2) Keep<V, C>(c2, d2, tile + 4 * V.Count, lanes + 2 * V.Count);
            if (R.Count > 3) Keep<V, C>(c3, d3, tile + 6 * V.Count, lanes + 3 * V.Count);
            if (R.Count > 4) Keep<V, C>(c4, d4, tile + 8 * V.Count, lanes + 4 * V.Count);
            if (R.Count > 5) Keep<V, C>(c5, d5, tile + 10 * V.Count, lanes + 5 * V.Count);
            if (R.Count > 6) Keep<V, C>(c6, d6, tile + 12 * V.Count, lanes + 6 * V.Count);
            if (R.Count > 7) Keep<V, C>(c7, d7, tile + 14 * V.Count, lanes + 7 * V.Count);
            if (R.Count > 8) Keep<V, C>(c8, d8, tile + 16 * V.Count, lanes + 8 * V.Count);
            if (R.Count > 9) Keep<V, C>(c9, d9, tile + 18 * V.Count, lanes + 9 * V.Count);
            if (R.Count > 10) Keep<V, C>(c10, d10, tile + 20 * V.Count, lanes + 10 * V.Count);
            if (R.Count > 11) Keep<V, C>(c11, d11, tile + 22 * V.Count, lanes + 11 * V.Count);
            if (R.Count > 12) Keep<V, C>(c12, d12, tile + 24 * V.Count, lanes + 12 * V.Count);
            if (R.Count > 13) Keep<V, C>(c13, d13, tile + 26 * V.Count, lanes + 13 * V.Count);
            tile += R.Count * 2 * V.Count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep<V, C>(V c, V d, C* tile, C* lanes)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        V.Store(c, tile);
        V.Store(d, tile + V.Count);
        V.Store(V.MaxNative(d, V.MaxNative(c, V.Load(lanes))), lanes);
    }
}
