using Ops.Benchmarks.Machine;
using Ops.Benchmarks.Peers;

namespace Ops.Benchmarks.Cases;

/// <summary>Row by row: softmax and normalisations. The limit is that of reading and writing each element once.</summary>
internal static class RowCases
{
    private const long Length = 1024;

    public static IEnumerable<BenchmarkCase> Softmax =>
        Cases("softmax", "Softmax", 20, 0, (x, y) => Ops.Softmax.RunInto<float>(x[0].Read(), y[0].Write()));

    public static IEnumerable<BenchmarkCase> RmsNorm =>
        Cases("rmsnorm", "RMSNormalization", 23, 1,
            (x, y) => RMSNormalization.RunInto<float, float>(x[0].Read(), x[1].Read(), y[0].Write()));

    public static IEnumerable<BenchmarkCase> LayerNorm =>
        Cases("layernorm", "LayerNormalization", 20, 2,
            (x, y) => LayerNormalization.RunInto<float, float>(x[0].Read(), x[1].Read(), y[0].Write(), x[2].Read()));

    /// <summary>Cases of an op with so many further inputs of one row.</summary>
    private static IEnumerable<BenchmarkCase> Cases(string group, string op, int opset, int rowInputs, OurRun ours)
    {
        foreach (var (level, n) in Footprints.Levels(2))
        {
            long rows = n / Length;
            yield return new BenchmarkCase(group, $"{op} [{rows}, {Length}] {level}", () => new Subject
            {
                Node = new PeerNode(op, opset),
                Inputs = [[Floats.Random(1, rows, Length),
                    .. Enumerable.Range(2, rowInputs).Select(seed => Floats.Random((uint)seed, Length))]],
                Outputs = [Floats.Empty(rows, Length)],
                Ours = ours,
            }, new Limit(LimitKind.Copy, 8.0 * n, 8 * n));
        }
    }
}
