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
    private static int Width => MicroKernel.PanelVectors * V.Count;

    /// <summary>The probability of a score, given its row's maximum and sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Probability(V score, C max, C sum) =>
        ScoreWeights<V, C>.Below(V.Create(max)).Of(score) / V.Create(sum);

    /// <summary>Turns tiles of scores into weights e^(score - max of the row), in place.</summary>
    /// <param name="modifier">What happens to scores.</param>
    /// <param name="mask">What is masked besides.</param>
    /// <param name="panel">The rows.</param>
    /// <param name="batch">Their sequence.</param>
    /// <param name="scores">A tile for every two vectors of keys.</param>
    /// <param name="position">The position of the first key.</param>
    /// <param name="end">The position after the last one.</param>
    /// <param name="lanes">A vector for each row, to work with.</param>
    /// <param name="max">Receives the maxima.</param>
    /// <param name="sum">Receives the sums of the weights.</param>
    /// <remarks>Each step is made for all rows before the next: a row alone would wait for its own maximum most of the time.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weigh(in M modifier, in K mask, ref RowPanel<C> panel, int batch, C* scores, int position, int end, C* lanes, C* max, C* sum)
    {
        nint step = panel.Rows * Width;
        for (int row = 0; row < panel.Rows; row++)
        {
            bool isFull = panel.RowFrom[row] <= position && panel.RowTo[row] >= position + (end - position + Width - 1) / Width * Width;
            V top = (M.IsIdentity || M.IsRowwise && modifier.IsPlain(panel.Program)) && K.IsNone && isFull
                ? Max(scores + row * Width, step, position, end)
                : M.IsRowwise ? modifier.Max<V, C>(ref panel, row, batch, scores + row * Width, step, position, end)
                : MaskedMax(in modifier, in mask, ref panel, row, batch, scores + row * Width, step, position, end);
            V.Store(top, lanes + row * V.Count);
        }

        for (int row = 0; row < panel.Rows; row++) max[row] = V.MaxLanes(V.Load(lanes + row * V.Count));

        for (int row = 0; row < panel.Rows; row++)
            V.Store(Exponentials(scores + row * Width, step, position, end, max[row]), lanes + row * V.Count);
        for (int row = 0; row < panel.Rows; row++) sum[row] = V.SumLanes(V.Load(lanes + row * V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Max(C* tile, nint step, int position, int end)
    {
        V u = V.Constant(double.NegativeInfinity), v = u;
        for (int key = position; key < end; key += Width, tile += step)
        {
            u = V.MaxNative(V.Load(tile), u);
            v = V.MaxNative(V.Load(tile + V.Count), v);
        }
        return V.MaxNative(u, v);
    }

    /// <summary>Modifies and masks the scores of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V MaskedMax(in M modifier, in K mask, ref RowPanel<C> panel, int row, int batch, C* tile, nint step, int position, int end)
    {
        M modify = modifier;
        K masked = mask;
        int head = panel.RowHead[row], query = panel.RowQuery[row], from = panel.RowFrom[row], to = panel.RowTo[row];
        void* maskRow = panel.Masks[row];
        V u = V.Constant(double.NegativeInfinity), v = u;
        for (int key = position; key < end; key += Width, tile += step)
        {
            V x = V.Load(tile), y = V.Load(tile + V.Count);
            if (!M.IsIdentity)
            {
                V keys = V.Indices + V.Constant(key);
                x = modify.Apply<V, C>(x, batch, head, query, key, keys);
                y = modify.Apply<V, C>(y, batch, head, query, key + V.Count, keys + V.Constant(V.Count));
            }
            if (!K.IsNone)
            {
                x = masked.Apply<V, C>(x, maskRow, key);
                y = masked.Apply<V, C>(y, maskRow, key + V.Count);
            }
            if (key < from || key + Width > to)
            {
                x = Within(x, key, from, to);
                y = Within(y, key + V.Count, from, to);
            }
            V.Store(x, tile);
            V.Store(y, tile + V.Count);
            u = V.MaxNative(x, u);
            v = V.MaxNative(y, v);
        }
        return V.MaxNative(u, v);
    }

    /// <summary>The weights of a row; the result is their sum in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exponentials(C* tile, nint step, int position, int end, C max)
    {
        ScoreWeights<V, C> weights = ScoreWeights<V, C>.Below(V.Create(max));
        V first = V.Zero, second = V.Zero;
        for (int key = position; key < end; key += Width, tile += step)
        {
            V x = weights.Of(V.Load(tile)), y = weights.Of(V.Load(tile + V.Count));
            V.Store(x, tile);
            V.Store(y, tile + V.Count);
            first += x;
            second += y;
        }
        return first + second;
    }

    /// <summary>Takes a cell's maxima and sums into those so far; gives the factors by which both outputs are multiplied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(C* max, C* sum, C* cellMax, C* cellSum, C* keep, C* take)
    {
        for (int slot = 0; slot < RowPanel<C>.Slots; slot += V.Count)
        {
            V before = V.Load(max + slot), cell = V.Load(cellMax + slot), after = V.MaxNative(cell, before);
            V old = ScoreWeights<V, C>.Factor(before, after), add = ScoreWeights<V, C>.Factor(cell, after);
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
}
