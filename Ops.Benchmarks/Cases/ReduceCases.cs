using Ops.Benchmarks.Machine;
using Ops.Benchmarks.Peers;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>Reductions over the last axis, the first axis, and all axes.</summary>
internal static class ReduceCases
{
    private const long Length = 1024;

    public static IEnumerable<BenchmarkCase> All =>
    [
        .. Cases("ReduceSum", 13, [1], (x, y) => ReduceSum.RunInto<float>(x[0].Read(), y[0].Write(), Axes(x[1]))),
        .. Cases("ReduceSum", 13, [0], (x, y) => ReduceSum.RunInto<float>(x[0].Read(), y[0].Write(), Axes(x[1]))),
        .. Cases("ReduceMax", 20, [1], (x, y) => ReduceMax.RunInto<float>(x[0].Read(), y[0].Write(), Axes(x[1])), heavy: true),
        .. Cases("ReduceMean", 18, [0, 1], (x, y) => ReduceMean.RunInto<float>(x[0].Read(), y[0].Write(), Axes(x[1])), heavy: true),
    ];

    private static IEnumerable<BenchmarkCase> Cases(string op, int opset, long[] axes, OurRun ours, bool heavy = false)
    {
        foreach (var (level, n) in Footprints.Levels(1))
        {
            long rows = n / Length;
            yield return new BenchmarkCase("reduce", $"{op} [{rows}, {Length}] axes {string.Join(", ", axes)} {level}", () => new Subject
            {
                Node = new PeerNode(op, opset, Constants: [1]),
                Inputs = [[Floats.Random(1, rows, Length), TensorValue.From<long>(axes, axes.Length)]],
                Outputs = [Floats.Empty(axes.Contains(0) ? 1 : rows, axes.Contains(1) ? 1 : Length)],
                Ours = ours,
                // The order of a sum of many numbers is nobody's.
                Tolerance = 1e-2,
            }, new Limit(LimitKind.Read, 4.0 * n, 4 * n), heavy);
        }
    }

    private static unsafe System.Numerics.Tensors.ReadOnlyTensorSpan<long> Axes(TensorValue axes) =>
        new((long*)axes.Pointer, (nint)axes.Length, [(nint)axes.Length]);
}
