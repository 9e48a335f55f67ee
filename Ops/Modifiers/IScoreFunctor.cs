using Ops.Simd;
using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>A modifier of scores as a struct, which the JIT compiles into the attention kernel.</summary>
/// <remarks>Implementations are readonly structs; mark <see cref="Apply"/> for aggressive inlining.</remarks>
public interface IScoreFunctor
{
    /// <summary>Whether positions alone can make scores -inf, so that <see cref="Look"/> is asked which tiles to leave out.</summary>
    static abstract bool IsSelective { get; }

    /// <summary>The modified scores of one query with a vector of consecutive keys.</summary>
    /// <param name="score">The scaled scores.</param>
    /// <param name="batch">The sequence.</param>
    /// <param name="head">The query head.</param>
    /// <param name="query">The query.</param>
    /// <param name="firstKey">The position of the first key.</param>
    /// <param name="keys">The positions of all keys, exact as reals.</param>
    V Apply<V, C>(V score, int batch, int head, int query, int firstKey, V keys)
        where V : struct, ISimd<V, C>
        where C : unmanaged;

    /// <summary>What the modified score can be for finite scores at these positions, ends included; -inf alone leaves the tile out.</summary>
    /// <param name="batch">The sequence.</param>
    /// <param name="heads">The query heads.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="keys">The keys.</param>
    Interval Look(int batch, Interval heads, Interval queries, Interval keys);
}
