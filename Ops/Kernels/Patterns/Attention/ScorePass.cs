using System.Runtime.CompilerServices;
using Ops.Modifiers;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Goes over the scores of a panel's rows in place: modifies them, hides those of keys that a row does not see, and finds the
/// greatest of each row.</summary>
internal static unsafe class ScorePass<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    private static int Width => MicroKernel.PanelVectors * V.Count;

    /// <summary>One row.</summary>
    /// <param name="row">What happens to its scores.</param>
    /// <param name="panel">The panel; its keys are those from <c>Low</c> to <c>High</c>.</param>
    /// <param name="number">The number of the row.</param>
    /// <param name="scores">The tiles of the panel.</param>
    /// <param name="lanes">Receives a vector for the row: the greatest scores lane by lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<R>(R row, RowPanel<C>* panel, int number, C* scores, C* lanes)
        where R : struct, IScoreRow<V, C>
    {
        nint step = panel->Rows * Width;
        int high = panel->High, from = panel->RowFrom[number], to = panel->RowTo[number];
        C* tile = scores + number * Width;
        V u = V.Constant(double.NegativeInfinity), v = u, keys = V.Indices + V.Constant(panel->Low), count = V.Constant(V.Count);
        for (int key = panel->Low; key < high; key += Width, tile += step)
        {
            V others = keys + count;
            V x = row.Apply(V.Load(tile), key, keys), y = row.Apply(V.Load(tile + V.Count), key + V.Count, others);
            keys = others + count;
            if (key < from || key + Width > to)
            {
                x = SoftmaxTile<V, C, PlainScore, NoMask>.Within(x, key, from, to);
                y = SoftmaxTile<V, C, PlainScore, NoMask>.Within(y, key + V.Count, from, to);
            }
            V.Store(x, tile);
            V.Store(y, tile + V.Count);
            u = V.MaxNative(x, u);
            v = V.MaxNative(y, v);
        }
        V.Store(V.MaxNative(u, v), lanes + number * V.Count);
    }

    /// <summary>All rows, where nothing is to modify.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(RowPanel<C>* panel, C* scores, C* lanes)
    {
        for (int row = 0; row < panel->Rows; row++) Run(default(Same), panel, row, scores, lanes);
    }

    private readonly struct Same : IScoreRow<V, C>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply(V score, int firstKey, V keys) => score;
    }
}
