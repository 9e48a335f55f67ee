using Ops.Graphs;
using Ops.Specs;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Modifiers;

/// <summary>Modifiers as exporters and people write them, in calls of every shape and type, against formulas in double: all fuse.</summary>
[TestClass]
public sealed class SpellingTests
{
    private const double Out = double.NegativeInfinity;

    private sealed record Score(string Name, Func<GraphWriter, FlexCase, string> Write,
        Func<double, int, int, int, int, FlexCase, double> Formula);

    private sealed record Probability(string Name, Func<GraphWriter, FlexCase, string> Write,
        Func<double[], int, int, int, FlexCase, double[]> Formula);

    private static string I(GraphWriter w, FlexCase c) => Positions.All[0].Along(w, c, 2);

    private static string J(GraphWriter w, FlexCase c) => Positions.All[1].Along(w, c, 3);

    private static string H(GraphWriter w, FlexCase c) => Positions.All[0].Along(w, c, 1);

    private static string B(GraphWriter w, FlexCase c) => Positions.All[0].Along(w, c, 0);

    private static string N(GraphWriter w, long value) => w.LongScalar(value);

    private static string Real(GraphWriter w, string x) => w.Cast(x, w.Type);

    private static string Keep(GraphWriter w, string condition) => w["Where", condition, w.Score, w.Number(Out)];

    private static string Extent(GraphWriter w, int axis) => w["Gather", w["Shape", w.Score], w.LongScalar(axis)];

    private static string Grid(GraphWriter w) => w["Slice", w["Shape", w.Score], w.Long(2), w.Long(4)];

    private static string Filled(GraphWriter w, string shape, double value) =>
        w.Op("ConstantOfShape", [shape], ("value", TensorValue.From<float>([(float)value], 1)));

