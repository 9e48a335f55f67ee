using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>One call of the attention pattern: extents, operands, and what positions may see each other.</summary>
internal sealed unsafe class AttentionProblem
{
    /// <summary>Sequences.</summary>
    public required int Batches { get; init; }

    /// <summary>Query heads; consecutive ones share a key/value head.</summary>
    public required int QueryHeads { get; init; }

    /// <summary>Key/value heads.</summary>
    public required int KeyHeads { get; init; }

    /// <summary>Queries of a head.</summary>
    public required int Queries { get; init; }

    /// <summary>Keys of a head.</summary>
    public required int Keys { get; init; }

    /// <summary>Elements of a query and of a key.</summary>
    public required int Depth { get; init; }

    /// <summary>Elements of a value.</summary>
    public required int ValueDepth { get; init; }

    /// <summary>Factor of the scores.</summary>
    public required double Scale { get; init; }

    /// <summary>What queries are multiplied by besides the scale, so that scores come in the unit that a modifier takes.</summary>
    public double Unit { get; set; } = 1;

    /// <summary>What the keys of each key/value head are multiplied by; none is 1.</summary>
    public HeadScales KeyScales { get; init; }

    /// <summary>What the values of each key/value head are multiplied by; none is 1.</summary>
    public HeadScales ValueScales { get; init; }

    /// <summary>A logit for each query head that adds to the sums of its rows and to nothing else; null for none.</summary>
    public unsafe float* Sinks { get; init; }

    /// <summary>Receives the log of the sum of exponentials of each row, [queries, query heads]; null when nobody asked for it.</summary>
    public unsafe float* LogSums { get; init; }

    /// <summary>What each query sees.</summary>
    public required KeyRanges Ranges { get; init; }

    /// <summary>Whether queries and keys are multiplied by the root of the scale, each rounded to its type, instead of the scores by the
    /// scale.</summary>
    public bool RoundsFactors { get; init; }

    /// <summary>Which rows become zero that see no key.</summary>
    public BlindRows Blind { get; init; }

    /// <summary>The type to which values are rounded before they are used; undefined for their own.</summary>
    public ElementType ValueRounding { get; init; }

    /// <summary>The type to which results are rounded before they are stored; undefined for theirs alone.</summary>
    public ElementType ResultRounding { get; init; }

    /// <summary>The queries.</summary>
    public required HeadRows Q { get; init; }

    /// <summary>The result, a row per query.</summary>
    public required HeadRows Y { get; init; }

    /// <summary>Scores in some state, [batch, query heads, queries, keys]; absent when nobody asked for them.</summary>
    public HeadRows Scores { get; init; }

    /// <summary>In which state.</summary>
    public ScoreState ScoresWanted { get; init; }

    /// <summary>Query heads per key/value head.</summary>
    public int Group => KeyHeads == 0 ? 0 : QueryHeads / KeyHeads;
}

/// <summary>A factor for each key/value head, or one for all.</summary>
internal readonly unsafe struct HeadScales
{
    private readonly float* _scales;
    private readonly int _step;

    /// <summary>Takes a tensor of one element, or of as many as heads; absent, all are 1.</summary>
    public HeadScales(in Operand scales)
    {
        if (scales.IsAbsent) return;
        _scales = (float*)scales.Data;
        _step = scales.Dims[0] == 1 ? 0 : 1;
    }

    /// <summary>The factor of a head.</summary>
    public float Of(int head) => _scales == null ? 1 : _scales[head * _step];
}

/// <summary>Which rows that see no key become zero.</summary>
internal enum BlindRows
{
    /// <summary>Those that position and mask leave none; scores of -inf alone give NaN.</summary>
    OfMask,
    /// <summary>None: the softmax of nothing is NaN.</summary>
    None,
    /// <summary>Those whose scores are all -inf.</summary>
    OfScores,
}

/// <summary>A state of the scores on their way to probabilities.</summary>
internal enum ScoreState
{
    /// <summary>Scaled.</summary>
    Raw,
    /// <summary>Modified.</summary>
    Modified,
    /// <summary>Masked, by the mask and by position.</summary>
    Masked,
    /// <summary>After the softmax.</summary>
    Normalized,
}
