using Ops.Graphs;
using Ops.Modifiers;
using Ops.Specs;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;

namespace Ops.Tests.Modifiers;

/// <summary>The corners of FlexAttention: rows without keys, numbers that are none, empty extents, narrow types, and what must not be
/// fused.</summary>
[TestClass]
public sealed class ExactnessTests
{
    private static readonly ElementType[] Floats = [ElementType.Float, ElementType.Double, ElementType.Float16, ElementType.BFloat16];

    private static string Causal(GraphWriter w, FlexCase c, int spelling = 0) =>
        w["Where", w["LessOrEqual", Positions.All[spelling].Along(w, c, 3), Positions.All[spelling].Along(w, c, 2)], w.Score,
            w.Number(double.NegativeInfinity)];

    private static void Both(FlexCase c, Func<GraphWriter, string>? score, Func<GraphWriter, string>? probability, double tolerance,
        string what)
    {
        Graph? Written(Func<GraphWriter, string>? write)
        {
            var w = new GraphWriter(c.Scores);
            return write is null ? null : w.Build(write(w));
        }
        double[] fused = c.Run(ExecutionPath.Fused, Written(score), Written(probability));
        FlexCase.Same(c.Run(ExecutionPath.Decomposed, Written(score), Written(probability)), fused, tolerance, what);
    }

    [TestMethod]
    public void Every_type_in_every_precision_agrees_with_the_body()
    {
        foreach (ElementType type in Floats)
            foreach (ElementType precision in Floats)
                foreach (int queries in new[] { 1, 7, 64 })
                {
                    FlexCase c = new FlexCase
                    {
                        Type = type,
                        Precision = precision,
                        Queries = queries,
                        Keys = 77,
                        Heads = 4,
                        KeyHeads = 1,
                        ValueDepth = 40,
                        Seed = queries
                    }.Filled();
                    double tolerance = Math.Max(ToleranceOf(type), ToleranceOf(precision));
                    string what = $"{type.Name()} in {precision.Name()}, {queries} queries";
                    Both(c, null, null, tolerance, what);
                    Both(c, w => Causal(w, c), null, tolerance, what + ", causal");
                    Both(c, w => w["Mul", w.Number(2), w["Tanh", w["Div", w.Score, w.Number(2)]]], null, tolerance, what + ", soft cap");
                    Both(c, null, w => w["Mul", w.Score, w.Number(0.5)], tolerance, what + ", gate");
                    Both(c, w => Causal(w, c), w => w["Div", w.Score, w["ReduceSum", w.Score, w.Long(-1)]], tolerance, what + ", sum");
                }
    }

    private static double ToleranceOf(ElementType type) =>
        type switch { ElementType.Double => 1e-12, ElementType.Float => 1e-5, ElementType.Float16 => 4e-3, _ => 3e-2 };

    [TestMethod]
    public void A_row_without_keys_is_NaN()
    {
        foreach (int spelling in new[] { 0, 3, 5, 7 })
        {
            FlexCase c = new FlexCase { Queries = 20, Keys = 600 }.Filled();
            double[] expected = c.Reference((s, _, _, i, j) => j + 3 <= i ? s : double.NegativeInfinity, null);
            Positions positions = Positions.All[spelling];
            var w = new GraphWriter(c.Scores);
            string seen = w["LessOrEqual", w["Add", positions.Along(w, c, 3), w.Number(3, positions.Type)], positions.Along(w, c, 2)];
            Graph graph = w.Build(w["Where", seen, w.Score, w.Number(double.NegativeInfinity)]);
            Assert.IsTrue(double.IsNaN(expected[0]));
            FlexCase.Same(expected, c.Run(ExecutionPath.Fused, graph, null), 1e-5, positions.Name);
            FlexCase.Same(expected, c.Run(ExecutionPath.Decomposed, graph, null), 1e-5, positions.Name);
        }
    }