    private static readonly Score[] Scores =
    [
        new("causal by a lower triangle of ones",
            (w, c) => Keep(w, w.Cast(w.Op("Trilu", [Filled(w, Grid(w), 1)], ("upper", 0L)), ElementType.Bool)),
            (s, _, _, i, j, _) => j <= i ? s : Out),
        new("causal by an upper triangle of -inf",
            (w, c) => w["Add", w.Score, w.Cast(w.Op("Trilu", [Filled(w, Grid(w), Out), N(w, 1)], ("upper", 1L)), w.Type)],
            (s, _, _, i, j, _) => j <= i ? s : Out),
        new("causal by the logarithm of a mask", (w, c) => w["Add", w.Score, w["Log", Real(w, w["GreaterOrEqual", I(w, c), J(w, c)])]],
            (s, _, _, i, j, _) => j <= i ? s : Out),
        new("causal, inverted", (w, c) => w["Where", w["Not", w["Not", w["Greater", J(w, c), I(w, c)]]], w.Number(Out), w.Score],
            (s, _, _, i, j, _) => j <= i ? s : Out),
        new("causal by signs",
            (w, c) => Keep(w,
                w.Cast(w["Relu", w["Sign", w["Add", w["Sub", Real(w, I(w, c)), Real(w, J(w, c))], w.Number(0.5)]]], ElementType.Bool)),
            (s, _, _, i, j, _) => j <= i ? s : Out),
        new("causal by clipping",
            (w, c) => w["Sub", w.Score,
                w["Mul", w["Clip", w["Sub", Real(w, J(w, c)), Real(w, I(w, c))], w.Number(0), w.Number(1)], w.Number(1e4)]],
            (s, _, _, i, j, _) => s - Math.Clamp(j - i, 0, 1) * 1e4),
        new("bottom right by extents",
            (w, c) => Keep(w, w["LessOrEqual", J(w, c), w["Add", I(w, c), w["Sub", Extent(w, 3), Extent(w, -2)]]]),
            (s, _, _, i, j, c) => j <= i + c.Keys - c.Queries ? s : Out),
        new("window by exclusive or",
            (w, c) => Keep(w, w["Xor", w["Less", w["Sub", I(w, c), J(w, c)], N(w, -3)], w["Less", w["Sub", I(w, c), J(w, c)], N(w, 6)]]),
            (s, _, _, i, j, _) => i - j is >= -3 and < 6 ? s : Out),
        new("window by magnitudes of reals",
            (w, c) => Keep(w, w["Less", w["Abs", w["Sub", Real(w, I(w, c)), Real(w, J(w, c))]], w.Number(4.5)]),
            (s, _, _, i, j, _) => Math.Abs(i - j) < 4.5 ? s : Out),
        new("dilated by a remainder with the dividend's sign",
            (w, c) => Keep(w, w["Equal", w.Op("Mod", [w["Sub", I(w, c), J(w, c)], N(w, 3)], ("fmod", 1L)), N(w, 0)]),
            (s, _, _, i, j, _) => (i - j) % 3 == 0 ? s : Out),
        new("dilated by bits", (w, c) => Keep(w, w["Equal", w["BitwiseAnd", w["Add", I(w, c), J(w, c)], N(w, 1)], N(w, 0)]),
            (s, _, _, i, j, _) => (i + j) % 2 == 0 ? s : Out),
        new("prefix of each batch",
            (w, c) => Keep(w, w["Or", w["LessOrEqual", J(w, c), I(w, c)], w["Less", J(w, c), w["Gather", w.Long(3, 7, 1), B(w, c)]]]),
            (s, b, _, i, j, _) => j <= i || j < new[] { 3, 7, 1 }[b] ? s : Out),
        new("chunks by quotients", (w, c) => Keep(w, w["Equal", w["Div", I(w, c), N(w, 5)], w["Div", J(w, c), N(w, 5)]]),
            (s, _, _, i, j, _) => i / 5 == j / 5 ? s : Out),
        new("blocks by floors",
            (w, c) => Keep(w, w["GreaterOrEqual", w["Floor", w["Div", Real(w, I(w, c)), w.Number(4)]],
                w["Floor", w["Div", Real(w, J(w, c)), w.Number(4)]]]),
            (s, _, _, i, j, _) => i / 4 >= j / 4 ? s : Out),
        new("neighbours in a plane", (w, c) => Keep(w, w["And",
            w["LessOrEqual", w["Abs", w["Sub", w["Div", I(w, c), N(w, 6)], w["Div", J(w, c), N(w, 6)]]], N(w, 1)],
            w["LessOrEqual", w["Abs", w["Sub", w["Mod", I(w, c), N(w, 6)], w["Mod", J(w, c), N(w, 6)]]], N(w, 1)]]),
            (s, _, _, i, j, _) => Math.Abs(i / 6 - j / 6) <= 1 && Math.Abs(i % 6 - j % 6) <= 1 ? s : Out),
        new("sinks and a window",
            (w, c) => Keep(w, w["And", w["LessOrEqual", J(w, c), I(w, c)],
                w["Or", w["Less", J(w, c), N(w, 2)], w["Less", w["Sub", I(w, c), J(w, c)], N(w, 5)]]]),
            (s, _, _, i, j, _) => j <= i && (j < 2 || i - j < 5) ? s : Out),
        new("a window for each head",
            (w, c) => Keep(w,
                w["LessOrEqual", w["Abs", w["Sub", I(w, c), J(w, c)]], w["Gather", w.Long(0, 2, 9, 4, 1, 30, 3, 7), H(w, c)]]),
            (s, _, h, i, j, _) => Math.Abs(i - j) <= new[] { 0, 2, 9, 4, 1, 30, 3, 7 }[h] ? s : Out),
        new("global tokens",
            (w, c) => Keep(w, w["Or",
                w["Or", w["Equal", w["Mod", J(w, c), N(w, 8)], N(w, 0)], w["Equal", w["Mod", I(w, c), N(w, 8)], N(w, 0)]],
                w["LessOrEqual", w["Abs", w["Sub", I(w, c), J(w, c)]], N(w, 2)]]),
            (s, _, _, i, j, _) => j % 8 == 0 || i % 8 == 0 || Math.Abs(i - j) <= 2 ? s : Out),
        new("slopes by powers",
            (w, c) => w["Sub", w.Score, w["Mul",
                w["Pow", w.Number(2), w["Div", w["Mul", w["Add", Real(w, H(w, c)), w.Number(1)], w.Number(-8)], Real(w, Extent(w, 1))]],
                Real(w, w["Abs", w["Sub", I(w, c), J(w, c)]])]],
            (s, _, h, i, j, c) => s - Math.Pow(2, -8.0 * (h + 1) / c.Heads) * Math.Abs(i - j)),
        new("slopes by exponentials",
            (w, c) => w["Add", w.Score,
                w["Mul", w["Exp", w["Mul", w.Number(-0.5), Real(w, H(w, c))]], Real(w, w["Min", w["Sub", J(w, c), I(w, c)], N(w, 0)])]],
            (s, _, h, i, j, _) => s + Math.Exp(-0.5 * h) * Math.Min(j - i, 0)),
        new("buckets by logarithms", (w, c) =>
        {
            string n = w["Abs", w["Sub", J(w, c), I(w, c)]];
            string far = w["Add",
                w.Cast(w["Mul",
                    w["Log", w["Div", w["Add", w.Cast(n, ElementType.Float), w.Number(0.01, ElementType.Float)],
                        w.Number(4, ElementType.Float)]],
                    w.Number(2.3, ElementType.Float)],
                ElementType.Int64), N(w, 4)];
            string bucket = w["Add", w["Where", w["Less", n, N(w, 4)], n, w["Min", far, N(w, 7)]],
                w["Mul", w.Cast(w["Greater", J(w, c), I(w, c)], ElementType.Int64), N(w, 8)]];
            return w["Add", w.Score,
                w["Gather", w.Numbers([.. Enumerable.Range(0, 16).Select(k => (k * 5 % 16 - 8) / 8.0)], w.Type, 16), bucket]];
        }, (s, _, _, i, j, _) =>
        {
            int n = Math.Abs(j - i), far = Math.Min(4 + (int)(Math.Log((n + 0.01) / 4) * 2.3), 7);
            return s + (((n < 4 ? n : far) + (j > i ? 8 : 0)) * 5 % 16 - 8) / 8.0;
        }),
        new("buckets by logarithms of what a test bounds", (w, c) =>
        {
            string n = w["Max", w["Sub", I(w, c), J(w, c)], N(w, 0)], near = w["Greater", n, N(w, 1)];
            string part = w["Div", w.Cast(w["Where", near, n, N(w, 1)], ElementType.Double), w.Number(3.99, ElementType.Double)];
            string far = w["Add", w.Cast(w["Mul", w["Log", part], w.Number(2.3, ElementType.Double)], ElementType.Int64), N(w, 4)];
            string bucket = w["Where", w["Less", n, N(w, 4)], n, w["Where", w["LessOrEqual", far, N(w, 7)], far, N(w, 7)]];
            return w["Add", w.Score,
                w["Gather", w.Numbers([.. Enumerable.Range(0, 64).Select(k => k * 5 % 16 / 8.0)], w.Type, 64),
                    w["Add", w["Mul", bucket, N(w, 8)], H(w, c)]]];
        }, (s, _, h, i, j, _) =>
        {
            int n = Math.Max(i - j, 0), far = Math.Min(4 + (int)(Math.Log(n / 3.99) * 2.3), 7);
            return s + ((n < 4 ? n : far) * 8 + h) * 5 % 16 / 8.0;
        }),
        new("causal by the larger one", (w, c) => Keep(w, w["Equal", w["Max", I(w, c), J(w, c)], I(w, c)]),
            (s, _, _, i, j, _) => j <= i ? s : Out),
        new("distances by signs and tests", (w, c) =>
        {
            string d = w["Sub", J(w, c), I(w, c)], real = Real(w, d);
            string signed = w["Mul", d, w["Sign", d]], tested = w["Where", w["Less", d, N(w, 0)], w["Neg", d], d],
                larger = w["Max", w["Neg", d], d];
            string all = w["Sum", Real(w, signed), Real(w, tested), Real(w, larger),
                w["Where", w["Less", real, w.Number(0)], w["Neg", real], real], w["Mul", w["Sign", real], real]];
            return w["Sub", w.Score, w["Div", all, w.Number(64)]];
        }, (s, _, _, i, j, _) => s - 5 * Math.Abs(j - i) / 64.0),
        new("temperature of each row", (w, c) => w["Div", w.Score, w["Sqrt", w["Add", Real(w, I(w, c)), w.Number(1)]]],
            (s, _, _, i, _, _) => s / Math.Sqrt(i + 1)),
        new("temperature of each head",
            (w, c) => w["Mul", w.Score, w["Reciprocal", w["Add", w["Mul", Real(w, H(w, c)), w.Number(0.5)], w.Number(1)]]],
            (s, _, h, _, _, _) => s / (1 + 0.5 * h)),
        new("a cap before a mask",
            (w, c) => w["Where", w["LessOrEqual", J(w, c), I(w, c)], w["Mul", w["Tanh", w["Div", w.Score, w.Number(1.5)]], w.Number(1.5)],
                w.Number(Out)],
            (s, _, _, i, j, _) => j <= i ? 1.5 * Math.Tanh(s / 1.5) : Out),
        new("a mask before a cap",
            (w, c) => w["Mul", w["Tanh", w["Div", Keep(w, w["LessOrEqual", J(w, c), I(w, c)]), w.Number(1.5)]], w.Number(1.5)],
            (s, _, _, i, j, _) => j <= i ? 1.5 * Math.Tanh(s / 1.5) : -1.5),
        new("a mask before a clip", (w, c) => w["Clip", Keep(w, w["LessOrEqual", J(w, c), I(w, c)]), w.Number(-2), w.Number(2)],
            (s, _, _, i, j, _) => j <= i ? Math.Clamp(s, -2, 2) : -2),
        new("a product with a mask", (w, c) => w["Mul", w.Score, Real(w, w["LessOrEqual", J(w, c), I(w, c)])],
            (s, _, _, i, j, _) => j <= i ? s : 0),
        new("positions only",
            (w, c) => w["Add", w["Mul", w.Score, w.Number(0)],
                w["Div", Real(w, w["Mod", w["Add", I(w, c), J(w, c)], N(w, 4)]), w.Number(2)]],
            (_, _, _, i, j, _) => (i + j) % 4 / 2.0),
        new("whole scores", (w, c) => Real(w, w.Cast(w["Mul", w.Score, w.Number(1.25)], ElementType.Int64)),
            (s, _, _, _, _, _) => Math.Truncate(s * 1.25)),
        new("scores by groups of heads", (w, c) =>
        {
            long group = c.Heads / c.KeyHeads;
            string grouped = w["Reshape", w.Score, w.Long(c.Batches, c.KeyHeads, group, c.Queries, c.Keys)];
            string biased = w["Add", grouped, w.Numbers([.. Enumerable.Range(0, (int)group).Select(g => g / 4.0)], w.Type, group, 1, 1)];
            return w["Reshape", biased, w["Shape", w.Score]];
        }, (s, _, h, _, _, c) => s + h % (c.Heads / c.KeyHeads) / 4.0),
        new("scores by sequences of heads", (w, c) =>
        {
            string flat = w["Reshape", w.Score, w.Long(-1, c.Queries, c.Keys)];
            return w["Reshape",
                w["Add", flat,
                    w.Numbers([.. Enumerable.Range(0, c.Batches * c.Heads).Select(n => n / 8.0)], w.Type, c.Batches * c.Heads, 1, 1)],
                w["Shape", w.Score]];
        }, (s, b, h, _, _, c) => s + (b * c.Heads + h) / 8.0),
        new("a sum of positions counted from the end",
            (w, c) => w["Add", w.Score, w["Div", Real(w, w["Range", w["Sub", Extent(w, 3), N(w, 1)], N(w, -1), N(w, -1)]), w.Number(16)]],
            (s, _, _, _, j, c) => s + (c.Keys - 1 - j) / 16.0),
        new("indices that count from the end",
            (w, c) => w["Add", w.Score, w["Gather", w.Numbers([0.5, -0.25, 1], w.Type, 3), w["Sub", w["Mod", J(w, c), N(w, 3)], N(w, 3)]]],
            (s, _, _, _, j, _) => s + new[] { 0.5, -0.25, 1 }[j % 3]),
        new("a mean and a sum of several",
            (w, c) => w["Sum", w["Mean", w.Score, Real(w, w["Mod", J(w, c), N(w, 2)]), w.Number(0.5)],
                w["Max", w.Score, w.Number(-1), w.Number(-2)], w["Min", w.Score, w.Number(1)]],
            (s, _, _, _, j, _) => (s + j % 2 + 0.5) / 3 + Math.Max(s, -1) + Math.Min(s, 1)),
        new("angles", (w, c) => w["Add", w["Sin", w.Score], w["Cos", w["Mul", Real(w, w["Sub", J(w, c), I(w, c)]), w.Number(0.3)]]],
            (s, _, _, i, j, _) => Math.Sin(s) + Math.Cos((j - i) * 0.3)),
        new("hyperbolas", (w, c) => w["Sub", w["Asinh", w.Score], w["Atan", w["Mul", w.Score, w.Number(0.5)]]],
            (s, _, _, _, _, _) => Math.Asinh(s) - Math.Atan(s * 0.5)),
        new("activations", (w, c) => w["Sum", w["Elu", w.Score], w.Op("LeakyRelu", [w.Score], ("alpha", 0.25f)),
            w.Op("HardSigmoid", [w.Score], ("alpha", 0.25f)),
            w["Softsign", w.Score]],
            (s, _, _, _, _, _) => (s < 0 ? Math.Exp(s) - 1 : s) + (s < 0 ? 0.25 * s : s) + Math.Clamp(0.25 * s + 0.5, 0, 1)
                + s / (1 + Math.Abs(s))),
        new("joined halves",
            (w, c) => w["Add", w.Score,
                w["Div",
                    Real(w, w.Op("Concat", [w["Range", N(w, 0), w["Div", Extent(w, 3), N(w, 2)], N(w, 1)],
                        w["Range", N(w, 0), w["Sub", Extent(w, 3), w["Div", Extent(w, 3), N(w, 2)]], N(w, 1)]], ("axis", 0L))),
                    w.Number(8)]],
            (s, _, _, _, j, c) => s + (j < c.Keys / 2 ? j : j - c.Keys / 2) / 8.0),
        new("a grid turned over",
            (w, c) => Keep(w,
                w["LessOrEqual",
                    w.Op("Transpose",
                        [w["Expand", w["Range", N(w, 0), Extent(w, 2), N(w, 1)],
                            w.Op("Concat", [w["Slice", w["Shape", w.Score], w.Long(3), w.Long(4)],
                                w["Slice", w["Shape", w.Score], w.Long(2), w.Long(3)]], ("axis", 0L))]],
                        ("perm", new long[] { 1, 0 })) is var rows
                    ? J(w, c) : rows, rows]),
            (s, _, _, i, j, _) => j <= i ? s : Out),
        new("infinities told apart", (w, c) => w["Where", w["IsInf", Keep(w, w["LessOrEqual", J(w, c), I(w, c)])], w.Number(-3), w.Score],
            (s, _, _, i, j, _) => j <= i ? s : -3),
    ];

