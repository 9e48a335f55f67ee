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
    public static bool IsTile => true;

    /// <inheritdoc/>
    public static bool IsSelective => M.IsSelective;

    /// <inheritdoc/>
    public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged => throw new NotSupportedException("Structs modify tiles.");

    /// <inheritdoc/>
    public bool IsPlain(int program) => M.IsPlainWhenFull && program == Full;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Modify<V, C>(ref RowPanel<C> panel, int batch, C* scores, C* lanes, byte* work)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        bool isFull = panel.Program == Full;
        var loop = new Loop<V, C>((RowPanel<C>*)Unsafe.AsPointer(ref panel), scores, lanes);
        for (; loop.Row < panel.Rows; loop.Row++)
            _functor.Open(new FunctorPlace<V, C>(_memory, batch, panel.RowHead[loop.Row], panel.RowQuery[loop.Row]), isFull, ref loop);
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

    private struct Loop<V, C>(RowPanel<C>* panel, C* scores, C* lanes) : IRowLoop<V, C>
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        public int Row;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Run<R>(R row)
            where R : struct, IScoreRow<V, C> => ScorePass<V, C>.Run(row, panel, Row, scores, lanes);
    }
}
