using Ops.Benchmarks.Cases;
using Ops.Graphs;
using Ops.Preview;
using Ops.Tensors;

namespace Ops.Benchmarks.Memory;

/// <summary>A fused call whose memory is measured.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="Queries">Queries of each head.</param>
/// <param name="Create">Makes the tensors for so many keys, and gives the call on them.</param>
internal sealed record MemoryCase(string Name, int Heads, Func<int, int> Queries, Func<int, Action> Create)
{
    private const int Depth = 64;

    /// <summary>Prefills as long as the keys, and decode steps.</summary>
    public static IReadOnlyList<MemoryCase> All { get; } =
    [
        Prefill("Attention full", Plain(isCausal: false, softcap: 0)),
        Prefill("Attention causal", Plain(isCausal: true, softcap: 0)),
        Prefill("Attention softcap", Plain(isCausal: false, softcap: 20)),
        Decode("Attention decode", PagedCases.ContiguousStep),
        Decode("PagedAttention decode", PagedCases.DecodeStep),
        Prefill("FlexAttention softcap", Modified(score: FlexCases.Softcap)),
        Prefill("FlexAttention causal", Modified(score: FlexCases.Causal)),
        Prefill("FlexAttention relative table", Modified(score: FlexCases.Relative)),
        Prefill("FlexAttention threshold probabilities", Modified(probability: (g, _) => ProbabilityCases.Kept(g))),
    ];

    /// <summary>What all scores of the call take in floats, which only a path that is not fused has to hold.</summary>
    public long ScoreBytes(int keys) => (long)Heads * Queries(keys) * keys * sizeof(float);

    private static MemoryCase Prefill(string name, Func<int, OurRun> run) => new(name, 1, keys => keys, keys =>
    {
        TensorValue[] inputs = [.. Enumerable.Range(1, 3).Select(seed => Floats.Random((uint)seed, 1, 1, keys, Depth))];
        TensorValue[] outputs = [Floats.Empty(1, 1, keys, Depth)];
        OurRun call = run(keys);
        return () => call(inputs, outputs);
    });

    private static MemoryCase Decode(string name, Func<int, Action> create) => new(name, PagedCases.QueryHeads, _ => 1, create);

    private static Func<int, OurRun> Plain(bool isCausal, float softcap) => _ => (x, y) =>
        Attention.RunInto<float, float, float>(x[0].Read(), x[1].Read(), x[2].Read(), y[0].Write(), is_causal: isCausal, softcap: softcap);

    private static Func<int, OurRun> Modified(
        Func<ModifierWriter, long, string>? score = null, Func<ModifierWriter, long, string>? probability = null) => keys =>
    {
        Graph? scores = score is null ? null : ModifierWriter.Write(g => score(g, keys));
        Graph? probabilities = probability is null ? null : ModifierWriter.Write(g => probability(g, keys));
        return (x, y) => FlexAttention.RunInto<float>(x[0].Read(), x[1].Read(), x[2].Read(), y[0].Write(), score_mod: scores,
            prob_mod: probabilities);
    };
}
