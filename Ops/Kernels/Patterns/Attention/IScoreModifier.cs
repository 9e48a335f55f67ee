using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>What happens to a scaled score before the mask and the softmax.</summary>
internal interface IScoreModifier
{
    /// <summary>Whether scores stay as they are, so that no pass need be made for it.</summary>
    static abstract bool IsIdentity { get; }

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

/// <summary>cap * tanh(score / cap).</summary>
internal readonly struct SoftCap(double cap) : IScoreModifier
{
    private readonly double _cap = cap;
    private readonly double _inverse = 1 / cap;

    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged => V.Constant(_cap) * V.Tanh(score * V.Constant(_inverse));
}
