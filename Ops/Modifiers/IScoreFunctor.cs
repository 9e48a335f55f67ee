using Ops.Simd;
using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>A modifier of scores, of probabilities or of both, as a struct that the JIT compiles into the attention kernel.</summary>
/// <remarks>
/// Implementations are readonly structs; mark the methods that open rows, and those of rows, for aggressive inlining. What a property says
/// does not happen is not asked for.
/// </remarks>
public interface IScoreFunctor
{
    /// <summary>Whether scores are modified.</summary>
    static virtual bool ChangesScores => true;

    /// <summary>Whether positions alone can make scores -inf, so that <see cref="Look"/> is asked which tiles to leave out.</summary>
    static virtual bool IsSelective => false;

    /// <summary>Whether scores of full tiles stay as they are.</summary>
    static virtual bool IsPlainWhenFull => false;

    /// <summary>Whether each row sees one interval of keys, whose scores stay as they are, and all others become -inf:
    /// <see cref="Keys"/> tells.</summary>
    static virtual bool HasKeys => false;

    /// <summary>The first key that a row sees, and the end; both may lie outside of the keys there are.</summary>
    /// <param name="call">All positions of the call.</param>
    /// <param name="batch">The sequence.</param>
    /// <param name="head">The query head.</param>
    /// <param name="query">The query.</param>
    (long From, long To) Keys(in FunctorTile call, long batch, long head, long query) => (0, call.Keys);

    /// <summary>Whether probabilities are modified.</summary>
    static virtual bool ChangesProbabilities => false;

    /// <summary>Whether a probability of 0 stays 0 and adds nothing to any number of its row.</summary>
    static virtual bool SkipsZeros => false;

    /// <summary>How many numbers of a whole row probabilities are modified by, at most 8.</summary>
    static virtual int Reductions => 0;

    /// <summary>How a number of a row is made; it may depend on those before it.</summary>
    static virtual ModifierReduction Reduction(int number) => ModifierReduction.Sum;

    /// <summary>What the modified score can be for finite scores at the positions of a tile; -inf alone leaves the tile out.</summary>
    /// <param name="tile">The positions.</param>
    /// <param name="isFull">Whether every test of positions has the answer that leaves scores in.</param>
    Interval Look(in FunctorTile tile, out bool isFull)
    {
        isFull = false;
        return Interval.All;
    }

    /// <summary>Refuses calls that it does not serve.</summary>
    /// <param name="tile">All positions of the call.</param>
    /// <exception cref="Ops.Specs.OpException">It takes an extent for granted that the call does not have, or a place may leave its
    /// table.</exception>
    void Require(in FunctorTile tile);

    /// <summary>Makes its tables for a call: constant ones, and those of what depends on the distance of key and query.</summary>
    void Tabulate<V, C>(FunctorTables<V, C> tables)
        where V : struct, ISimd<V, C>
        where C : unmanaged;

    /// <summary>Works out what is the same for a row of scores, and gives the row to a loop.</summary>
    /// <param name="place">The row.</param>
    /// <param name="isFull">Whether it lies in a full tile.</param>
    /// <param name="loop">The loop.</param>
    void Open<V, C, L>(in FunctorPlace<V, C> place, bool isFull, ref L loop)
        where V : struct, ISimd<V, C>
        where C : unmanaged
        where L : struct, IRowLoop<V, C>
    {
    }

    /// <summary>Works out what is the same for a row of probabilities, and gives the row to a loop.</summary>
    /// <param name="place">The row, with its numbers so far.</param>
    /// <param name="number">The number of the row whose parts are asked for; -1 for the modified probabilities.</param>
    /// <param name="loop">The loop.</param>
    void OpenProbabilities<V, C, L>(in FunctorPlace<V, C> place, int number, ref L loop)
        where V : struct, ISimd<V, C>
        where C : unmanaged
        where L : struct, IRowLoop<V, C>
    {
    }
}

/// <summary>A loop over the keys of a row of scores or probabilities.</summary>
public interface IRowLoop<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    /// <summary>Runs it.</summary>
    void Run<R>(R row)
        where R : struct, IScoreRow<V, C>;
}

/// <summary>What happens to the scores or probabilities of one row.</summary>
public interface IScoreRow<V, C>
    where V : struct, ISimd<V, C>
    where C : unmanaged
{
    /// <summary>The modified scores of a vector of consecutive keys.</summary>
    /// <param name="score">The scaled scores, or the probabilities.</param>
    /// <param name="firstKey">The position of the first key.</param>
    /// <param name="keys">The positions of all keys, exact as reals.</param>
    V Apply(V score, int firstKey, V keys);
}
