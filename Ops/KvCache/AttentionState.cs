using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops;

/// <summary>
/// Attention over some of the keys: the result for them alone, and the log of its denominator. States over parts of the keys merge to the
/// state over all of them, however they were cut: prefixes that sequences share, pages that lie on other machines, parts worked on by
/// others.
/// </summary>
/// <param name="Y">The result, [..., width], of type float, float16 or bfloat16. Rows without keys are zero.</param>
/// <param name="LogSum">float, [...]: the natural log of the sum of exponentials of each row's scores; -inf for a row without keys.</param>
/// <remarks>PagedAttention gives both, as Y and lse; sinks must be left to the merge then, or each part would count them.</remarks>
public sealed record AttentionState(TensorValue Y, TensorValue LogSum)
{
    private const string Name = "AttentionState";

    /// <summary>The state over the keys of all states, each key in one of them.</summary>
    /// <param name="states">At least one; of equal shapes and types.</param>
    /// <param name="sinks">A logit for each index of the last axis of <see cref="LogSum"/>, the query heads, that adds to the denominators
    /// and to nothing else; empty for none.</param>
    /// <returns>A new state: Y rounded once, from sums in double; its log-sums leave the sinks out, as those of PagedAttention
    /// do.</returns>
    /// <exception cref="OpException">The rule <c>states-match</c>: shapes or types differ, do not belong together, or there is no
    /// state.</exception>
    public static AttentionState Merge(IReadOnlyList<AttentionState> states, ReadOnlySpan<float> sinks = default)
    {
        Check(states, sinks);
        TensorValue shape = states[0].Y, y = TensorValue.Allocate(shape.Type, shape.Dims),
            logSum = TensorValue.Allocate(ElementType.Float, states[0].LogSum.Dims);
        int width = (int)shape.Dims[^1];
        var sums = new double[width];
        for (int row = 0; row < logSum.Length; row++)
        {
            double top = double.NegativeInfinity;
            foreach (AttentionState state in states) top = Math.Max(top, state.LogSum.Span<float>()[row]);
            logSum.Span<float>()[row] = (float)top;
            sums.AsSpan().Clear();
            if (!double.IsNegativeInfinity(top))
            {
                double total = 0;
                foreach (AttentionState state in states)
                {
                    double weight = Math.Exp(state.LogSum.Span<float>()[row] - top);
                    if (weight == 0) continue;
                    total += weight;
                    for (int i = 0; i < width; i++) sums[i] += weight * Read(state.Y, row * width + i);
                }

                logSum.Span<float>()[row] = (float)(top + Math.Log(total));
                if (!sinks.IsEmpty) total += Math.Exp(sinks[row % sinks.Length] - top);
                for (int i = 0; i < width; i++) sums[i] /= total;
            }

            for (int i = 0; i < width; i++) Write(y, row * width + i, sums[i]);
        }

        return new AttentionState(y, logSum);
    }

    private static void Check(IReadOnlyList<AttentionState> states, ReadOnlySpan<float> sinks)
    {
        if (states.Count == 0)
            throw new OpException(Name, "states-match", "there is no state to merge");
        AttentionState first = states[0];
        foreach (AttentionState state in states)
        {
            if (state.Y.Type is not (ElementType.Float or ElementType.Float16 or ElementType.BFloat16)
                || state.LogSum.Type != ElementType.Float
                || state.Y.Dims.Length == 0 || !state.Y.Dims.AsSpan()[..^1].SequenceEqual(state.LogSum.Dims))
                throw new OpException(Name, "states-match",
                    $"Y is {state.Y} and LogSum is {state.LogSum}; LogSum has a float for each row of Y");
            if (state.Y.Type != first.Y.Type || !state.Y.Dims.AsSpan().SequenceEqual(first.Y.Dims))
                throw new OpException(Name, "states-match", $"one Y is {first.Y}, another {state.Y}");
        }
        if (!sinks.IsEmpty && (first.LogSum.Dims.Length == 0 || first.LogSum.Dims[^1] != sinks.Length))
            throw new OpException(Name, "states-match", $"there are {sinks.Length} sinks for LogSum {first.LogSum}");
    }

    private static double Read(TensorValue tensor, int index) => tensor.Type switch
    {
        ElementType.Float => tensor.Span<float>()[index],
        ElementType.Float16 => (double)tensor.Span<Half>()[index],
        _ => (float)tensor.Span<BFloat16>()[index],
    };

    private static void Write(TensorValue tensor, int index, double value)
    {
        if (tensor.Type == ElementType.Float) tensor.Span<float>()[index] = (float)value;
        else if (tensor.Type == ElementType.Float16) tensor.Span<Half>()[index] = (Half)value;
        else tensor.Span<BFloat16>()[index] = (BFloat16)(float)value;
    }
}
