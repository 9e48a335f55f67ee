using Ops.Benchmarks.Machine;
using Ops.Benchmarks.Peers;

namespace Ops.Benchmarks.Cases;

/// <summary>Element by element.</summary>
internal static class ElementwiseCases
{
    public static IEnumerable<BenchmarkCase> All =>
    [
        .. Binary("Add", (x, y) => Add.RunInto<float>(x[0].Read(), x[1].Read(), y[0].Write())),
        .. Binary("Mul", (x, y) => Mul.RunInto<float>(x[0].Read(), x[1].Read(), y[0].Write()), heavy: true),
        .. Unary("Relu", (x, y) => Relu.RunInto<float>(x[0].Read(), y[0].Write())),
        .. Unary("Exp", (x, y) => Exp.RunInto<float>(x[0].Read(), y[0].Write())),
        .. Unary("Tanh", (x, y) => Tanh.RunInto<float>(x[0].Read(), y[0].Write()), heavy: true),
        .. Unary("Sigmoid", (x, y) => Sigmoid.RunInto<float>(x[0].Read(), y[0].Write()), heavy: true),
        .. Unary("Gelu", (x, y) => Gelu.RunInto<float>(x[0].Read(), y[0].Write()), heavy: true),
    ];

    private static IEnumerable<BenchmarkCase> Unary(string op, OurRun ours, bool heavy = false)
    {
        foreach (var (level, n) in Footprints.Levels(2))
            yield return new BenchmarkCase("elementwise", $"{op} [{n}] {level}", () => new Subject
            {
                Node = new PeerNode(op, 20),
                Inputs = [[Floats.Random(1, n)]],
                Outputs = [Floats.Empty(n)],
                Ours = ours,
            }, new Limit(LimitKind.Copy, 8.0 * n, 8 * n), heavy);
    }

    private static IEnumerable<BenchmarkCase> Binary(string op, OurRun ours, bool heavy = false)
    {
        foreach (var (level, n) in Footprints.Levels(3))
            yield return new BenchmarkCase("elementwise", $"{op} [{n}] {level}", () => new Subject
            {
                Node = new PeerNode(op, 20),
                Inputs = [[Floats.Random(1, n), Floats.Random(2, n)]],
                Outputs = [Floats.Empty(n)],
                Ours = ours,
            }, new Limit(LimitKind.Combine, 12.0 * n, 12 * n), heavy);
    }
}
