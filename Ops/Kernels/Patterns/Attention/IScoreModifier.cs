using System.Runtime.CompilerServices;
using Ops.Simd;
using Ops.Specs.Modifiers;

namespace Ops.Kernels;

/// <summary>What happens to a scaled score before the mask and the softmax.</summary>
internal interface IScoreModifier
{
    /// <summary>Whether scores stay as they are, so that no pass need be made for it.</summary>
    static abstract bool IsIdentity { get; }

    /// <summary>Whether scores are counted in log 2: the softmax weighs 2^score then, and not e^score.</summary>
    static virtual bool IsBinary => false;

    /// <summary>Whether scores are modified by whole tiles, in <see cref="Modify"/>, and not by vectors.</summary>
    static virtual bool IsTile => false;

    /// <summary>Whether a panel's program leaves scores as they are.</summary>
    bool IsPlain(int program) => false;

    /// <summary>Whether keys may be left out, which <see cref="Select"/> tells.</summary>
    static virtual bool IsSelective => false;

    /// <summary>The bytes of memory that <see cref="Modify"/> works with.</summary>
    long WorkBytes<V, C>()
        where V : struct, ISimd<V, C>
        where C : unmanaged => 0;

    /// <summary>Trims the keys of a cell, <c>panel.Low</c> to <c>panel.High</c>, to those that any row of the panel may see.</summary>
    void Select<V, C>(ref RowPanel<C> panel, int batch)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
    }

    /// <summary>Modifies the tiles of a panel's scores from <c>panel.Low</c> to <c>panel.High</c>; scores of keys that a row does not see
    /// become -inf.</summary>
    /// <param name="panel">The rows.</param>
    /// <param name="batch">Their sequence.</param>
    /// <param name="scores">A tile for every two vectors of keys.</param>
    /// <param name="lanes">Receives a vector for each row, the greatest scores lane by lane.</param>
    /// <param name="work">Memory to work with.</param>
    unsafe void Modify<V, C>(ref RowPanel<C> panel, int batch, C* scores, C* lanes, byte* work)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
    }

    /// <summary>Whether there may be modifiers of probabilities, which <see cref="ChangesProbabilities"/> tells.</summary>
    static virtual bool MayChangeProbabilities => false;

    /// <summary>Whether probabilities are modified too, so that keys are gone over again when the sums of the rows are known.</summary>
    bool ChangesProbabilities => false;

    /// <summary>Whether keys of probability 0 change nothing, so that they may be left out again.</summary>
    bool SkipsZeros => false;

    /// <summary>How many numbers of whole rows the probabilities are modified by.</summary>
    int Reductions => 0;

    /// <summary>How a number of a row is made.</summary>
    ModifierReduction Reduction(int number) => default;

    /// <summary>Turns tiles of probabilities into what a number of their rows is made of.</summary>
    unsafe void Reduce<V, C>(int number, ref RowPanel<C> panel, int batch, C* probabilities, C* rowNumbers, byte* work)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
    }

    /// <summary>Modifies tiles of probabilities.</summary>
    unsafe void ModifyProbabilities<V, C>(ref RowPanel<C> panel, int batch, C* probabilities, C* rowNumbers, byte* work)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
    }

    /// <summary>The modified scores of one query with a vector of consecutive keys.</summary>
    /// <param name="score">The scores.</param>
    /// <param name="batch">The sequence.</param>
    /// <param name="head">The query head.</param>
    /// <param name="query">The query.</param>
    /// <param name="firstKey">The position of the first key.</param>
    /// <param name="keys">The positions of all keys.</param>
    V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged;
}

/// <summary>Scores as they are.</summary>
internal readonly struct PlainScore : IScoreModifier
{
    /// <inheritdoc/>
    public static bool IsIdentity => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged => score;
}

/// <summary>Scores times log2(e), by way of the queries: their powers need no product then, and no rounding on the way.</summary>
internal readonly struct BinaryScore : IScoreModifier
{
    /// <inheritdoc/>
    public static bool IsIdentity => true;

    /// <inheritdoc/>
    public static bool IsBinary => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged => score;
}
