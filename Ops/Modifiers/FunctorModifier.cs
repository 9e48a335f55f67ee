using System.Runtime.CompilerServices;
using Ops.Kernels;
using Ops.Simd;
using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>A modifier known when the program is built, inside the attention kernel.</summary>
internal readonly struct FunctorModifier<M>(M functor) : IScoreModifier
    where M : struct, IScoreFunctor
{
    private readonly M _functor = functor;

    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    public static bool IsSelective => M.IsSelective;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged => _functor.Apply<V, C>(score, batch, head, query, firstKey, keys);

    /// <inheritdoc/>
    public unsafe void Select<V, C>(ref RowPanel<C> panel, int batch)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        var (heads, queries) = TileModifier.Positions(ref panel);
        var look = new Looking(_functor, batch, heads, queries);
        if (!KeyTrimming.Run(ref look, ref panel.Low, ref panel.High, 2 * V.Count)) panel.High = panel.Low;
    }

    private struct Looking(M functor, int batch, Interval heads, Interval queries) : IKeyLook
    {
        public readonly Interval Of(int from, int to) => functor.Look(batch, heads, queries, new Interval(from, to - 1));
    }
}
