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
        ScoreWeights<V, C, M>.Below(V.Create(max)).Of(score) / V.Create(sum);

    /// <summary>Turns tiles of scores into weights e^(score - max of the row), in place.</summary>
    /// <param name="modifier">What happens to scores.</param>
    /// <param name="mask">What is masked besides.</param>
    /// <param name="panel">The rows.</param>
    /// <param name="batch">Their sequence.</param>
    /// <param name="scores">A tile for every two vectors of keys.</param>
    /// <param name="position">The position of the first key.</param>
    /// <param name="end">The position after the last one.</param>
    /// <param name="lanes">A vector for each row, to work with.</param>
    /// <param name="areFinal">Whether scores are modified and masked, and the greatest of each row in the lanes.</param>
    /// <param name="max">Receives the maxima.</param>
    /// <param name="sum">Receives the sums of the weights.</param>
    /// <remarks>Each step is made for all rows before the next: a row alone would wait for its own maximum most of the time.</remarks>
    public static void Weigh(
        in M modifier, in K mask, ref RowPanel<C> panel, int batch, C* scores, int position, int end, C* lanes, bool areFinal, C* max,
        C* sum)
    {
        if (!areFinal) Mask(in modifier, in mask, ref panel, batch, scores, position, end, lanes);
        RowLanes<V, C>.Max(lanes, panel.Rows, max);
        Exponentials(scores, panel.Rows, (end - position + Width - 1) / Width, max, lanes);
        RowLanes<V, C>.Sum(lanes, panel.Rows, sum);
    }

    /// <summary>Modifies and masks the scores of all rows; the greatest of each, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mask(in M modifier, in K mask, ref RowPanel<C> panel, int batch, C* scores, int position, int end, C* lanes)
    {
        nint step = panel.Rows * Width;
        int tiles = (end - position + Width - 1) / Width;
        for (int row = 0; row < panel.Rows; row++)
        {
            C* tile = scores + row * Width;

            // Tiles that the row sees all of, and all of which the mask covers, need no tests.
            int first = (int.Clamp(panel.RowFrom[row] - position, 0, tiles * Width) + Width - 1) / Width;
            int last = int.Max(first, int.Clamp(int.Min(panel.RowTo[row], mask.End) - position, 0, tiles * Width) / Width);
            for (int i = 0; i < first; i++) MaskEdge(in modifier, in mask, ref panel, row, batch, tile + i * step, position + i * Width);
            for (int i = last; i < tiles; i++) MaskEdge(in modifier, in mask, ref panel, row, batch, tile + i * step, position + i * Width);

            V u = V.Constant(double.NegativeInfinity), v = u;
            Greatest(tile, step, first, ref u, ref v);
            MaskInside(modifier, mask, ref panel, row, batch, tile + first * step, step, position + first * Width, last - first, ref u,
                ref v);
            Greatest(tile + last * step, step, tiles - last, ref u, ref v);
            V.Store(V.MaxNative(u, v), lanes + row * V.Count);
        }
    }

    /// <summary>Makes scores that a row does not see -inf, in the tiles before <paramref name="first"/> and from <paramref name="last"/>
    /// on; the greatest of each row there, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Hide(ref RowPanel<C> panel, C* scores, int first, int last, int tiles, C* lanes)
    {
        nint step = panel.Rows * Width;
        V infinity = V.Constant(double.NegativeInfinity), next = V.Constant(V.Count);
        for (int row = 0; row < panel.Rows; row++)
        {
            V from = V.Constant(panel.RowFrom[row]), to = V.Constant(panel.RowTo[row]), u = infinity, v = infinity;
            for (int i = first > 0 ? 0 : last; i < tiles; i = i + 1 == first ? last : i + 1)
            {
                C* tile = scores + row * Width + i * step;
                V keys = V.Indices + V.Constant(panel.Low + i * Width), others = keys + next;
                V x = V.Select(V.GreaterOrEqual(keys, from) & V.Less(keys, to), V.Load(tile), infinity),
                    y = V.Select(V.GreaterOrEqual(others, from) & V.Less(others, to), V.Load(tile + V.Count), infinity);
                V.Store(x, tile);
                V.Store(y, tile + V.Count);
                u = V.MaxNative(x, u);
                v = V.MaxNative(y, v);
            }
            V.Store(V.MaxNative(u, v), lanes + row * V.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Greatest(C* tile, nint step, int tiles, ref V u, ref V v)
    {
        for (; tiles > 0; tiles--, tile += step)
        {
            u = V.MaxNative(V.Load(tile), u);
            v = V.MaxNative(V.Load(tile + V.Count), v);
        }
    }

    /// <summary>Modifies and masks scores of a row where neither positions nor the end of the mask matter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MaskInside(
        M modifier, K mask, ref RowPanel<C> panel, int row, int batch, C* tile, nint step, int key, int tiles, ref V u, ref V v)
    {
        if ((M.IsIdentity || M.IsTile) && K.IsNone)
        {
            Greatest(tile, step, tiles, ref u, ref v);
            return;
        }
        int head = panel.RowHead[row], query = panel.RowQuery[row];
        void* maskRow = panel.Masks[row];
        for (; tiles > 0; tiles--, key += Width, tile += step)
        {
            V x = V.Load(tile), y = V.Load(tile + V.Count);
            if (!M.IsIdentity && !M.IsTile)
            {
                V keys = V.Indices + V.Constant(key);
                x = modifier.Apply<V, C>(x, batch, head, query, key, keys);
                y = modifier.Apply<V, C>(y, batch, head, query, key + V.Count, keys + V.Constant(V.Count));
            }
            x = mask.ApplyInside<V, C>(x, maskRow, key);
            y = mask.ApplyInside<V, C>(y, maskRow, key + V.Count);
            V.Store(x, tile);
            V.Store(y, tile + V.Count);
            u = V.MaxNative(x, u);
            v = V.MaxNative(y, v);
        }
    }

    /// <summary>Modifies and masks two vectors of scores, of which a row sees a part, or none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void MaskEdge(in M modifier, in K mask, ref RowPanel<C> panel, int row, int batch, C* tile, int key)
    {
        for (int half = 0; half < MicroKernel.PanelVectors; half++, tile += V.Count, key += V.Count)
        {
            V x = V.Load(tile);
            if (!M.IsTile) x = modifier.Apply<V, C>(x, batch, panel.RowHead[row], panel.RowQuery[row], key, V.Indices + V.Constant(key));
            V.Store(Within(mask.Apply<V, C>(x, panel.Masks[row], key), key, panel.RowFrom[row], panel.RowTo[row]), tile);
        }
    }

    /// <summary>The weights of all rows, in place, and their sums lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exponentials(C* scores, int rows, int tiles, C* max, C* lanes)
    {
        nint step = rows * Width;
        for (int row = 0; row < rows; row++)
        {
            C* tile = scores + row * Width;
            if (!ScoreWeights<V, C, M>.IsWhole(max[row]))
            {
                FarExponentials(tile, step, tiles, max[row], lanes + row * V.Count);
                continue;
            }
            ScoreWeights<V, C, M> weights = ScoreWeights<V, C, M>.Below(V.Create(max[row]));
            V first = V.Zero, second = V.Zero;
            int i = 0;
            if (typeof(C) == typeof(float) && V.Count * sizeof(C) == 64)
            {
                for (; i < tiles - 1; i += 2, tile += 2 * step)
                {
                    V a = V.Load(tile), b = V.Load(tile + V.Count), c = V.Load(tile + step), d = V.Load(tile + step + V.Count);
                    a = weights.OfWhole(a);
                    b = weights.OfWhole(b);
                    c = weights.OfWhole(c);
                    d = weights.OfWhole(d);
                    V.Store(a, tile);
                    V.Store(b, tile + V.Count);
                    V.Store(c, tile + step);
                    V.Store(d, tile + step + V.Count);
                    first = first + a + c;
                    second = second + b + d;
                }
            }
            for (; i < tiles; i++, tile += step)
            {
                V x = weights.OfWhole(V.Load(tile)), y = weights.OfWhole(V.Load(tile + V.Count));
                V.Store(x, tile);
                V.Store(y, tile + V.Count);
                first += x;
                second += y;
            }
            V.Store(first + second, lanes + row * V.Count);
        }
    }

    /// <summary>As <see cref="Exponentials"/>, of a row whose maximum is of no common size.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void FarExponentials(C* tile, nint step, int tiles, C max, C* lanes)
    {
        ScoreWeights<V, C, M> weights = ScoreWeights<V, C, M>.Below(V.Create(max));
        V first = V.Zero, second = V.Zero;
        for (; tiles > 0; tiles--, tile += step)
        {
            V x = weights.Of(V.Load(tile)), y = weights.Of(V.Load(tile + V.Count));
            V.Store(x, tile);
            V.Store(y, tile + V.Count);
            first += x;
            second += y;
        }
        V.Store(first + second, lanes);
    }

    /// <summary>Takes a cell's maxima and sums into those so far; gives the factors by which both outputs are multiplied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(C* max, C* sum, C* cellMax, C* cellSum, C* keep, C* take)
    {
        for (int slot = 0; slot < RowPanel<C>.Slots; slot += V.Count)
        {
            V before = V.Load(max + slot), cell = V.Load(cellMax + slot), after = V.MaxNative(cell, before);
            V old = ScoreWeights<V, C, M>.Factor(before, after), add = ScoreWeights<V, C, M>.Factor(cell, after);
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
