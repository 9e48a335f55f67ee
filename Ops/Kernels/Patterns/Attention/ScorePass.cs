using System.Runtime.CompilerServices;
using Ops.Modifiers;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>Goes over the scores of a panel's rows in place, and finds the greatest of each row.</summary>
internal static unsafe class ScorePass<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    private static int Width => MicroKernel.PanelVectors * V.Count;

    /// <summary>Modifies the scores of one row, as if it saw all keys.</summary>
    /// <param name="row">What happens to them.</param>
    /// <param name="panel">The panel; its keys are those from <c>Low</c> to <c>High</c>.</param>
    /// <param name="number">The number of the row.</param>
    /// <param name="scores">The tiles of the panel.</param>
    /// <param name="lanes">Receives a vector for the row: the greatest scores lane by lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Modify<R>(R row, RowPanel<C>* panel, int number, C* scores, C* lanes)
        where R : struct, IScoreRow<V, C>
    {
        nint step = panel->Rows * Width;
        int high = panel->High;
        C* tile = scores + number * Width;
        V u = V.Constant(double.NegativeInfinity), v = u, keys = V.Indices + V.Constant(panel->Low), count = V.Constant(V.Count);
        for (int key = panel->Low; key < high; key += Width, tile += step)
        {
            V others = keys + count;
            V x = row.Apply(V.Load(tile), key, keys), y = row.Apply(V.Load(tile + V.Count), key + V.Count, others);
            keys = others + count;
            V.Store(x, tile);
            V.Store(y, tile + V.Count);
            u = V.MaxNative(x, u);
            v = V.MaxNative(y, v);
        }
        V.Store(V.MaxNative(u, v), lanes + number * V.Count);
    }

    /// <summary>Makes scores of keys that a row does not see -inf; the greatest of each row, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Hide(RowPanel<C>* panel, C* scores, C* lanes)
    {
        nint step = panel->Rows * Width;
        for (int row = 0; row < panel->Rows; row++)
        {
            C* tile = scores + row * Width;
            V u = V.Constant(double.NegativeInfinity), v = u;
            for (int key = panel->Low; key < panel->High; key += Width, tile += step)
            {
                V x = V.Load(tile), y = V.Load(tile + V.Count);
                if (key < panel->RowFrom[row] || key + Width > panel->RowTo[row])
                {
                    x = SoftmaxTile<V, C, PlainScore, NoMask>.Within(x, key, panel->RowFrom[row], panel->RowTo[row]);
                    y = SoftmaxTile<V, C, PlainScore, NoMask>.Within(y, key + V.Count, panel->RowFrom[row], panel->RowTo[row]);
                    V.Store(x, tile);
                    V.Store(y, tile + V.Count);
                }
                u = V.MaxNative(x, u);
                v = V.MaxNative(y, v);
            }
            V.Store(V.MaxNative(u, v), lanes + row * V.Count);
        }
    }
}
