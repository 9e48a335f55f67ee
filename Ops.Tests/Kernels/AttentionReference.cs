using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Kernels;

/// <summary>Mistakes that kernels of attention have had.</summary>
public enum AttentionMistake
{
    None,
    /// <summary>The softcap bounds what the mask has hidden.</summary>
    SoftcapAfterMask,
    /// <summary>Without a cache, the last query sees the last key, not the first query the first.</summary>
    CausalFromTheEnd,
    /// <summary>A window is one key too wide.</summary>
    WindowOffByOne,
    /// <summary>The scale is always the default one.</summary>
    ScaleIgnored,
}

/// <summary>Attention in double precision, a key at a time, from its formulas.</summary>
internal static class AttentionReference
{
    /// <summary>Y as [b, h, i, d], the present key and value, and the scores in the wanted mode.</summary>
    public static (double[] Y, double[] PresentKey, double[] PresentValue, double[] Scores) Run(AttentionCase c,
        AttentionMistake mistake = AttentionMistake.None)
    {
        if (mistake == AttentionMistake.WindowOffByOne)
            c = c with { Left = c.Left < 0 ? c.Left : c.Left + 1, Right = c.Right < 0 ? c.Right : c.Right + 1 };
        if (mistake == AttentionMistake.ScaleIgnored) c = c with { Scale = null };
        int total = c.Total;
        double[] q = Heads(c.Q!, c.Packed, c.B, c.Hq, c.L, c.E);
        double[] keys = Joined(c.PastKey, Heads(c.K!, c.Packed, c.B, c.Hkv, c.S, c.E), c.B * c.Hkv, c.Past, c.S, c.E);
        double[] values = Joined(c.PastValue, Heads(c.V!, c.Packed, c.B, c.Hkv, c.S, c.Ev), c.B * c.Hkv, c.Past, c.S, c.Ev);
        double[]? mask = c.Mask is null ? null : AttentionTensor.Doubles(c.Mask);
        double[]? valid = c.Valid is null ? null : AttentionTensor.Doubles(c.Valid);
        var y = new double[c.B * c.Hq * c.L * c.Ev];
        var scores = new double[c.B * c.Hq * c.L * total];
        double[] raw = new double[total], capped = new double[total], bias = new double[total], weights = new double[total];
        for (int b = 0; b < c.B; b++)
        {
            for (int h = 0; h < c.Hq; h++)
            {
                int keyHead = b * c.Hkv + h / c.Group;
                for (int i = 0; i < c.L; i++)
                {
                    int row = (b * c.Hq + h) * c.L + i;
                    double position = i + (valid is not null ? valid[b] - c.L : mistake == AttentionMistake.CausalFromTheEnd
                        ? total - c.L : c.Past);
                    for (int j = 0; j < total; j++)
                    {
                        double sum = 0;
                        for (int e = 0; e < c.E; e++) sum += q[row * c.E + e] * keys[(keyHead * total + j) * c.E + e];
                        raw[j] = sum * c.EffectiveScale;
                        capped[j] = c.Softcap == 0 ? raw[j] : c.Softcap * Math.Tanh(raw[j] / c.Softcap);
                        bool isSeen = (!c.Causal || j <= position) && (c.Left < 0 || j >= position - c.Left)
                            && (c.Right < 0 || j <= position + c.Right)
                            && (valid is null || j < valid[b]);
                        bias[j] = (isSeen ? 0 : double.NegativeInfinity) + (mask is null ? 0 : Bias(c, mask, b, h, i, j));
                    }

                    if (mistake == AttentionMistake.SoftcapAfterMask && c.Softcap != 0)
                        for (int j = 0; j < total; j++) (capped[j], bias[j]) = (c.Softcap * Math.Tanh((raw[j] + bias[j]) / c.Softcap), 0);
                    bool isBlind = bias.All(double.IsNegativeInfinity);
                    double max = double.NegativeInfinity, sumOfWeights = 0;
                    for (int j = 0; j < total; j++) max = Math.Max(max, capped[j] + bias[j]);
                    for (int j = 0; j < total; j++) sumOfWeights += weights[j] = isBlind ? 0 : Math.Exp(capped[j] + bias[j] - max);
                    for (int j = 0; j < total; j++)
                    {
                        if (!isBlind) weights[j] /= sumOfWeights;
                        for (int d = 0; d < c.Ev; d++) y[row * c.Ev + d] += weights[j] * values[(keyHead * total + j) * c.Ev + d];
                        scores[row * total + j] = c.Mode switch { 0 => raw[j], 1 => capped[j], 2 => capped[j] + bias[j], _ => weights[j] };
                    }
                }
            }
        }

        return (y, keys, values, scores);
    }

    /// <summary>A tensor's elements as [b, h, row, element].</summary>
    public static double[] Heads(TensorValue tensor, bool isPacked, int batches, int heads, int rows, int width)
    {
        double[] flat = AttentionTensor.Doubles(tensor);
        if (!isPacked) return flat;
        var result = new double[flat.Length];
        for (int b = 0; b < batches; b++)
            for (int h = 0; h < heads; h++)
                for (int row = 0; row < rows; row++)
                    for (int d = 0; d < width; d++)
                        result[((b * heads + h) * rows + row) * width + d] = flat[((b * rows + row) * heads + h) * width + d];
        return result;
    }

    private static double[] Joined(TensorValue? past, double[] rows, int heads, int pastRows, int newRows, int width)
    {
        if (past is null) return rows;
        double[] before = AttentionTensor.Doubles(past);
        var result = new double[before.Length + rows.Length];
        for (int h = 0; h < heads; h++)
        {
            int to = h * (pastRows + newRows) * width;
            Array.Copy(before, h * pastRows * width, result, to, pastRows * width);
            Array.Copy(rows, h * newRows * width, result, to + pastRows * width, newRows * width);
        }

        return result;
    }

    private static double Bias(AttentionCase c, double[] mask, int b, int h, int i, int j)
    {
        long[] dims = c.Mask!.Dims;
        int[] index = [b, h, i, j];
        long flat = 0;
        for (int axis = 0; axis < dims.Length; axis++)
        {
            int at = index[axis + 4 - dims.Length];
            bool isShort = c.Version >= 24 && axis == dims.Length - 1;
            if (isShort && at >= dims[axis]) return double.NegativeInfinity;
            flat = flat * dims[axis] + (dims[axis] == 1 && !isShort ? 0 : at);
        }

        return c.Mask.Type == ElementType.Bool ? mask[flat] != 0 ? 0 : double.NegativeInfinity : mask[flat];
    }
}
