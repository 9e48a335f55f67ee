using System.Runtime.CompilerServices;

namespace Ops.Kernels;

/// <content>The scores as an output of their own: computed once more, since nothing else keeps them.</content>
internal readonly unsafe partial struct AttentionBody<V, T, S, C, L, M, K>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteScores(ref RowPanel<C> panel, int batch, int head, in CellMemory cells)
    {
        int keys = _problem.Keys, depth = _problem.Depth;
        for (int key = 0; key < keys; key += Width)
        {
            int count = int.Min(Width, keys - key);
            CellPacking<V, S, C>.Keys(in _layout, batch, head, key, count, depth, cells.Keys, (S*)cells.Staging);
            MicroKernel.Tile<V, C>(panel.Rows, depth, panel.Q, cells.Keys, Width, 0, cells.Scores, false);
            for (int row = 0; row < panel.Rows; row++)
            {
                int queryHead = panel.RowHead[row], query = panel.RowQuery[row];
                T* to = (T*)_problem.Scores.At(batch, queryHead, query) + key;
                C* tile = cells.Scores + row * Width;
                Elements<V, T, C>.StorePartial(Score(V.Load(tile), ref panel, batch, queryHead, query, row, key), to, count);
                Elements<V, T, C>.StorePartial(Score(V.Load(tile + V.Count), ref panel, batch, queryHead, query, row, key + V.Count),
                    to + V.Count, count - V.Count);
            }
        }
    }

    /// <summary>Scores in the state that is wanted.</summary>
    private V Score(V score, ref RowPanel<C> panel, int batch, int head, int query, int row, int key)
    {
        if (_problem.ScoresWanted == ScoreState.Raw) return score;
        score = _modifier.Apply<V, C>(score, batch, head, query, key, V.Indices + V.Constant(key));
        if (_problem.ScoresWanted == ScoreState.Modified) return score;
        score = SoftmaxTile<V, C, M, K>.Within(_mask.Apply<V, C>(score, panel.Masks[row], key), key, panel.RowFrom[row], panel.RowTo[row]);
        if (_problem.ScoresWanted == ScoreState.Masked) return score;
        return IsBlind(ref panel, row) ? V.Zero : SoftmaxTile<V, C, M, K>.Probability(score, panel.Max[row], panel.Sum[row]);
    }
}
