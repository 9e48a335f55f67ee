using Ops.Graphs;
using Ops.Modifiers;
using Ops.Simd;
using Ops.Specs.Types;
using Ops.Tensors;
using Ops.Tests.Modifiers;

namespace Ops.Tests.Kernels;

/// <summary>Modified scores of sequences that grow: what is compiled for them, and that it means the same for every length.</summary>
[TestClass]
[DoNotParallelize]
public sealed class PagedModifierTests
{
    private static readonly IsaLevel[] Levels = [IsaLevel.Bits512, IsaLevel.Bits256, IsaLevel.Bits128, IsaLevel.Scalar];

    [TestMethod]
    public void A_sequence_that_grows_compiles_its_modifier_once()
    {
        Graph biased = Biased(0.0625);
        Step(biased, 0.0625, tokens: 1, keys: 301);
        int kept = ModifierCache.Count;
        for (int keys = 302; keys < 340; keys += 3) Step(biased, 0.0625, 1, keys);
        Assert.AreEqual(kept, ModifierCache.Count);
    }

    [TestMethod]
    public void Any_number_of_keys_means_the_same_as_the_one_compiled_for()
    {
        foreach (IsaLevel level in Levels)
        {
            using Isa.Forced forced = Isa.Force(level);
            foreach (int tokens in new[] { 1, 2, 3, 8, 9 })
                foreach (int keys in new[] { tokens, tokens + 1, 40, 256, 257, 700 })
                    Step(Biased(0.03125), 0.03125, tokens, keys);
        }
    }

    [TestMethod]
    public void A_decode_step_has_the_bits_of_a_prefill()
    {
        // The prefill of 40 tokens is compiled for its extents, with a table of distances.
        PagedCase whole = Case(Biased(0.1), tokens: 40, keys: 700);
        foreach (IsaLevel level in Levels)
        {
            using Isa.Forced forced = Isa.Force(level);
            TensorValue?[] wanted = whole.Run(), got = (whole with { New = [1] }).Run();
            int bytes = got[0]!.ByteCount;
            Assert.IsTrue(got[0]!.Bytes.SequenceEqual(wanted[0]!.Bytes[(39 * bytes)..]), level.ToString());
        }
    }

    [TestMethod]
    public void What_needs_one_length_is_compiled_for_it()
    {
        // A table with an element for each of 33 keys fits no other length.
        var w = new GraphWriter(ElementType.Float);
        Graph graph = w.Build(w["Add", w.Score, w.Numbers([.. Enumerable.Range(0, 33).Select(i => i * 0.25)], ElementType.Float, 33)]);
        PagedCase c = Case(graph, tokens: 1, keys: 33) with { Modify = (score, _, _, key) => score + key * 0.25 };
        PagedAttentionTests.Compare(c, c.Run()[0]!, PagedReference.Run(c).Y, "Y");
    }

    private static void Step(Graph graph, double slope, int tokens, int keys)
    {
        PagedCase c = Case(graph, tokens, keys) with
        {
            Modify = (score, head, row, key) => key + 50 < row + keys - tokens
                ? double.NegativeInfinity : score + slope * (head + 1) * (key - (row + keys - tokens)),
        };
        PagedAttentionTests.Compare(c, c.Run()[0]!, PagedReference.Run(c).Y, $"Y of {tokens} and {keys}");
    }

    private static PagedCase Case(Graph graph, int tokens, int keys) =>
        new() { E = 64, Ev = 64, Group = 2, PageSize = 16, New = [tokens], Lengths = [keys], Modifier = graph };

    /// <summary>Score + slope * (head + 1) * distance, and nothing seen that is more than 50 positions back.</summary>
    private static Graph Biased(double slope)
    {
        var w = new GraphWriter(ElementType.Float);
        string Extent(long axis) => w["Gather", w["Shape", w.Score], w.LongScalar(axis)];
        string Along(long axis) => w["Range", w.LongScalar(0), Extent(axis), w.LongScalar(1)];
        string rows = w["Unsqueeze", w["Add", Along(2), w["Sub", Extent(3), Extent(2)]], w.Long(1)], distance = w["Sub", Along(3), rows];
        string heads = w["Unsqueeze", w.Cast(w["Add", Along(1), w.LongScalar(1)], ElementType.Float), w.Long(1, 2)];
        string biased = w["Add", w.Score, w["Mul", w["Mul", heads, w.Number(slope)], w.Cast(distance, ElementType.Float)]];
        return w.Build(w["Where", w["Less", distance, w.LongScalar(-50)], w.Number(double.NegativeInfinity), biased]);
    }
}
