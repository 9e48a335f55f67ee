using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>How a modifier runs inside a kernel.</summary>
public enum ModifierTier
{
    /// <summary>T0: it changes nothing.</summary>
    Identity,
    /// <summary>T1: a function of the score and its position.</summary>
    Pointwise,
    /// <summary>T2: it leaves keys out by position, so that tiles may be skipped or need no test.</summary>
    Selective,
    /// <summary>T3: it needs numbers of whole rows, so that keys are gone over more than once.</summary>
    RowReduction,
    /// <summary>T4: it runs as a graph of its own.</summary>
    Decomposed,
}

/// <summary>A modifier as an expression of one element of its result. Immutable.</summary>
public sealed class ModifierProgram
{
    internal ModifierProgram(ModifierExprs exprs, ModifierExpr root, ModifierTensor score, IReadOnlyList<ModifierTensor> captures,
        IReadOnlyList<(Dim Dim, long Value)> assumptions, IReadOnlyList<(ModifierExpr Place, long Extent)> places, bool isProbability)
    {
        Exprs = exprs;
        Root = root;
        Score = score;
        Captures = captures;
        Assumptions = assumptions;
        Places = places;
        IsProbability = isProbability;
        Tier = (root.Uses & ModifierUses.Reduction) != 0 ? ModifierTier.RowReduction
            : root.Op == ModifierOp.Read && ReferenceEquals(root.Source, score) ? ModifierTier.Identity
            : !isProbability && MayLeaveOut(root) ? ModifierTier.Selective
            : ModifierTier.Pointwise;
    }

    /// <summary>What made the expression, and may make more of it.</summary>
    public ModifierExprs Exprs { get; }

    /// <summary>The result's element at batch, head, query and key.</summary>
    public ModifierExpr Root { get; }

    /// <summary>The scores or probabilities.</summary>
    public ModifierTensor Score { get; }

    /// <summary>The tensors given with each call.</summary>
    public IReadOnlyList<ModifierTensor> Captures { get; }

    /// <summary>What dims must be for the expression to hold.</summary>
    public IReadOnlyList<(Dim Dim, long Value)> Assumptions { get; }

    /// <summary>Places in tables that must lie from 0 to below an extent for the expression to hold, where extents that only a call tells
    /// decide it.</summary>
    public IReadOnlyList<(ModifierExpr Place, long Extent)> Places { get; }

    /// <summary>Whether probabilities are modified, not scores.</summary>
    public bool IsProbability { get; }

    /// <summary>How it runs.</summary>
    public ModifierTier Tier { get; }

    /// <summary>The element type.</summary>
    public ElementType Type => Score.Type;

    /// <summary>Analyses a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">What its inputs are: the scores or probabilities, then captures.</param>
    /// <param name="isProbability">Whether probabilities are modified.</param>
    /// <param name="defersPlaces">Whether <see cref="Places"/> are checked in every call; otherwise what cannot be decided is
    /// refused.</param>
    /// <exception cref="ModifierException">It cannot be a functor; the message says why.</exception>
    public static ModifierProgram Of(ModifierGraph graph, IReadOnlyList<ModifierTensor> inputs, bool isProbability = false,
        bool defersPlaces = false) =>
        ModifierAnalysis.Analyse(graph, inputs, isProbability, defersPlaces);

    /// <summary>Probabilities, whatever the rounding of the softmax.</summary>
    public static Interval Probabilities => new(0, 1.01, true);

    /// <summary>Whether -inf can come from positions alone.</summary>
    private static bool MayLeaveOut(ModifierExpr root)
    {
        var seen = new HashSet<ModifierExpr>();
        return root.Range.Low == double.NegativeInfinity && Any(root);

        bool Any(ModifierExpr e) =>
            seen.Add(e) && (!e.HasScore && e.Type.IsFloat() && (double.IsInfinity(e.Range.Low) || double.IsInfinity(e.Range.High))
                || e.Arguments.Any(Any));
    }
}
