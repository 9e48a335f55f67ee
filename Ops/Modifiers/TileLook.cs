using Ops.Specs.Modifiers;

namespace Ops.Modifiers;

/// <summary>What a classifier finds for some rows, whose part is worked out once, and any range of keys. One at a time on a
/// thread.</summary>
internal readonly struct TileLook : IKeyLook
{
    private readonly TileClassifier classifier;
    private readonly CallOperands? operands;
    private readonly int batch;
    private readonly Interval heads, queries;
    private readonly Interval[] values;

    public TileLook(TileClassifier classifier, int batch, in Interval heads, in Interval queries, CallOperands? operands)
    {
        (this.classifier, this.batch, this.heads, this.queries, this.operands) = (classifier, batch, heads, queries, operands);
        values = classifier.OfRows(batch, in heads, in queries, operands);
    }

    /// <summary>What the expression can be for keys, ends included, and the answers of its guards.</summary>
    public Interval Of(in Interval keys, Span<byte> answers) =>
        classifier.OfKeys(values, batch, in heads, in queries, in keys, answers, operands);

    /// <inheritdoc/>
    public Interval Of(int from, int to) => Of(new Interval(from, to - 1), []);
}
