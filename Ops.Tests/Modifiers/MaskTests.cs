using Ops.Graphs;
using Ops.Kernels;
using Ops.Modifiers;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;

namespace Ops.Tests.Modifiers;

/// <summary>Masks by position: every way to write positions, times every way to apply a mask, against formulas.</summary>
[TestClass]
public sealed class MaskTests
{
    private delegate string Predicate(GraphWriter w, Func<double, string> number, Func<int, string> at, FlexCase c, ElementType type);

    private static readonly Dictionary<string, (Func<int, int, int, int, FlexCase, bool> Formula, Predicate Graph)> Masks = new()
    {
        ["causal"] = ((_, _, i, j, _) => j <= i, (w, _, at, _, _) => w["LessOrEqual", at(3), at(2)]),
        ["causal-greater-not"] = ((_, _, i, j, _) => j <= i, (w, _, at, _, _) => w["Not", w["Greater", at(3), at(2)]]),
        ["causal-difference"] = ((_, _, i, j, _) => j <= i, (w, n, at, _, _) => w["GreaterOrEqual", w["Sub", at(2), at(3)], n(0)]),
        ["bottom-right"] = ((_, _, i, j, c) => j <= i + c.Keys - c.Queries,
            (w, n, at, c, _) => w["LessOrEqual", at(3), w["Add", at(2), n(c.Keys - c.Queries)]]),
        ["offset"] = ((_, _, i, j, _) => j < i + 4, (w, n, at, _, _) => w["Less", w["Sub", at(3), n(4)], at(2)]),
        ["window"] = ((_, _, i, j, _) => j <= i + 20 && i + 20 - j < 6, (w, n, at, _, _) =>
        {
            string d = w["Sub", w["Add", at(2), n(20)], at(3)];
            return w["And", w["GreaterOrEqual", d, n(0)], w["Less", d, n(6)]];
        }),
        ["symmetric"] = ((_, _, i, j, _) => Math.Abs(i + 15 - j) <= 3,
            (w, n, at, _, _) => w["LessOrEqual", w["Abs", w["Sub", at(3), w["Add", at(2), n(15)]]], n(3)]),
        ["asymmetric"] = ((_, _, i, j, _) => j >= i + 10 && j <= i + 15, (w, n, at, _, _) =>
            w["And", w["GreaterOrEqual", at(3), w["Add", at(2), n(10)]], w["Not", w["Greater", at(3), w["Add", n(15), at(2)]]]]),
        ["dilated"] = ((_, _, i, j, _) => ((i - j) % 3 + 3) % 3 == 0, (w, n, at, _, type) =>
            w["Equal", Mod(w, w["Sub", w["Add", at(2), n(60)], at(3)], n(3), type), n(0)]),
        ["prefix"] = ((_, _, i, j, _) => j < 9 || j <= i,
            (w, n, at, _, _) => w["Or", w["Less", at(3), n(9)], w["LessOrEqual", at(3), at(2)]]),
        ["chunked"] = ((_, _, i, j, _) => i / 4 == j / 4,
            (w, n, at, _, type) => w["Equal", Quotient(w, at(2), n(4), type), Quotient(w, at(3), n(4), type)]),
        ["padding"] = ((_, _, _, j, _) => j < 33, (w, n, at, _, _) => w["Less", at(3), n(33)]),
        ["sinks"] = ((_, _, i, j, _) => j < 2 || (j <= i + 30 && j > i + 25), (w, n, at, _, _) =>
            w["Or", w["Less", at(3), n(2)],
                w["And", w["LessOrEqual", at(3), w["Add", at(2), n(30)]], w["Greater", at(3), w["Add", at(2), n(25)]]]]),
        ["per-head"] = ((_, h, i, j, _) => j - i <= 3 * h + 1,
            (w, n, at, _, _) => w["LessOrEqual", w["Sub", at(3), at(2)], w["Add", w["Mul", at(1), n(3)], n(1)]]),
        ["per-batch"] = ((b, _, _, j, _) => j < 5 + 20 * b, (w, n, at, _, _) => w["Less", at(3), w["Add", w["Mul", at(0), n(20)], n(5)]]),
        ["xor"] = ((_, _, i, j, _) => j <= i ^ j < 3, (w, n, at, _, _) => w["Xor", w["LessOrEqual", at(3), at(2)], w["Less", at(3), n(3)]]),
        ["natten"] = ((_, _, i, j, c) => Math.Clamp(i - 2, 0, c.Keys - 5) is var s && j >= s && j < s + 5, (w, n, at, c, _) =>
        {
            string start = w["Min", w["Max", w["Sub", at(2), n(2)], n(0)], n(c.Keys - 5)];
            return w["And", w["GreaterOrEqual", at(3), start], w["Less", at(3), w["Add", start, n(5)]]];
        }),
        ["block-diffusion"] = ((_, _, i, j, _) => j / 8 <= i / 8,
            (w, n, at, _, type) => w["LessOrEqual", Quotient(w, at(3), n(8), type), Quotient(w, at(2), n(8), type)]),
        ["tiled-window"] = ((_, _, i, j, _) => Math.Abs(j / 8 - i / 2) <= 1, (w, n, at, _, type) =>
            w["LessOrEqual", w["Abs", w["Sub", Quotient(w, at(3), n(8), type), Quotient(w, at(2), n(2), type)]], n(1)]),
        ["all-masked"] = ((_, _, i, j, _) => j < i - 3, (w, n, at, _, _) => w["Less", at(3), w["Sub", at(2), n(3)]]),
    };