    private static readonly Probability[] Probabilities =
    [
        new("dropped by position",
            (w, c) => w["Mul", w.Score,
                Real(w, w["Greater", w["Mod", w["Add", w["Mul", I(w, c), N(w, 7)], w["Mul", J(w, c), N(w, 13)]], N(w, 5)], N(w, 0)])],
            (p, _, _, i, _) => [.. p.Select((v, j) => (i * 7 + j * 13) % 5 > 0 ? v : 0)]),
        new("dropped and renormalised", (w, c) =>
        {
            string kept = w["Where", w["Equal", w["Mod", w["Add", I(w, c), J(w, c)], N(w, 3)], N(w, 1)], w.Number(0), w.Score];
            return w["Div", kept, w["Add", w.Op("ReduceSum", [kept, w.Long(3)], ("keepdims", 1L)), w.Number(1e-6)]];
        }, (p, _, _, i, _) =>
        {
            double[] kept = [.. p.Select((v, j) => (i + j) % 3 == 1 ? 0 : v)];
            double sum = kept.Sum() + 1e-6;
            return [.. kept.Select(v => v / sum)];
        }),
        new("near the greatest", (w, c) =>
        {
            string kept = w["Where", w["GreaterOrEqual", w.Score, w["Mul", w["ReduceMax", w.Score, w.Long(-1)], w.Number(0.37)]], w.Score,
                w.Number(0)];
            return w["Div", kept, w["ReduceSum", kept, w.Long(-1)]];
        }, (p, _, _, _, _) =>
        {
            double most = p.Length == 0 ? 0 : p.Max() * 0.37;
            double sum = p.Where(v => v >= most).Sum();
            return [.. p.Select(v => v >= most ? v / sum : 0)];
        }),
        new("less their mean", (w, c) => w["Sub", w.Score, w.Op("ReduceMean", [w.Score, w.Long(-1)])],
            (p, _, _, _, _) => p.Average() is var mean ? [.. p.Select(v => v - mean)] : []),
        new("of length one", (w, c) => w["Div", w.Score, w["Sqrt", w["ReduceSumSquare", w.Score, w.Long(-1)]]],
            (p, _, _, _, _) => Math.Sqrt(p.Sum(x => x * x)) is var length ? [.. p.Select(v => v / length)] : []),
        new("less their spread", (w, c) =>
        {
            string centred = w["Sub", w.Score, w["ReduceMean", w.Score, w.Long(-1)]];
            return w["Sub", w.Score, w["Sqrt", w["ReduceMean", w["Mul", centred, centred], w.Long(-1)]]];
        }, (p, _, _, _, _) =>
        {
            double mean = p.Average(), spread = Math.Sqrt(p.Sum(x => (x - mean) * (x - mean)) / p.Length);
            return [.. p.Select(v => v - spread)];
        }),
        new("squeezed and put back",
            (w, c) => w["Mul", w.Score, w["Unsqueeze", w.Op("ReduceMax", [w.Score, w.Long(3)], ("keepdims", 0L)), w.Long(-1)]],
            (p, _, _, _, _) => p.Max() is var most ? [.. p.Select(v => v * most)] : []),
        new("by the logarithm of sums",
            (w, c) => w["Mul", w.Score,
                w["Sub", w["ReduceLogSumExp", w.Score, w.Long(-1)], w["ReduceLogSum", w["Add", w.Score, w.Number(1)], w.Long(-1)]]],
            (p, _, _, _, _) => Math.Log(p.Sum(Math.Exp)) - Math.Log(p.Sum(x => x + 1)) is var size ? [.. p.Select(v => v * size)] : []),
        new("of a head and a key",
            (w, c) => w["Mul", w.Score, w["Add", w["Mul", Real(w, H(w, c)), w.Number(0.5)], w["Div", Real(w, J(w, c)), w.Number(64)]]],
            (p, _, h, _, _) => [.. p.Select((v, j) => v * (h * 0.5 + j / 64.0))]),
        new("raised", (w, c) => w["Pow", w.Score, w.Number(1.5)], (p, _, _, _, _) => [.. p.Select(v => Math.Pow(v, 1.5))]),
    ];

