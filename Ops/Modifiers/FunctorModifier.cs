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
    public static bool IsIdentity => !M.ChangesScores;

    /// <inheritdoc/>
    public static bool IsTile => M.ChangesScores;

    /// <inheritdoc/>
    public static bool IsSelective => M.IsSelective;

    /// <inheritdoc/>
    public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged => M.ChangesScores ? throw new NotSupportedException("Structs modify tiles.") : score;

    /// <inheritdoc/>
    public static bool MayChangeProbabilities => M.ChangesProbabilities;

    /// <inheritdoc/>
    public bool ChangesProbabilities => M.ChangesProbabilities;

    /// <inheritdoc/>
    public bool SkipsZeros => M.SkipsZeros;

    /// <inheritdoc/>
    public int Reductions => M.Reductions;

    /// <inheritdoc/>
    public ModifierReduction Reduction(int number) => M.Reduction(number);

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
        if (!panel.SeesAll(2 * V.Count)) ScorePass<V, C>.Hide((RowPanel<C>*)Unsafe.AsPointer(ref panel), scores, lanes);
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

    /// <inheritdoc/>
    public void Reduce<V, C>(int number, ref RowPanel<C> panel, int batch, C* probabilities, C* rowNumbers, byte* work)
        where V : struct, ISimd<V, C>
        where C : unmanaged => Probabilities<V, C>(number, ref panel, batch, probabilities, rowNumbers);

    /// <inheritdoc/>
    public void ModifyProbabilities<V, C>(ref RowPanel<C> panel, int batch, C* probabilities, C* rowNumbers, byte* work)
        where V : struct, ISimd<V, C>
        where C : unmanaged => Probabilities<V, C>(-1, ref panel, batch, probabilities, rowNumbers);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Probabilities<V, C>(int number, ref RowPanel<C> panel, int batch, C* probabilities, C* rowNumbers)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        nint width = 2 * V.Count;
        for (int row = 0; row < panel.Rows; row++)
        {
            var loop = new ProbabilityLoop<V, C>(probabilities + row * width, panel.Rows * width, panel.Low, panel.High);
            _functor.OpenProbabilities(new FunctorPlace<V, C>(_memory, batch, panel.RowHead[row], panel.RowQuery[row], rowNumbers + row),
                number, ref loop);
        }
    }

    /// <summary>Modifies the probabilities of a row in place.</summary>
    private readonly struct ProbabilityLoop<V, C>(C* tile, nint step, int low, int high) : IRowLoop<V, C>
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<R>(R row)
            where R : struct, IScoreRow<V, C>
        {
            C* at = tile;
            nint next = step;
            int end = high;
            V keys = V.Indices + V.Constant(low), count = V.Constant(V.Count);
            for (int key = low; key < end; key += 2 * V.Count, at += next)
            {
                V others = keys + count;
                V x = row.Apply(V.Load(at), key, keys), y = row.Apply(V.Load(at + V.Count), key + V.Count, others);
                keys = others + count;
                V.Store(x, at);
                V.Store(y, at + V.Count);
            }
        }
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
            where R : struct, IScoreRow<V, C> => ScorePass<V, C>.Modify(row, panel, Row, scores, lanes);
    }
}