    private static readonly Dictionary<string, Func<GraphWriter, string, string>> Applied = new()
    {
        ["where"] = (w, m) => w["Where", m, w.Score, w.Number(double.NegativeInfinity)],
        ["where-not"] = (w, m) => w["Where", w["Not", m], w.Number(double.NegativeInfinity), w.Score],
        ["added"] = (w, m) => w["Add", w.Score, w["Where", m, w.Number(0), w.Number(double.NegativeInfinity)]],
        ["added-log"] = (w, m) => w["Add", w["Log", w.Cast(m, w.Type)], w.Score],
        ["added-quotient"] = (w, m) => w["Sub", w.Score,
            w["Where", w["Equal", w.Cast(m, ElementType.Int32), w.Number(0, ElementType.Int32)], w.Number(double.PositiveInfinity),
                w.Number(0)]],
        ["minimum"] = (w, m) => w["Min", w.Score, w["Where", m, w.Number(double.PositiveInfinity), w.Number(double.NegativeInfinity)]],
    };

    private static string Mod(GraphWriter w, string x, string y, ElementType type) =>
        w.Op("Mod", [x, y], ("fmod", type.IsFloat() ? 1L : 0L));

    private static string Quotient(GraphWriter w, string x, string y, ElementType type) =>
        type.IsFloat() ? w["Floor", w["Div", x, y]] : w["Div", x, y];

