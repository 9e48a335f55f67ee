using Ops.Graphs;
using Ops.Specs.Modifiers;
using Ops.Specs.Symbolic;

namespace Ops.Modifiers;

/// <content>Modifiers of one sequence's scores that hold for any number of keys, so that a decode loop compiles them once.</content>
internal sealed partial class AttentionModifiers
{
    private AttentionModifiers(ModifierCall call, Graph scores)
    {
        Dim keys = Dim.Symbol("keys");
        ModifierProgram score = Analyse(call, scores, [], isProbability: false, keys);
        if (score.Assumptions.Count > 0 || score.Places.Count > 0)
            throw new ModifierException("what the graph means depends on the number of keys");

        // A sequence alone has no position among others: that one's place is free.
        ModifierExpr count = score.Exprs.Coordinate(3, ModifierExprs.LargestExtent + 1);
        ModifierExpr root = score.Exprs.Rewrite(score.Root, e => e.Op == ModifierOp.Extent && (e.Extent == keys).IsTrue ? count : null);
        if (TileCompiler.NeedsDouble(root))
            throw new ModifierException("with the most keys there may be it would be computed in double");
        Tier = score.Tier;
        TakesKeys = true;
        if (Tier != ModifierTier.Identity)
            Scores = new CompiledModifier(score, root, isDouble: false, rounding: []);
    }

    /// <summary>Whether the position of the sequence is to be the number of its keys.</summary>
    public bool TakesKeys { get; }

    /// <summary>Compiles what happens to the float scores of one sequence of any number of keys, up to
    /// <see cref="ModifierExprs.LargestExtent"/>.</summary>
    /// <param name="call">The call; its keys do not count.</param>
    /// <param name="scores">The graph that modifies scores.</param>
    /// <exception cref="ModifierException">It is no functor, or not the same one for every number of keys.</exception>
    public static AttentionModifiers OfAnyKeys(ModifierCall call, Graph scores) => new(call, scores);
}
