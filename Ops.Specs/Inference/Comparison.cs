using Ops.Specs.Model;
using Ops.Specs.Symbolic;

namespace Ops.Specs.Inference;

/// <summary>What the operators of comparisons ask.</summary>
internal static class Comparison
{
    public static Truth Of(CompareOp op, Dim left, Dim right) => op switch
    {
        CompareOp.Equal => left == right,
        CompareOp.NotEqual => left != right,
        CompareOp.Less => left < right,
        CompareOp.LessOrEqual => left <= right,
        CompareOp.Greater => left > right,
        _ => left >= right,
    };

    public static Truth Of(CompareOp op, Real left, Real right) => op switch
    {
        CompareOp.Equal => left == right,
        CompareOp.NotEqual => left != right,
        CompareOp.Less => left < right,
        CompareOp.LessOrEqual => left <= right,
        CompareOp.Greater => left > right,
        _ => left >= right,
    };
}