    public static IEnumerable<object[]> Names => Masks.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_mask_means_the_same_in_every_spelling(string name)
    {
        var (formula, predicate) = Masks[name];
        FlexCase c = new FlexCase { Batches = 2, Heads = 4, KeyHeads = 2 }.Filled();
        double[] expected = c.Reference((s, b, h, i, j) => formula(b, h, i, j, c) ? s : double.NegativeInfinity, null);
        foreach (Positions positions in Positions.All)
        {
            foreach (var (spelling, apply) in Applied)
            {
                var w = new GraphWriter(c.Scores);
                var known = new Dictionary<int, string>();
                string At(int axis) => known.TryGetValue(axis, out string? at) ? at : known[axis] = positions.Along(w, c, axis);
                Graph graph = w.Build(apply(w, predicate(w, v => w.Number(v, positions.Type), At, c, positions.Type)));
                string what = $"{name}, {positions}, {spelling}";
                FlexCase.Same(expected, c.Run(ExecutionPath.Fused, graph, null), 1e-5, what + ", fused");
                Assert.AreEqual(ModifierTier.Selective, Tier(c, graph), what);
                if (spelling == "where") FlexCase.Same(expected, c.Run(ExecutionPath.Decomposed, graph, null), 1e-5, what + ", decomposed");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Keys_that_follow_one_another_are_found(string name)
    {
        var (formula, predicate) = Masks[name];
        FlexCase c = new FlexCase { Batches = 2, Heads = 4, KeyHeads = 2 };
        bool areOne = name is not ("dilated" or "sinks" or "xor"), haveQuotients = name is "chunked" or "block-diffusion" or "tiled-window";
        foreach (Positions positions in Positions.All)
        {
            foreach (var (spelling, apply) in Applied)
            {
                var w = new GraphWriter(c.Scores);
                Graph graph = w.Build(apply(w, predicate(w, v => w.Number(v, positions.Type), axis => positions.Along(w, c, axis), c,
                    positions.Type)));
                KeyRule? keys = Modifiers(c, graph).Keys;
                string what = $"{name}, {positions}, {spelling}";
                if (keys is not null || !(haveQuotients && positions.Type.IsFloat())) Assert.AreEqual(areOne, keys is not null, what);
                for (int row = 0; keys is not null && row < c.Batches * c.Heads * c.Queries; row++)
                {
                    int b = row / (int)(c.Heads * c.Queries), h = row / (int)c.Queries % (int)c.Heads, i = row % (int)c.Queries;
                    (long from, long to) = keys.Of(b, h, i);
                    for (int j = 0; j < c.Keys; j++)
                        Assert.AreEqual(formula(b, h, i, j, c), from <= j && j < to, $"{what}, batch {b}, head {h}, query {i}, key {j}");
                }
            }
        }
    }

    [TestMethod]
    public void Only_scores_left_as_they_are_have_keys_alone()
    {
        FlexCase c = new();
        string Hidden(GraphWriter w) => w.Number(double.NegativeInfinity);
        string Causal(GraphWriter w) => w["LessOrEqual", Positions.All[0].Along(w, c, 3), Positions.All[0].Along(w, c, 2)];
        KeyRule? Keys(Func<GraphWriter, string> write)
        {
            var w = new GraphWriter(c.Scores);
            return Modifiers(c, w.Build(write(w))).Keys;
        }

        Assert.IsNotNull(Keys(w => w["Where", Causal(w), w.Score, Hidden(w)]));
        Assert.IsNull(Keys(w => w["Where", Causal(w), w["Mul", w.Score, w.Number(2)], Hidden(w)]), "a factor");
        Assert.IsNull(Keys(w => w["Where", Causal(w), w.Score, w.Number(-1e4)]), "a finite mask");
        Assert.IsNull(Keys(w => w["Where", Causal(w), w.Score, w.Number(double.NaN)]), "NaN");
        Assert.IsNull(Keys(w => w["Tanh", w["Where", Causal(w), w.Score, Hidden(w)]]), "a function of the mask");
        Assert.IsNull(Keys(w => w["Max", w.Score, w["Where", Causal(w), w.Number(0), Hidden(w)]]), "a bound");
        Assert.IsNull(Keys(w => w["Add", w.Score, w["Where", Causal(w), w.Number(1), Hidden(w)]]), "a bias");
        Assert.IsNull(Keys(w => w["Where", Causal(w), Hidden(w), w["Where", Causal(w), w.Score, Hidden(w)]]), "nothing is seen");
    }

    private static AttentionModifiers Modifiers(FlexCase c, Graph score) =>
        ModifierCache.Get("FlexAttention", new ModifierCall(c.Batches, c.Heads, c.Queries, c.Keys, c.Type, c.Scores), score, null);

    /// <summary>The tier of a modifier that fuses.</summary>
    internal static ModifierTier Tier(FlexCase c, Graph? score, Graph? probability = null) =>
        ModifierCache.Get("FlexAttention", new ModifierCall(c.Batches, c.Heads, c.Queries, c.Keys, c.Type, c.Scores), score,
            probability).Tier;
}