    private static readonly FlexCase[] Calls =
    [
        new() { Batches = 2, Heads = 4, KeyHeads = 2, Queries = 9, Keys = 37, Depth = 8, ValueDepth = 5 },
        new() { Heads = 8, KeyHeads = 1, Queries = 1, Keys = 300, Depth = 16, ValueDepth = 16 },
        new() { Batches = 3, Heads = 2, KeyHeads = 2, Queries = 70, Keys = 70, Depth = 4, ValueDepth = 33 },
        new() { Heads = 4, KeyHeads = 4, Queries = 33, Keys = 1, Depth = 8, ValueDepth = 8 },
        new() { Heads = 2, KeyHeads = 1, Queries = 270, Keys = 515, Depth = 4, ValueDepth = 4 },
        new() { Batches = 0, Heads = 4, KeyHeads = 2, Queries = 5, Keys = 7 },
        new() { Heads = 4, KeyHeads = 2, Queries = 0, Keys = 7 },
        new() { Heads = 4, KeyHeads = 2, Queries = 5, Keys = 0 },
        new() { Type = ElementType.Double, Heads = 4, KeyHeads = 2, Queries = 20, Keys = 66 },
        new() { Type = ElementType.Float, Precision = ElementType.Double, Heads = 4, KeyHeads = 2, Queries = 20, Keys = 66 },
        new() { Type = ElementType.Float16, Heads = 4, KeyHeads = 2, Queries = 20, Keys = 40 },
        new() { Type = ElementType.BFloat16, Heads = 4, KeyHeads = 1, Queries = 20, Keys = 40 },
    ];

