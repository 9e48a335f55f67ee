using Ops.Graphs;
using Ops.Kernels;
using Ops.Specs.Modifiers;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;

namespace Ops.Modifiers;

/// <summary>The call that modifiers are compiled for.</summary>
/// <param name="Batches">Sequences.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="Queries">Queries of a head.</param>
/// <param name="Keys">Keys of a head.</param>
/// <param name="Operands">The type of queries, keys and values.</param>
/// <param name="Scores">The type of scores and probabilities.</param>
internal sealed record ModifierCall(long Batches, long Heads, long Queries, long Keys, ElementType Operands, ElementType Scores);

/// <summary>What happens to scores and probabilities in one kind of call of an attention: compiled once and kept.</summary>
internal sealed partial class AttentionModifiers
{
    private readonly List<CompiledModifier> reductions = [];
    private readonly List<ModifierReduction> kinds = [];

    private AttentionModifiers(ModifierCall call, Graph? scores, Graph? probabilities, IReadOnlyList<ModifierTensor> captures)
    {
        bool isBound = captures.Any(c => c.Kind == ModifierTensorKind.Capture);
        ModifierProgram? score = scores is null ? null : Analyse(call, scores, captures, isProbability: false);
        ModifierProgram? probability = probabilities is null ? null : Analyse(call, probabilities, captures, isProbability: true);
        IReadOnlyList<ModifierExpr> numbers = probability is null ? [] : ModifierReductions.Of(probability.Root);
        IsDouble = call.Operands == ElementType.Double || call.Scores == ElementType.Double
            || score is not null && TileCompiler.NeedsDouble(score.Root)
            || probability is not null && TileCompiler.NeedsDouble(probability.Root);

        Operands = isBound ? new OperandPlan(call, captures.Count, IsDouble) : null;
        if (score is not null) Operands?.Require(score);
        if (probability is not null) Operands?.Require(probability);
        ElementType[] scoreRounding = [.. new[] { call.Operands, call.Scores }.Where(IsRounded)];
        ElementType[] probabilityRounding = [.. new[] { call.Scores }.Where(IsRounded)];
        Tier = Max(score?.Tier, probability?.Tier);
        if (score is { Tier: not ModifierTier.Identity } || scoreRounding.Length > 0)
        {
            score ??= Identity(call, isProbability: false);
            Scores = new CompiledModifier(score, score.Root, IsDouble, scoreRounding, operands: Operands);
        }
        bool changesProbabilities = probability is { Tier: not ModifierTier.Identity }
            || call.Scores is ElementType.Float16 or ElementType.BFloat16;
        if (score is { Tier: ModifierTier.Selective } && scoreRounding.Length == 0 && !changesProbabilities
            && ModifierKeys.Of(score) is { } keys)
            Keys = new ModifierKeyRule(keys);
        if (changesProbabilities)
        {
            probability ??= Identity(call, isProbability: true);
            Probabilities = new CompiledModifier(probability, probability.Root, IsDouble, probabilityRounding, numbers, Operands);
            foreach (ModifierExpr number in numbers)
            {
                reductions.Add(new CompiledModifier(probability, number.Body!, IsDouble, probabilityRounding, numbers, Operands));
                kinds.Add(number.Reduction);
            }
            SkipsZeros = ModifierReductions.SkipZeros(probability, numbers);
        }

        bool IsRounded(ElementType type) => type is ElementType.Float16 or ElementType.BFloat16 || type == ElementType.Float && IsDouble;
    }

    /// <summary>Whether everything is computed in double.</summary>
    public bool IsDouble { get; }

    /// <summary>What happens to scores; null for nothing.</summary>
    public CompiledModifier? Scores { get; }

    /// <summary>The keys that rows see, where the modifier does nothing but hide the others; null otherwise.</summary>
    public KeyRule? Keys { get; }

    /// <summary>What happens to probabilities; null for nothing.</summary>
    public CompiledModifier? Probabilities { get; }

    /// <summary>The higher tier of both.</summary>
    public ModifierTier Tier { get; }

    /// <summary>What each call brings besides; null for nothing.</summary>
    public OperandPlan? Operands { get; }

    /// <summary>Whether a probability of 0 stays 0 and adds nothing to any number of a row.</summary>
    public bool SkipsZeros { get; }

    /// <summary>What the numbers of rows are made of, in the order in which they can be.</summary>
    public IReadOnlyList<CompiledModifier> Reductions => reductions;

    /// <summary>How the numbers of rows are made.</summary>
    public IReadOnlyList<ModifierReduction> Kinds => kinds;

    /// <summary>Compiles modifiers.</summary>
    /// <param name="call">The call they are for.</param>
    /// <param name="scores">The graph that modifies scores; null for none.</param>
    /// <param name="probabilities">The graph that modifies probabilities; null for none.</param>
    /// <param name="captures">What both graphs take besides: with data, which becomes part of the programs, or without, for calls to bring
    /// it.</param>
    /// <exception cref="ModifierException">One of them is no functor.</exception>
    public static AttentionModifiers Of(ModifierCall call, Graph? scores, Graph? probabilities, IReadOnlyList<ModifierTensor> captures) =>
        new(call, scores, probabilities, captures);

    private static ModifierTier Max(ModifierTier? x, ModifierTier? y) =>
        (ModifierTier)Math.Max((int)(x ?? ModifierTier.Identity), (int)(y ?? ModifierTier.Identity));

    private static ModifierProgram Analyse(ModifierCall call, Graph graph, IReadOnlyList<ModifierTensor> captures, bool isProbability,
        Dim? keys = null)
    {
        try
        {
            ModifierGraph read = ModifierGraphs.Of(graph);
            var inputs = new List<ModifierTensor> { Score(call, read.Inputs.Count > 0 ? read.Inputs[0] : "", isProbability, keys) };
            for (int i = 0; i < captures.Count; i++)
                inputs.Add(captures[i]);
            return ModifierProgram.Of(read, inputs, isProbability, defersPlaces: captures.Any(c => c.Kind == ModifierTensorKind.Capture));
        }
        catch (ModifierException e)
        {
            throw new ModifierException($"{(isProbability ? "prob_mod" : "score_mod")}: {e.Message}");
        }
    }

    private static ModifierTensor Score(ModifierCall call, string name, bool isProbability, Dim? keys = null)
    {
        var score = ModifierTensor.Score(name, call.Scores, new Dim[] { call.Batches, call.Heads, call.Queries, keys ?? call.Keys });
        return isProbability ? score.Within(ModifierProgram.Probabilities) : score;
    }

    private static ModifierProgram Identity(ModifierCall call, bool isProbability) =>
        ModifierProgram.Of(new ModifierGraph(["s"], "s", [], new Dictionary<string, ModifierTensor>()), [Score(call, "s", isProbability)],
            isProbability);
}
