using System.Runtime.CompilerServices;
using Ops.Simd;
using Ops.Specs.Modifiers;

namespace Ops.Kernels;

/// <content>Probabilities that are modified: keys are gone over once for the sums of the rows, and again when these are known.</content>
internal readonly unsafe partial struct AttentionBody<V, T, S, C, L, M, K>
{
    /// <summary>The numbers of rows that a modifier may ask for; a place per row each.</summary>
    private const int MaxNumbers = 8;

    /// <summary>All cells for several panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AttendTwice(RowPanel<C>* panels, int count, int batch, int head, int to, in CellMemory cells)
    {
        using Threading.Scratch scratch = Threading.Scratch.Rent((long)count * MaxNumbers * RowPanel<C>.Slots * sizeof(C));
        var numbers = (C*)scratch.Data;
        for (int start = 0; start < to; start += Cell)
        {
            if (!See(panels, count, batch, start, out int low, out int high)) continue;
            PackKeys(batch, head, start, low, high, in cells);
            for (int i = 0; i < count; i++)
            {
                ref RowPanel<C> panel = ref panels[i];
                if (panel.Low >= panel.High) continue;
                Score(ref panel, start, in cells);
                Weigh(ref panel, batch, panel.Low, panel.High, in cells);
                SoftmaxTile<V, C, M, K>.Combine(panel.Max, panel.Sum, cells.Max, cells.Sum, cells.Keep, cells.Take);
            }
        }

        for (int number = 0; number < _modifier.Reductions; number++) Reduce(number, panels, count, batch, head, to, numbers, in cells);

        new Span<C>(cells.Keep, RowPanel<C>.Slots).Fill(V.First(V.Constant(1)));
        new Span<C>(cells.Take, RowPanel<C>.Slots).Fill(V.First(V.Constant(1)));
        for (int start = 0; start < to; start += Cell)
        {
            if (!SeeAgain(panels, count, batch, start, out int low, out int high)) continue;
            Pack(batch, head, start, low, high, in cells);
            for (int i = 0; i < count; i++)
            {
                ref RowPanel<C> panel = ref panels[i];
                if (panel.Low >= panel.High) continue;
                Probabilities(ref panel, batch, start, in cells);
                _modifier.ModifyProbabilities<V, C>(ref panel, batch, cells.Scores, numbers + i * MaxNumbers * RowPanel<C>.Slots,
                    cells.Work);
                C* values = cells.Values + (panel.Low - start) * Width, output = panel.Output;
                for (int column = 0; column < ColumnPanels; column++, values += Cell * Width, output += panel.Rows * Width)
                    ValueTile.Run<V, C, C>(panel.Rows, panel.High - panel.Low, cells.Scores, values, Width, values + 16 * Width, output,
                        cells.Keep, cells.Take, false);
            }
        }

        for (int i = 0; i < count; i++)
        {
            for (int row = 0; row < panels[i].Rows; row++)
                if (!IsBlind(ref panels[i], row)) panels[i].Sum[row] = V.First(V.Constant(1));
            Finish(ref panels[i], batch, head);
        }
    }

    /// <summary>One number of every row.</summary>
    private void Reduce(int number, RowPanel<C>* panels, int count, int batch, int head, int to, C* numbers, in CellMemory cells)
    {
        ModifierReduction kind = _modifier.Reduction(number);
        V start0 = kind switch
        {
            ModifierReduction.Sum => V.Zero,
            ModifierReduction.Max => V.Constant(double.NegativeInfinity),
            _ => V.Constant(double.PositiveInfinity),
        };
        for (int i = 0; i < count; i++)
            new Span<C>(numbers + (i * MaxNumbers + number) * RowPanel<C>.Slots, RowPanel<C>.Slots).Fill(V.First(start0));
        for (int start = 0; start < to; start += Cell)
        {
            if (!SeeAgain(panels, count, batch, start, out int low, out int high)) continue;
            PackKeys(batch, head, start, low, high, in cells);
            for (int i = 0; i < count; i++)
            {
                ref RowPanel<C> panel = ref panels[i];
                if (panel.Low >= panel.High) continue;
                Probabilities(ref panel, batch, start, in cells);
                C* own = numbers + i * MaxNumbers * RowPanel<C>.Slots;
                _modifier.Reduce<V, C>(number, ref panel, batch, cells.Scores, own, cells.Work);
                for (int row = 0; row < panel.Rows; row++)
                {
                    C* result = own + number * RowPanel<C>.Slots + row, tile = cells.Scores + row * Width;
                    V all = start0;
                    for (int key = panel.Low; key < panel.High; key += Width, tile += panel.Rows * Width)
                    {
                        for (int half = 0; half < MicroKernel.PanelVectors; half++)
                        {
                            int left = panel.High - key - half * V.Count;
                            if (left <= 0) continue;
                            V x = V.Load(tile + half * V.Count);
                            if (left < V.Count) x = V.Select(V.Less(V.Indices, V.Constant(left)), x, start0);
                            all = Joined(kind, all, x);
                        }
                    }
                    C cell = kind == ModifierReduction.Sum ? V.SumLanes(all)
                        : kind == ModifierReduction.Max ? V.MaxLanes(all)
                        : V.MinLanes(all);
                    *result = V.First(Joined(kind, V.Create(*result), V.Create(cell)));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Joined(ModifierReduction kind, V x, V y) =>
        kind == ModifierReduction.Sum ? x + y : kind == ModifierReduction.Max ? V.Max(x, y) : V.Min(x, y);

    /// <summary>As <see cref="See(RowPanel{C}*, int, int, int, out int, out int)"/>; where keys without probability count too, all of
    /// them.</summary>
    private bool SeeAgain(RowPanel<C>* panels, int count, int batch, int start, out int low, out int high)
    {
        bool any = See(panels, count, batch, start, out low, out high);
        for (int i = 0; i < count; i++)
        {
            ref RowPanel<C> panel = ref panels[i];
            if (_modifier.SkipsZeros && !HasNaN(ref panel)) continue;
            panel.Low = int.Max(start, panel.From / Width * Width);
            panel.High = int.Min(start + Cell, panel.To);
            panel.Program = 0;
            if (panel.Low >= panel.High) continue;
            low = int.Min(low, panel.Low);
            high = int.Max(high, panel.High);
            any = true;
        }
        return any;
    }

    /// <summary>Whether a row's probabilities are NaN, also where no key is seen.</summary>
    private static bool HasNaN(ref RowPanel<C> panel)
    {
        for (int row = 0; row < panel.Rows; row++)
            if (!V.Any(V.Greater(V.Create(panel.Sum[row]), V.Zero))) return true;
        return false;
    }

    /// <summary>The probabilities of a panel's keys in the cell.</summary>
    private void Probabilities(ref RowPanel<C> panel, int batch, int start, in CellMemory cells)
    {
        Score(ref panel, start, in cells);
        if (M.IsTile) _modifier.Modify<V, C>(ref panel, batch, cells.Scores, cells.Lanes, cells.Work);
        C* tile = cells.Scores;
        for (int key = panel.Low; key < panel.High; key += Width)
        {
            for (int row = 0; row < panel.Rows; row++, tile += Width)
            {
                V.Store(SoftmaxTile<V, C, M, K>.Probability(V.Load(tile), panel.Max[row], panel.Sum[row]), tile);
                V.Store(SoftmaxTile<V, C, M, K>.Probability(V.Load(tile + V.Count), panel.Max[row], panel.Sum[row]), tile + V.Count);
            }
        }
    }
}
