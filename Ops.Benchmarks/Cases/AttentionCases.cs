using Ops.Benchmarks.Machine;
using Ops.Benchmarks.Peers;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>Attention: prefill, bounded by arithmetic, and decode from cold memory, bounded by reading keys and values.</summary>
internal static class AttentionCases
{
    private const int Opset = 23;

    public static IEnumerable<BenchmarkCase> All =>
    [
        Prefill("full", 8, 8, 1024, 64),
        Prefill("causal", 8, 8, 1024, 64, isCausal: true),
        Prefill("softcap", 8, 8, 1024, 64, softcap: 20),
        Prefill("float mask", 8, 8, 1024, 64, isMasked: true),
        Prefill("full", 32, 8, 2048, 128, heavy: true),
        Prefill("causal", 32, 8, 2048, 128, isCausal: true, heavy: true),
        Prefill("softcap", 32, 8, 2048, 128, softcap: 20, heavy: true),
        Decode(32, 8, 4096, 128),
    ];

    private static BenchmarkCase Prefill(
        string kind, long queryHeads, long heads, long length, long size, bool isCausal = false, float softcap = 0, bool isMasked = false,
        bool heavy = false)
    {
        // Only the half at and below the diagonal is useful work.
        double share = isCausal ? 0.5 * (length + 1) / length : 1;
        return new BenchmarkCase("attention", $"Attention {kind} Hq={queryHeads} Hkv={heads} L=S={length} D={size}", () => new Subject
        {
            Node = new PeerNode("Attention", Opset,
                new Dictionary<string, object> { ["is_causal"] = isCausal ? 1L : 0L, ["softcap"] = softcap }),
            Inputs =
            [[
                Floats.Random(1, 1, queryHeads, length, size), Floats.Random(2, 1, heads, length, size),
                Floats.Random(3, 1, heads, length, size),
                .. isMasked ? [Floats.Random(4, length, length)] : Array.Empty<TensorValue>(),
            ]],
            Outputs = [Floats.Empty(1, queryHeads, length, size)],
            Ours = (x, y) => Attention.RunInto<float, float, float>(
                x[0].Read(), x[1].Read(), x[2].Read(), y[0].Write(), isMasked ? x[3].Read() : default, is_causal: isCausal,
                softcap: softcap),
        }, new Limit(LimitKind.Arithmetic, 4.0 * queryHeads * length * length * size * share), heavy) { Needs = ("Attention", Opset) };
    }

    private static BenchmarkCase Decode(long queryHeads, long heads, long length, long size)
    {
        long bytes = 2 * heads * length * size * sizeof(float);
        int sets = Footprints.ColdSets(bytes);
        return new BenchmarkCase("attention", $"Attention decode Hq={queryHeads} Hkv={heads} L=1 S={length} D={size} cold",
            () => new Subject
        {
            Node = new PeerNode("Attention", Opset),
            Inputs = [.. Enumerable.Range(0, sets).Select(set => new[]
            {
                Floats.Random((uint)(3 * set), 1, queryHeads, 1, size),
                Floats.Random((uint)(3 * set + 1), 1, heads, length, size),
                Floats.Random((uint)(3 * set + 2), 1, heads, length, size),
            })],
            Outputs = [Floats.Empty(1, queryHeads, 1, size)],
        }, new Limit(LimitKind.Read, bytes, bytes * sets)) { Needs = ("Attention", Opset) };
    }
}
