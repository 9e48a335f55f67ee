using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Kernels;

/// <summary>A mixture of experts by plain loops in double precision, written from the definition.</summary>
internal static class ExpertReference
{
    public static (double[] Y, long[] Experts, double[] Weights) Run(ExpertCase c)
    {
        TensorValue x = c.Inputs[0]!, logits = c.Inputs[1]!;
        Func<int, int, int, double> wIn = c.IsQuantized ? Dequantized(c, 2, 3, 9) : Stored(c.Inputs[2]!),
            wOut = c.IsQuantized ? Dequantized(c, 4, 5, 10) : Stored(c.Inputs[3]!);
        TensorValue? bIn = c.Inputs[c.IsQuantized ? 6 : 4], bOut = c.Inputs[c.IsQuantized ? 7 : 5], bias = c.Inputs[c.IsQuantized ? 8 : 6];
        var y = new double[c.M * c.H];
        var experts = new long[c.M * c.K];
        var weights = new double[c.M * c.K];
        for (int m = 0; m < c.M; m++)
        {
            double[] z = [.. Enumerable.Range(0, c.G).Select(g => ExpertCase.At(logits, m * c.G + g))];
            (int[] chosen, double[] shares) = Route(c, z, bias);
            for (int j = 0; j < c.K; j++)
            {
                int e = chosen[j];
                experts[m * c.K + j] = e;
                weights[m * c.K + j] = shares[j];
                var hidden = new double[c.I];
                for (int i = 0; i < c.I; i++)
                {
                    double Column(int column) =>
                        Enumerable.Range(0, c.H).Sum(h => ExpertCase.At(x, m * c.H + h) * wIn(e, h, column))
                            + (bIn is null ? 0 : ExpertCase.At(bIn, e * c.F * c.I + column));
                    int gate = c.F == 1 ? i : c.Interleaved ? 2 * i : i, up = c.Interleaved ? 2 * i + 1 : c.I + i;
                    hidden[i] = Act(c.Activation, Column(gate), c.F == 2 ? Column(up) : 0);
                }
                for (int h = 0; h < c.H; h++)
                {
                    double sum = Enumerable.Range(0, c.I).Sum(i => hidden[i] * wOut(e, i, h))
                        + (bOut is null ? 0 : ExpertCase.At(bOut, e * c.H + h));
                    y[m * c.H + h] += shares[j] * sum;
                }
            }
        }
        return (y, experts, weights);
    }

    private static (int[] Chosen, double[] Shares) Route(ExpertCase c, double[] z, TensorValue? bias)
    {
        string scoring = c.Scoring ?? "softmax";
        double[] s = scoring switch
        {
            "softmax" => Softmax(z),
            "sigmoid" => [.. z.Select(v => 1 / (1 + Math.Exp(-v)))],
            _ => z,
        };
        double[] choice = [.. s.Select((v, g) => v + (bias is null ? 0 : ExpertCase.At(bias, g)))];
        if (c.Groups > 1)
        {
            int per = c.G / c.Groups;
            double[] scores = [.. Enumerable.Range(0, c.Groups)
                .Select(g => choice.Skip(g * per).Take(per).OrderDescending().Take(c.TopTwo ? 2 : 1).Sum())];
            HashSet<int> open = [.. Best(scores, c.TopGroups)];
            for (int g = 0; g < c.G; g++)
                if (!open.Contains(g / per)) choice[g] = double.NegativeInfinity;
        }
        int[] chosen = Best(choice, c.K);
        double[] shares = [.. chosen.Select(g => s[g])];
        if (scoring == "softmax_topk") shares = Softmax(shares);
        if (c.Normalize)
        {
            double sum = shares.Sum();
            shares = [.. shares.Select(v => v / sum)];
        }
        return (chosen, [.. shares.Select(v => v * c.Scale)]);
    }

    /// <summary>The places of the greatest values, of equal ones the first; values that double rounds apart count as equal.</summary>
    private static int[] Best(double[] values, int count) =>
        [.. Enumerable.Range(0, values.Length).OrderByDescending(i => Math.Round(values[i], 9)).ThenBy(i => i).Take(count)];

    private static double[] Softmax(double[] z)
    {
        double max = z.Max(), sum = z.Sum(v => Math.Exp(v - max));
        return [.. z.Select(v => Math.Exp(v - max) / sum)];
    }

    private static double Act(string name, double gate, double up) => name switch
    {
        "identity" => gate,
        "relu" => Math.Max(gate, 0),
        "relu2" => Math.Max(gate, 0) * Math.Max(gate, 0),
        "gelu" => Gelu(gate),
        "gelu_tanh" => 0.5 * gate * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (gate + 0.044715 * gate * gate * gate))),
        "silu" => gate / (1 + Math.Exp(-gate)),
        "swiglu" => gate / (1 + Math.Exp(-gate)) * up,
        "geglu" => Gelu(gate) * up,
        _ => Math.Min(gate, 7) / (1 + Math.Exp(-1.702f * Math.Min(gate, 7))) * (Math.Clamp(up, -7, 7) + 1),
    };

    /// <summary>x times the normal distribution, by its series.</summary>
    private static double Gelu(double x)
    {
        if (Math.Abs(x) > 8) return x > 0 ? x : 0;
        double term = x, sum = x;
        for (int n = 1; n < 300; n++)
        {
            term *= x * x / (2 * n + 1);
            sum += term;
        }
        return x * (0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }

    private static Func<int, int, int, double> Stored(TensorValue weights) =>
        (g, k, n) => ExpertCase.At(weights, (g * weights.Dims[1] + k) * weights.Dims[2] + n);

    private static Func<int, int, int, double> Dequantized(ExpertCase c, int weights, int scales, int zeros)
    {
        TensorValue w = c.Inputs[weights]!, s = c.Inputs[scales]!;
        TensorValue? z = c.Inputs[zeros];
        return (g, k, n) =>
        {
            long at = (g * s.Dims[1] + k / c.BlockSize) * s.Dims[2] + n;
            return (ExpertCase.At(w, (g * w.Dims[1] + k) * w.Dims[2] + n) - (z is null ? 0 : ExpertCase.At(z, at))) * ExpertCase.At(s, at);
        };
    }
}
