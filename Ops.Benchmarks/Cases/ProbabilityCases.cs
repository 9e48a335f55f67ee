using Ops.Benchmarks.Peers;
using Ops.Graphs;
using Ops.Modifiers;
using Ops.Preview;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>FlexAttention whose probabilities are modified, for which it goes over the keys again.</summary>
internal static class ProbabilityCases
{
    public static IEnumerable<BenchmarkCase> All =>
    [
        .. Of("threshold", Kept, new Modifiers.Threshold()),
        .. Of("renormalised", g => g.Add("Div", Kept(g), g.Add("ReduceSum", Kept(g), g.Wholes([-1], 1))), new Modifiers.Renormalised()),
    ];

    private const long Heads = 8, Size = 64, Length = 1024;

    private static IEnumerable<BenchmarkCase> Of<M>(string name, Func<ModifierWriter, string> write, M functor)
        where M : struct, IScoreFunctor
    {
        string what = $"H={Heads} L=S={Length} D={Size}";
        Graph modifier = ModifierWriter.Write(write);
        yield return Case($"FlexAttention {name} probabilities struct {what} / plain", Built, Plain);
        yield return Case($"FlexAttention {name} probabilities {what} / struct", (x, y) => Fused(x, y, modifier), Built);

        void Built(TensorValue[] x, TensorValue[] y) =>
            FlexAttention.RunInto<float, M>(x[0].Read(), x[1].Read(), x[2].Read(), y[0].Write(), functor);
    }

    private static BenchmarkCase Case(string name, OurRun ours, OurRun against) => new("flex", name, () => new Subject
    {
        Node = new PeerNode("FlexAttention", 1),
        Inputs = [[Floats.Random(1, 1, Heads, Length, Size), Floats.Random(2, 1, Heads, Length, Size),
            Floats.Random(3, 1, Heads, Length, Size)]],
        Outputs = [Floats.Empty(1, Heads, Length, Size)],
        Ours = ours,
        Against = against,
    }, null);

    private static void Plain(TensorValue[] x, TensorValue[] y) => Fused(x, y, null);

    private static void Fused(TensorValue[] x, TensorValue[] y, Graph? modifier) =>
        FlexAttention.RunInto<float>(x[0].Read(), x[1].Read(), x[2].Read(), y[0].Write(), prob_mod: modifier);

    internal static string Kept(ModifierWriter g) => g.Add("Where", g.Add("Less", g.Score, g.Real(0.001f)), g.Real(0), g.Score);
}
