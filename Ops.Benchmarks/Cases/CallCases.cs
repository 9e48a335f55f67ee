using Ops.Benchmarks.Peers;

namespace Ops.Benchmarks.Cases;

/// <summary>What a call costs when there is next to nothing to do.</summary>
internal static class CallCases
{
    private const long Elements = 16;

    public static IEnumerable<BenchmarkCase> All =>
    [
        new("call", $"Add [{Elements}] by the typed method",
            () => Subject((x, y) => Add.RunInto<float>(x[0].Read(), x[1].Read(), y[0].Write())), null),
        new("call", $"Add [{Elements}] by the registry", () => Subject(null), null),
    ];

    private static Subject Subject(OurRun? ours) => new()
    {
        Node = new PeerNode("Add", 20),
        Inputs = [[Floats.Random(1, Elements), Floats.Random(2, Elements)]],
        Outputs = [Floats.Empty(Elements)],
        Ours = ours,
    };
}
