using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>The softmax of one cell's scores: its maximum, its exponentials, their sum; and how cells combine.</summary>
internal static unsafe class SoftmaxTile<V, C, M, K>
    where V : struct, ISimd<V, C>
    where C : unmanaged
    where M : struct, IScoreModifier
    where K : struct, IScoreMask
{
    private const double Log2E = 1.4426950408889634;

    private static int Width => MicroKernel.PanelVectors * V.Count;

    /// <summary>Turns a row of scores into weights e^(score - max), in place.</summary>
    /// <param name="modifier">What happens to scores.</param>
    /// <param name="mask">What is masked besides.</param>
    /// <param name="batch">The sequence.</param>
    /// <param name="head">The query head.</param>
    /// <param name="query">The query.</param>
    /// <param name="maskRow">The mask of the query.</param>
    /// <param name="scores">Two vectors of scores.</param>
    /// <param name="step">From there to the next two.</param>
    /// <param name="position">The position of the first key.</param>
    /// <param name="end">The position after the last one.</param>
    /// <param name="from">The first key the row sees by position.</param>
    /// <param name="to">The end of these.</param>
    /// <param name="max">Receives the maximum.</param>
    /// <param name="sum">Receives the sum of the weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(in M modifier, in K mask, int batch, int head, int query, void* maskRow,
        C* scores, nint step, int position, int end, int from, int to, C* max, C* sum)
    {
        V lowest = V.Constant(double.NegativeInfinity), u = lowest, v = lowest;
        C* tile = scores;
        bool isFull = from <= position && to >= position + (end - position + Width - 1) / Width * Width;
        if (M.IsIdentity && K.IsNone && isFull)
        {
            for (int key = position; key < end; key += Width, tile += step)
            {
                u = Larger(V.Load(tile), u);
                v = Larger(V.Load(tile + V.Count), v);
            }
        }
        else
        {
            for (int key = position; key < end; key += Width, tile += step)
            {
                V x = V.Load(tile), y = V.Load(tile + V.Count);
                if (!M.IsIdentity)
                {
                    V keys = V.Indices + V.Constant(key);
                    x = modifier.Apply<V, C>(x, batch, head, query, key, keys);
                    y = modifier.Apply<V, C>(y, batch, head, query, key + V.Count, keys + V.Constant(V.Count));
                }
                if (!K.IsNone)
                {
                    x = mask.Apply<V, C>(x, maskRow, key);
                    y = mask.Apply<V, C>(y, maskRow, key + V.Count);
                }
                if (key < from || key + Width > to)
                {
                    x = Within(x, key, from, to);
                    y = Within(y, key + V.Count, from, to);
                }
                V.Store(x, tile);
                V.Store(y, tile + V.Count);
                u = Larger(x, u);
                v = Larger(y, v);
            }
        }

        // Of nothing but -inf every weight shall be 0, which -inf - -inf is not.
        C top = V.MaxLanes(Larger(u, v));
        *max = top;
        V shift = V.Create(top);
        shift = V.Select(V.Equal(shift, lowest), V.Zero, shift);
        V factor = V.Constant(Log2E);
        V first = V.Zero, second = V.Zero;
        tile = scores;
        for (int key = position; key < end; key += Width, tile += step)
        {
            V x = V.Exp2((V.Load(tile) - shift) * factor), y = V.Exp2((V.Load(tile + V.Count) - shift) * factor);
            V.Store(x, tile);
            V.Store(y, tile + V.Count);
            first += x;
            second += y;
        }
        *sum = V.SumLanes(first + second);
    }

    /// <summary>Takes a cell's maxima and sums into those so far; gives the factors by which both outputs are multiplied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(C* max, C* sum, C* cellMax, C* cellSum, C* keep, C* take)
    {
        for (int slot = 0; slot < RowPanel<C>.Slots; slot += V.Count)
        {
            V before = V.Load(max + slot), cell = V.Load(cellMax + slot), after = Larger(cell, before);
            V old = Weight(before, after), add = Weight(cell, after);
            V.Store(old, keep + slot);
            V.Store(add, take + slot);
            V.Store(after, max + slot);
            V.Store(V.FusedMultiplyAdd(V.Load(sum + slot), old, V.Load(cellSum + slot) * add), sum + slot);
        }
    }

    /// <summary>Takes a cell's output into that so far, as <see cref="ValueTile"/> does when it has both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(int rows, int columnPanels, C* output, C* cellOutput, C* keep, C* take)
    {
        for (int panel = 0; panel < columnPanels; panel++)
        {
            for (int row = 0; row < rows; row++)
            {
                V x = V.Create(keep[row]), y = V.Create(take[row]);
                for (int half = 0; half < MicroKernel.PanelVectors; half++, output += V.Count, cellOutput += V.Count)
                    V.Store(V.FusedMultiplyAdd(V.Load(output), x, V.Load(cellOutput) * y), output);
            }
        }
    }

    /// <summary>-inf for the keys outside of a range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Within(V score, int key, int from, int to)
    {
        V keys = V.Indices + V.Constant(key);
        V inside = V.GreaterOrEqual(keys, V.Constant(from)) & V.Less(keys, V.Constant(to));
        return V.Select(inside, score, V.Constant(double.NegativeInfinity));
    }

    /// <summary>e^(score - max); scores equal to it weigh 1 even if infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Weight(V max, V top) =>
        V.Select(V.Equal(max, top), V.Constant(1), V.Exp2((max - top) * V.Constant(Log2E)));

    /// <summary>The larger one; a NaN score is left to the sum, which it makes NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Larger(V score, V max) => V.Select(V.Greater(score, max), score, max);
}