    private static double Tolerance(FlexCase c) =>
        c.Type switch { ElementType.Double => 1e-11, ElementType.Float => 1e-4, ElementType.Float16 => 2e-2, _ => 8e-2 };

    [TestMethod]
    public void Scores_are_modified_as_the_formula_says()
    {
        List<string> wrong = [];
        // Extents of 0 are others' in a Reshape, and numbers of few bits lie on the other side of a whole one.
        foreach (Score modifier in Scores)
            foreach (FlexCase call in Calls.Where(
                c => !(modifier.Name.StartsWith("scores by", StringComparison.Ordinal) && (c.Queries == 0 || c.Keys == 0))
                && !(modifier.Name == "whole scores" && c.Type is ElementType.Float16 or ElementType.BFloat16)))
                Check(wrong, modifier.Name, call.Filled(), w => modifier.Write(w, call), null,
                    c => c.Reference((s, b, h, i, j) => modifier.Formula(s, b, h, i, j, c), null));
        Assert.AreEqual("", string.Join("\n", wrong));
    }

    [TestMethod]
    public void Probabilities_are_modified_as_the_formula_says()
    {
        List<string> wrong = [];
        foreach (Probability modifier in Probabilities)
            // Numbers of few bits lie on the other side of a threshold.
            foreach (FlexCase call in Calls.Where(c => c.Keys > 0
                && !(modifier.Name == "near the greatest" && c.Type is ElementType.Float16 or ElementType.BFloat16)))
                Check(wrong, modifier.Name, call.Filled(), null, w => modifier.Write(w, call),
                    c => c.Reference(null, (p, b, h, i) => modifier.Formula(p, b, h, i, c)));
        Assert.AreEqual("", string.Join("\n", wrong));
    }