    [TestMethod]
    public void A_probability_of_NaN_reaches_its_modifier()
    {
        FlexCase c = new FlexCase { Queries = 20, Keys = 300 }.Filled();
        Both(c,
            w => w["Where", w["Less", Positions.All[0].Along(w, c, 3), Positions.All[0].Along(w, c, 2)],
                w.Score, w.Number(double.NegativeInfinity)],
            w => w["Where", w["Greater", w.Score, w.Number(0.01)], w.Score, w.Number(0)], 1e-5, "NaN above a threshold is none");
        Both(c,
            w => w["Where", w["Less", Positions.All[0].Along(w, c, 3), Positions.All[0].Along(w, c, 2)],
                w.Score, w.Number(double.NegativeInfinity)],
            w => w["Where", w["IsNaN", w.Score], w.Number(0.5), w.Score], 1e-5, "NaN replaced");
        Both(c,
            w => w["Where", w["Less", Positions.All[0].Along(w, c, 3), Positions.All[0].Along(w, c, 2)],
                w.Score, w.Number(double.NegativeInfinity)],
            w => w["Add", w.Score, w.Number(0.125)], 1e-5, "keys that are not seen count");
    }

    [TestMethod]
    public void Numbers_that_are_none_behave_as_in_the_body()
    {
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
            foreach (int key in new[] { 0, 3, 40 })
            {
                FlexCase c = new FlexCase { Heads = 2, KeyHeads = 2, Queries = 41 }.Filled();
                c.K[key * c.Depth] = bad;
                Both(c, null, null, 1e-5, $"key {key} {bad}");
                Both(c, w => w["Mul", w.Number(2), w["Tanh", w["Div", w.Score, w.Number(2)]]], null, 1e-5, $"key {key} {bad}, soft cap");
                Both(c,
                    w => w["Add", w.Score,
                        w["Where", w["LessOrEqual", Positions.All[0].Along(w, c, 3), Positions.All[0].Along(w, c, 2)], w.Number(0),
                            w.Number(-1e4)]],
                    null, 1e-5, $"key {key} {bad}, finite mask");
                c = new FlexCase { Heads = 2, KeyHeads = 2, Queries = 41 }.Filled();
                c.V[key * c.ValueDepth] = bad;
                Both(c, null, null, 1e-5, $"value {key} {bad}");
                Both(c, w => w["Add", w.Score, w.Number(1)], w => w["Mul", w.Score, w.Number(0.5)], 1e-5, $"value {key} {bad}, gate");
            }
    }

    [TestMethod]
    public void Extents_may_be_anything()
    {
        foreach (int batches in new[] { 0, 1, 3 })
            foreach (int queries in new[] { 0, 1, 15, 129 })
                foreach (int keys in new[] { 0, 1, 31, 257 })
                    foreach (int depth in new[] { 0, 1, 19 })
                    {
                        FlexCase c = new FlexCase
                        {
                            Batches = batches, Queries = queries, Keys = keys, Depth = depth, ValueDepth = 3, Scale = 0.3f
                        }.Filled();
                        string what = $"[{batches}, {queries}, {keys}, {depth}]";
                        Both(c, null, null, 1e-5, what);
                        Both(c, w => Causal(w, c), null, 1e-5, what + ", causal");
                        Both(c, w => Causal(w, c), w => w["Mul", w.Score, w.Number(2)], 1e-5, what + ", causal, gate");
                    }
    }

    [TestMethod]
    public void Scales_of_every_sign_are_as_in_the_body()
    {
        foreach (float scale in new[] { 0f, -1f, 0.37f, 2f })
        {
            FlexCase c = new FlexCase { Scale = scale }.Filled();
            Both(c, null, null, 1e-5, $"scale {scale}");
            Both(c, w => Causal(w, c), null, 1e-5, $"scale {scale}, causal");
        }
    }

    [TestMethod]
    public void Threads_and_tiles_change_no_bit()
    {
        FlexCase c = new FlexCase { Batches = 2, Heads = 4, KeyHeads = 2, Queries = 90, Keys = 700, Depth = 16, ValueDepth = 16 }.Filled();
        var w = new GraphWriter(c.Scores);
        Graph graph = w.Build(Causal(w, c));
        double[] one, two;
        using (Threading.Workers.Force(1)) one = c.Run(ExecutionPath.Fused, graph, null);
        using (Threading.Workers.Force(4)) two = c.Run(ExecutionPath.Fused, graph, null);
        CollectionAssert.AreEqual(one, two);
    }

