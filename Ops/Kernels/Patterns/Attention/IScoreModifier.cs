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
    // As floats too: a conversion in a loop would make every step wait for the one before.
    private readonly double _cap = cap;
    private readonly double _inverse = 1 / cap;
    private readonly float _floatCap = (float)cap;
    private readonly float _floatInverse = (float)(1 / cap);

    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged
    {
        if (typeof(C) != typeof(float)) return V.Constant(_cap) * V.Tanh(score * V.Constant(_inverse));

        // A quotient of polynomials, minimax in relative error up to 9, where tanh rounds to 1: V.Tanh works both sides of a case
        // distinction out, at twice the time.
        V cap = V.Create(Unsafe.BitCast<float, C>(_floatCap)), x = score * V.Create(Unsafe.BitCast<float, C>(_floatInverse));
        x = V.Clamp(x, V.Constant(-9), V.Constant(9));
        V u = x * x;
        V p = V.Constant(1.33538824e-08), q = V.Constant(7.77623654e-07);
        p = V.FusedMultiplyAdd(p, u, V.Constant(2.06085133e-05));
        q = V.FusedMultiplyAdd(q, u, V.Constant(0.000328557828));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.00349555374));
        q = V.FusedMultiplyAdd(q, u, V.Constant(0.0258768518));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.133809969));
        q = V.FusedMultiplyAdd(q, u, V.Constant(0.467143118));
        p = V.FusedMultiplyAdd(p, u, V.Constant(1));
        q = V.FusedMultiplyAdd(q, u, V.Constant(1));
        return cap * x * p / q;
    }
}
