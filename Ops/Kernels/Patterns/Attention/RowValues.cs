using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Probabilities of few rows times values that are read once: tiles twice as wide as those of <see cref="ValueTile"/>, with the
/// same sums.</summary>
/// <remarks>Few rows leave registers free: with more columns at a time more sums run beside each other, none waiting for the one
/// before.</remarks>
internal static unsafe class RowValues
{
    /// <summary>Column panels of a tile.</summary>
    public const int Panels = 2;

    /// <summary>The most rows that leave registers for the values.</summary>
    private const int MaxRows = 6;

    /// <summary>Whether <see cref="Run{V, S, C}"/> takes so many rows and columns.</summary>
    public static bool Takes<V, C>(int rows, int columns)
        where V : struct, ISimd<V, C>
        where C : unmanaged => Avx512F.IsSupported && rows <= MaxRows && columns % (Panels * MicroKernel.PanelVectors * V.Count) == 0;

    /// <summary><see cref="Run{V, S, C, R}"/> of a number of rows that is known only at run time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, S, C>(int rows, ValueRun<S, C>* runs, int count, nint column, C* tile, bool resume)
        where V : struct, ISimd<V, C>
        where S : unmanaged
        where C : unmanaged
    {
        switch (rows)
        {
            case 1: Run<V, S, C, Rows1>(runs, count, column, tile, resume); break;
            case 2: Run<V, S, C, Rows2>(runs, count, column, tile, resume); break;
            case 3: Run<V, S, C, Rows3>(runs, count, column, tile, resume); break;
            case 4: Run<V, S, C, Rows4>(runs, count, column, tile, resume); break;
            case 5: Run<V, S, C, Rows5>(runs, count, column, tile, resume); break;
            case 6: Run<V, S, C, Rows6>(runs, count, column, tile, resume); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows));
        }
    }

    /// <summary>Rows of weights times four vectors of each value.</summary>
    /// <param name="runs">The values.</param>
    /// <param name="count">How many runs.</param>
    /// <param name="column">The first element of the four vectors.</param>
    /// <param name="tile">Receives two tiles of two vectors per row.</param>
    /// <param name="resume">Whether the sums go on from what the tile holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, S, C, R>(ValueRun<S, C>* runs, int count, nint column, C* tile, bool resume)
        where V : struct, ISimd<V, C>
        where S : unmanaged
        where C : unmanaged
        where R : struct, IRows
    {
        C* second = tile + R.Count * 2 * V.Count;
        V a0 = V.Zero, b0 = V.Zero, c0 = V.Zero, d0 = V.Zero;
        V a1 = V.Zero, b1 = V.Zero, c1 = V.Zero, d1 = V.Zero;
        V a2 = V.Zero, b2 = V.Zero, c2 = V.Zero, d2 = V.Zero;
        V a3 = V.Zero, b3 = V.Zero, c3 = V.Zero, d3 = V.Zero;
        V a4 = V.Zero, b4 = V.Zero, c4 = V.Zero, d4 = V.Zero;
        V a5 = V.Zero, b5 = V.Zero, c5 = V.Zero, d5 = V.Zero;
        if (resume)
        {
            { a0 = V.Load(tile + 0 * V.Count); b0 = V.Load(tile + 1 * V.Count); c0 = V.Load(second + 0 * V.Count); d0 = V.Load(second + 1 * V.Count); }
            if (R.Count > 1) { a1 = V.Load(tile + 2 * V.Count); b1 = V.Load(tile + 3 * V.Count); c1 = V.Load(second + 2 * V.Count); d1 = V.Load(second + 3 * V.Count); }
            if (R.Count > 2) { a2 = V.Load(tile + 4 * V.Count); b2 = V.Load(tile + 5 * V.Count); c2 = V.Load(second + 4 * V.Count); d2 = V.Load(second + 5 * V.Count); }
            if (R.Count > 3) { a3 = V.Load(tile + 6 * V.Count); b3 = V.Load(tile + 7 * V.Count); c3 = V.Load(second + 6 * V.Count); d3 = V.Load(second + 7 * V.Count); }
            if (R.Count > 4) { a4 = V.Load(tile + 8 * V.Count); b4 = V.Load(tile + 9 * V.Count); c4 = V.Load(second + 8 * V.Count); d4 = V.Load(second + 9 * V.Count); }
            if (R.Count > 5) { a5 = V.Load(tile + 10 * V.Count); b5 = V.Load(tile + 11 * V.Count); c5 = V.Load(second + 10 * V.Count); d5 = V.Load(second + 11 * V.Count); }
        }
        for (ValueRun<S, C>* end = runs + count; runs < end; runs++)
        {
            C* weights = runs->Weights;
            S* values = runs->Values + column, fetch = runs->Next + column * runs->Count;
            nint step = runs->Step;
            for (nint keys = runs->Count; keys > 0; keys--)
            {
                Sse.Prefetch0(fetch);
                if (4 * V.Count * sizeof(S) > 64) Sse.Prefetch0(fetch + 64 / sizeof(S));
                if (4 * V.Count * sizeof(S) > 128)
                {
                    Sse.Prefetch0(fetch + 128 / sizeof(S));
                    Sse.Prefetch0(fetch + 192 / sizeof(S));
                }
                V t = Storage.Load<V, S, C>(values), u = Storage.Load<V, S, C>(values + V.Count);
                V v = Storage.Load<V, S, C>(values + 2 * V.Count), w = Storage.Load<V, S, C>(values + 3 * V.Count);
                { V x = V.Create(*(weights + 0 * V.Count)); a0 = V.FusedMultiplyAdd(x, t, a0); b0 = V.FusedMultiplyAdd(x, u, b0); c0 = V.FusedMultiplyAdd(x, v, c0); d0 = V.FusedMultiplyAdd(x, w, d0); }
                if (R.Count > 1) { V x = V.Create(*(weights + 2 * V.Count)); a1 = V.FusedMultiplyAdd(x, t, a1); b1 = V.FusedMultiplyAdd(x, u, b1); c1 = V.FusedMultiplyAdd(x, v, c1); d1 = V.FusedMultiplyAdd(x, w, d1); }
                if (R.Count > 2) { V x = V.Create(*(weights + 4 * V.Count)); a2 = V.FusedMultiplyAdd(x, t, a2); b2 = V.FusedMultiplyAdd(x, u, b2); c2 = V.FusedMultiplyAdd(x, v, c2); d2 = V.FusedMultiplyAdd(x, w, d2); }
                if (R.Count > 3) { V x = V.Create(*(weights + 6 * V.Count)); a3 = V.FusedMultiplyAdd(x, t, a3); b3 = V.FusedMultiplyAdd(x, u, b3); c3 = V.FusedMultiplyAdd(x, v, c3); d3 = V.FusedMultiplyAdd(x, w, d3); }
                if (R.Count > 4) { V x = V.Create(*(weights + 8 * V.Count)); a4 = V.FusedMultiplyAdd(x, t, a4); b4 = V.FusedMultiplyAdd(x, u, b4); c4 = V.FusedMultiplyAdd(x, v, c4); d4 = V.FusedMultiplyAdd(x, w, d4); }
                if (R.Count > 5) { V x = V.Create(*(weights + 10 * V.Count)); a5 = V.FusedMultiplyAdd(x, t, a5); b5 = V.FusedMultiplyAdd(x, u, b5); c5 = V.FusedMultiplyAdd(x, v, c5); d5 = V.FusedMultiplyAdd(x, w, d5); }
                weights++;
                values += step;
                fetch += 4 * V.Count;
            }
        }
        { V.Store(a0, tile + 0 * V.Count); V.Store(b0, tile + 1 * V.Count); V.Store(c0, second + 0 * V.Count); V.Store(d0, second + 1 * V.Count); }
        if (R.Count > 1) { V.Store(a1, tile + 2 * V.Count); V.Store(b1, tile + 3 * V.Count); V.Store(c1, second + 2 * V.Count); V.Store(d1, second + 3 * V.Count); }
        if (R.Count > 2) { V.Store(a2, tile + 4 * V.Count); V.Store(b2, tile + 5 * V.Count); V.Store(c2, second + 4 * V.Count); V.Store(d2, second + 5 * V.Count); }
        if (R.Count > 3) { V.Store(a3, tile + 6 * V.Count); V.Store(b3, tile + 7 * V.Count); V.Store(c3, second + 6 * V.Count); V.Store(d3, second + 7 * V.Count); }
        if (R.Count > 4) { V.Store(a4, tile + 8 * V.Count); V.Store(b4, tile + 9 * V.Count); V.Store(c4, second + 8 * V.Count); V.Store(d4, second + 9 * V.Count); }
        if (R.Count > 5) { V.Store(a5, tile + 10 * V.Count); V.Store(b5, tile + 11 * V.Count); V.Store(c5, second + 10 * V.Count); V.Store(d5, second + 11 * V.Count); }
    }
}