    private static readonly Dictionary<string, (Func<GraphWriter, FlexCase, string> Write, string Reason)> Refused = new()
    {
        ["softmax"] = ((w, _) => w.Op("Softmax", [w.Score], ("axis", -1L)), "Softmax"),
        ["row maximum"] = ((w, _) => w["Sub", w.Score, w["ReduceMax", w.Score, w.Long(-1)]], "ReduceMax"),
        ["product"] = ((w, c) => w["MatMul", w.Score, w.Numbers(new double[c.Keys * c.Keys], w.Type, c.Keys, c.Keys)], "MatMul"),
        ["transposed"] = ((w, _) => w.Op("Transpose", [w.Score], ("perm", new long[] { 0, 1, 3, 2 })), "scores of other positions"),
        ["sum along keys"] = ((w, _) => w["CumSum", w.Score, w.LongScalar(3)], "CumSum"),
        ["reversed"] = ((w, _) => w["Slice", w.Score, w.Long(-1), w.Long(long.MinValue + 1), w.Long(3), w.Long(-1)],
            "scores of other positions"),
    };

    [TestMethod]
    public void What_is_no_functor_says_why_and_runs_as_its_body()
    {
        foreach (var (name, (write, reason)) in Refused)
        {
            FlexCase c = new FlexCase { Queries = 41 }.Filled();
            var w = new GraphWriter(c.Scores);
            Graph graph = w.Build(write(w, c));
            OpException refused = Assert.ThrowsExactly<OpException>(() => c.Run(ExecutionPath.Fused, graph, null), name);
            Assert.AreEqual(Coverage.NotFused, refused.Rule, name);
            StringAssert.Contains(refused.Message, reason, name);
            FlexCase.Same(c.Run(ExecutionPath.Decomposed, graph, null), c.Run(ExecutionPath.Auto, graph, null), 1e-5, name);
            Assert.AreEqual(ExecutionPath.Decomposed, c.LastRuns[0].Path, name);
        }
    }

    [TestMethod]
    public void The_cache_is_bounded()
    {
        FlexCase c = new FlexCase { Keys = 3, Queries = 2 }.Filled();
        for (int n = 0; n < ModifierCache.Capacity + 40; n++)
        {
            var w = new GraphWriter(c.Scores);
            c.Run(ExecutionPath.Fused, w.Build(w["Add", w.Score, w.Number(n)]), null);
        }
        Assert.AreEqual(ModifierCache.Capacity, ModifierCache.Count);
    }

    [TestMethod]
    public void Intervals_hold_what_ops_make_of_their_members()
    {
        var random = new Random(7);
        double[] numbers = [-3, -1, -0.5, 0, 0.25, 1, 2, 7, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        for (int n = 0; n < 20000; n++)
        {
            double a = numbers[random.Next(numbers.Length)], b = numbers[random.Next(numbers.Length)],
                c = numbers[random.Next(numbers.Length)], d = numbers[random.Next(numbers.Length)];
            Interval x = Interval.Of(a).Union(Interval.Of(b)), y = Interval.Of(c).Union(Interval.Of(d));
            foreach (double u in new[] { a, b })
                foreach (double v in new[] { c, d })
                {
                    Holds(x + y, u + v, "+");
                    Holds(x - y, u - v, "-");
                    Holds(x * y, u * v, "*");
                    Holds(x / y, u / v, "/");
                    Holds(Interval.Min(x, y), double.IsNaN(u) || double.IsNaN(v) ? double.NaN : Math.Min(u, v), "min");
                    Holds(Interval.Less(x, y), u < v ? 1 : 0, "<");
                    Holds(Interval.LessOrEqual(x, y), u <= v ? 1 : 0, "<=");
                    Holds(Interval.Equal(x, y), u == v ? 1 : 0, "==");
                    Holds(Interval.Rising(x, Math.Exp), Math.Exp(u), "exp");
                    Holds(Interval.Rising(x, Math.Log), Math.Log(u), "log");
                    Holds(Interval.Power(x, y), Math.Pow(u, v), "pow");

                    void Holds(Interval interval, double value, string op) => Assert.IsTrue(
                        double.IsNaN(value) ? interval.MayBeNaN : value >= interval.Low && value <= interval.High,
                        $"{u} {op} {v} = {value}, not in {interval} of {x} and {y}");
                }
        }
    }
}
