namespace Ops.Tests.Kernels;

/// <summary>PagedAttention by its formulas, in doubles, on the logical content of the sequences.</summary>
internal static class PagedReference
{
    /// <summary>Y [N, Hq, Ev] and lse [N, Hq].</summary>
    public static (double[] Y, double[] Lse) Run(PagedCase c)
    {
        var y = new double[c.N * c.Hq * c.Ev];
        var lse = new double[c.N * c.Hq];
        for (int b = 0, row = 0; b < c.New.Length; b++)
        {
            int past = c.Lengths[b] - c.New[b];
            for (int t = 0; t < c.New[b]; t++)
            {
                for (int h = 0; h < c.Hq; h++, row++)
                {
                    int kv = h / c.Group, p = past + t;
                    double keyScale = c.IsInt8 ? c.KeyScale(c.HasHeadScales ? kv : 0) : 1,
                        valueScale = c.IsInt8 ? c.ValueScale(c.HasHeadScales ? kv : 0) : 1;
                    var scores = new List<(int Key, double Score)>();
                    for (int j = 0; j < c.Lengths[b]; j++)
                    {
                        if (c.IsCausal && j > p || c.Left >= 0 && j < p - c.Left) continue;
                        double score = 0;
                        for (int e = 0; e < c.E; e++) score += c.Content(2, b, p, h, e) * c.Stored(0, b, j, kv, e) * keyScale;
                        score = c.Modify(score * c.EffectiveScale, h, t, j);
                        scores.Add((j, c.Softcap == 0 ? score : c.Softcap * Math.Tanh(score / c.Softcap)));
                    }

                    double max = scores.Count == 0 ? double.NegativeInfinity : scores.Max(s => s.Score);
                    if (double.IsNegativeInfinity(max))
                    {
                        lse[row] = double.NegativeInfinity;
                        continue;
                    }

                    double sum = scores.Sum(s => Math.Exp(s.Score - max)), all = sum + (c.HasSinks ? Math.Exp(c.Sink(h) - max) : 0);
                    lse[row] = max + Math.Log(sum);
                    for (int e = 0; e < c.Ev; e++)
                        y[row * c.Ev + e] = scores.Sum(s => Math.Exp(s.Score - max) / all * c.Stored(1, b, s.Key, kv, e) * valueScale);
                }
            }
        }

        return (y, lse);
    }
}