    [TestMethod]
    public void Both_are_modified_together()
    {
        List<string> wrong = [];
        foreach (Score score in Scores.Where((_, n) => n % 3 == 0))
            foreach (Probability probability in Probabilities.Where((_, n) => n % 2 == 0))
                Check(wrong, $"{score.Name} and {probability.Name}", Calls[0].Filled(), w => score.Write(w, Calls[0]),
                    w => probability.Write(w, Calls[0]),
                    c => c.Reference((s, b, h, i, j) => score.Formula(s, b, h, i, j, c),
                        (p, b, h, i) => probability.Formula(p, b, h, i, c)));
        Assert.AreEqual("", string.Join("\n", wrong));
    }

    private static void Check(List<string> wrong, string name, FlexCase c, Func<GraphWriter, string>? score,
        Func<GraphWriter, string>? probability, Func<FlexCase, double[]> formula)
    {
        Graph? Written(Func<GraphWriter, string>? write)
        {
            var w = new GraphWriter(c.Scores);
            return write is null ? null : w.Build(write(w));
        }
        string what = $"{name}, {c.Type.Name()} [{c.Batches}, {c.Heads}/{c.KeyHeads}, {c.Queries}, {c.Keys}]";
        double[] expected = formula(c);
        foreach (ExecutionPath path in new[] { ExecutionPath.Fused, ExecutionPath.Decomposed })
        {
            try
            {
                double[] actual = c.Run(path, Written(score), Written(probability));
                for (int i = 0; i < expected.Length; i++)
                    if (double.IsNaN(expected[i])
                        ? !double.IsNaN(actual[i]) : !(Math.Abs(expected[i] - actual[i]) <= Tolerance(c) * (1 + Math.Abs(expected[i]))))
                    {
                        wrong.Add($"{what}, {path}: element {i} is {actual[i]}, wants {expected[i]}");
                        break;
                    }
            }
            catch (OpException e)
            {
                wrong.Add($"{what}, {path}: {e.Message}");
            }
        }
    }
}
