using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Simd;
using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>A modifier known when the program is built, inside the attention kernel.</summary>
internal readonly unsafe struct FunctorModifier<M>(M functor, FunctorMemory memory) : IScoreModifier
    where M : struct, IScoreFunctor
{
    /// <summary>The number of panels' program for full tiles.</summary>
    private const int Full = 1;

    private readonly M _functor = functor;
    private readonly FunctorMemory _memory = memory;

    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    public static bool IsRowwise => true;

    /// <inheritdoc/>
    public static bool IsSelective => M.IsSelective;

    /// <inheritdoc/>
    public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged => throw new NotSupportedException("Structs modify rows.");

    /// <inheritdoc/>
    public bool IsPlain(int program) => M.IsPlainWhenFull && program == Full;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public V Max<V, C>(ref RowPanel<C> panel, int row, int batch, C* tile, nint step, int position, int end)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        var loop = new MaxLoop<V, C>(tile, step, position, end, panel.RowTo[row]);
        _functor.Open(new FunctorPlace<V, C>(_memory, batch, panel.RowHead[row], panel.RowQuery[row]), panel.Program == Full, ref loop);
        return loop.Top;
    }

    /// <inheritdoc/>
    public void Select<V, C>(ref RowPanel<C> panel, int batch)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        var (heads, queries) = TileModifier.Positions(ref panel);
        var look = new Looking(_functor, _memory.Call, batch, heads, queries);
        int low = panel.Low, high = panel.High;
        if (!KeyTrimming.Run(ref look, ref panel.Low, ref panel.High, 2 * V.Count)) panel.High = panel.Low;
        else if (look.IsFull && panel.Low == low && panel.High == high) panel.Program = Full;
    }

    private struct Looking(M functor, ModifierCall call, int batch, Interval heads, Interval queries) : IKeyLook
    {
        private bool _hasLooked;

        /// <summary>Whether the first range looked at is full.</summary>
        public bool IsFull;

        public Interval Of(int from, int to)
        {
            Interval range = functor.Look(new FunctorTile(call, batch, heads, queries, new Interval(from, to - 1)), out bool isFull);
            if (!_hasLooked) IsFull = isFull;
            _hasLooked = true;
            return range;
        }
    }

    /// <summary>Modifies the scores of a row in place, and finds their maximum.</summary>
    private struct MaxLoop<V, C>(C* tile, nint step, int position, int end, int to) : IRowLoop<V, C>
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        /// <summary>The maximum in each lane.</summary>
        public V Top = V.Constant(double.NegativeInfinity);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<R>(R row)
            where R : struct, IScoreRow<V, C>
        {
            C* scores = tile;
            nint next = step;
            int last = end, seen = to;
            V u = V.Constant(double.NegativeInfinity), v = u, keys = V.Indices + V.Constant(position), count = V.Constant(V.Count);
            for (int key = position; key < last; key += 2 * V.Count, scores += next)
            {
                V others = keys + count;
                V x = row.Apply(V.Load(scores), key, keys), y = row.Apply(V.Load(scores + V.Count), key + V.Count, others);
                keys = others + count;
                if (key + 2 * V.Count > seen)
                {
                    x = SoftmaxTile<V, C, PlainScore<NaturalUnit>, NoMask>.Within(x, key, 0, seen);
                    y = SoftmaxTile<V, C, PlainScore<NaturalUnit>, NoMask>.Within(y, key + V.Count, 0, seen);
                }
                V.Store(x, scores);
                V.Store(y, scores + V.Count);
                u = V.MaxNative(x, u);
                v = V.MaxNative(y, v);
            }
            Top = V.MaxNative(u, v);
        }
    }
}
