using Ops.Graphs;
using Ops.Specs;
using Ops.Specs.Modifiers;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Modifiers;

/// <summary>Modifiers of scores and probabilities that are no plain masks, each in several spellings, against formulas.</summary>
[TestClass]
public sealed class ModifierSuiteTests
{
    private delegate string Write(GraphWriter w, FlexCase c);

    private sealed record Modifier(Func<double, int, int, int, int, FlexCase, double> Formula, ModifierTier Tier, params Write[] Spellings);

    private sealed record Gate(Func<double[], int, int, int, FlexCase, double[]> Formula, ModifierTier Tier, params Write[] Spellings);

    private static string At(GraphWriter w, FlexCase c, int axis, int spelling = 0) => Positions.All[spelling].Along(w, c, axis);

    private static string Real(GraphWriter w, string x) => w.Cast(x, w.Type);

    private static string Index(GraphWriter w, long value) => w.LongScalar(value);

    private const double Out = double.NegativeInfinity;

    private static double[] Slopes(int heads) => [.. Enumerable.Range(0, heads).Select(h => Math.Pow(2, -2.0 * (h + 1)))];

    private static double[] Table(int count) => [.. Enumerable.Range(0, count).Select(k => Math.Round(Math.Sin(k * 1.7) * 64) / 64)];

    private static long[] Documents(int count) => [.. Enumerable.Range(0, count).Select(k => (long)(k / 6))];

    private static string Ones(GraphWriter w, ElementType type, int from = 2)
    {
        TensorValue one = type == ElementType.Bool ? TensorValue.From<bool>([true], 1)
            : type == ElementType.Float ? TensorValue.From<float>([1], 1)
            : TensorValue.From<long>([1], 1);
        return w.Op("ConstantOfShape", [w["Slice", w["Shape", w.Score], w.Long(from), w.Long(4)]], ("value", one));
    }

    private static string Masked(GraphWriter w, string condition) => w["Where", condition, w.Score, w.Number(Out)];

    private static readonly Dictionary<string, Modifier> Modifiers = new()
    {
        ["identity"] = new((s, _, _, _, _, _) => s, ModifierTier.Identity,
            (w, _) => w.Score, (w, _) => w["Identity", w.Score],
            (w, _) => w["Reshape", w["Unsqueeze", w.Score, w.Long(0)], w["Shape", w.Score]],
            (w, _) => w.Op("Transpose", [w.Op("Transpose", [w.Score], ("perm", new long[] { 0, 1, 3, 2 }))],
                ("perm", new long[] { 0, 1, 3, 2 }))),
        ["bias"] = new((s, _, _, _, _, _) => s + 0.25, ModifierTier.Pointwise,
            (w, _) => w["Add", w.Score, w.Number(0.25)], (w, _) => w["Sub", w.Score, w.Number(-0.25)],
            (w, _) => w["Sum", w.Score, w.Numbers([0.125], w.Type, 1, 1), w.Number(0.125)]),
        ["temperature"] = new((s, _, _, _, _, _) => s / 1.7, ModifierTier.Pointwise,
            (w, _) => w["Div", w.Score, w.Number(1.7)], (w, _) => w["Mul", w.Score, w["Reciprocal", w.Number(1.7)]],
            (w, _) => w["Mul", w["Div", w.Number(1), w.Number(1.7)], w.Score]),
        ["trilu"] = new((s, _, _, i, j, _) => j <= i ? s : Out, ModifierTier.Selective,
            (w, _) => Masked(w, w.Op("Trilu", [Ones(w, ElementType.Bool)], ("upper", 0L))),
            (w, _) => Masked(w, w["Not", w.Op("Trilu", [Ones(w, ElementType.Bool), w.LongScalar(1)])]),
            (w, _) => Masked(w, w.Cast(w.Op("Trilu", [Ones(w, ElementType.Float, 0), w.LongScalar(0)], ("upper", 0L)), ElementType.Bool)),
            (w, c) => w["Add", w.Score,
                w.Op("Trilu", [w["Expand", w.Number(Out), w["Slice", w["Shape", w.Score], w.Long(2), w.Long(4)]], w.LongScalar(1)])],
            (w, c) => Masked(w, w.Numbers([.. Enumerable.Range(0, c.Queries * c.Keys).Select(n => n % c.Keys <= n / c.Keys ? 1.0 : 0)],
                ElementType.Bool, 1, 1, c.Queries, c.Keys)),
            (w, c) => w["Add", w.Score,
                w.Numbers([.. Enumerable.Range(0, c.Queries * c.Keys).Select(n => n % c.Keys <= n / c.Keys ? 0.0 : Out)], w.Type, c.Queries,
                    c.Keys)]),
        ["finite-mask"] = new((s, _, _, i, j, _) => s + (j <= i ? 0 : -1e4), ModifierTier.Pointwise,
            (w, c) => w["Add", w.Score, w["Where", w["LessOrEqual", At(w, c, 3), At(w, c, 2)], w.Number(0), w.Number(-1e4)]],
            (w, c) => w["Add", w.Score,
                w["Mul", w["Sub", w.Number(1), Real(w, w["LessOrEqual", At(w, c, 3), At(w, c, 2)])], w.Number(-1e4)]],
            (w, c) => w["Sub", w.Score, w["Mul", Real(w, w["Less", At(w, c, 2), At(w, c, 3)]), w.Number(1e4)]]),
        ["document"] = new((s, _, _, i, j, c) => Documents(c.Keys)[i] == Documents(c.Keys)[j] ? s : Out, ModifierTier.Selective,
            (w, c) => Masked(w,
                w["Equal", w["Gather", w.Long(Documents(c.Keys)), At(w, c, 2)], w["Gather", w.Long(Documents(c.Keys)), At(w, c, 3)]]),
            (w, c) => Masked(w, w["Equal", w["Unsqueeze", w["Slice", w.Long(Documents(c.Keys)), w.Long(0), w.Long(c.Queries)], w.Long(1)],
                w.Long(Documents(c.Keys))]),
            (w, c) => Masked(w, w["Equal",
                w.Tensor(TensorValue.From<int>(Array.ConvertAll(Documents(c.Queries), d => (int)d), 1, 1, c.Queries, 1)),
                w.Tensor(TensorValue.From<int>(Array.ConvertAll(Documents(c.Keys), d => (int)d), 1, 1, 1, c.Keys))])),
        ["tree"] = new((s, _, _, i, j, c) => Table(c.Queries * c.Keys)[i * c.Keys + j] > 0 ? s : Out, ModifierTier.Selective,
            (w, c) => Masked(w,
                w["Greater", w.Numbers(Table(c.Queries * c.Keys), ElementType.Float, c.Queries, c.Keys), w.Number(0, ElementType.Float)]),
            (w, c) => Masked(w, w["Gather",
                w.Numbers([.. Table(c.Queries * c.Keys).Select(v => v > 0 ? 1.0 : 0)], ElementType.Bool, c.Queries * c.Keys),
                w["Add", w["Mul", At(w, c, 2), Index(w, c.Keys)], At(w, c, 3)]]),
            (w, c) => Masked(w,
                w["GatherND", w.Numbers([.. Table(c.Queries * c.Keys).Select(v => v > 0 ? 1.0 : 0)], ElementType.Bool, c.Queries, c.Keys),
                w.Op("Concat", [w["Unsqueeze", w["Expand", At(w, c, 2), w["Slice", w["Shape", w.Score], w.Long(2), w.Long(4)]], w.Long(-1)],
                    w["Unsqueeze", w["Expand", At(w, c, 3), w["Slice", w["Shape", w.Score], w.Long(2), w.Long(4)]], w.Long(-1)]],
                    ("axis", -1L))])),
        ["alibi"] = new((s, _, h, i, j, c) => s + Slopes(c.Heads)[h] * (j - i), ModifierTier.Pointwise,
            (w, c) => w["Add", w.Score,
                w["Mul", w.Numbers(Slopes(c.Heads), w.Type, c.Heads, 1, 1), Real(w, w["Sub", At(w, c, 3), At(w, c, 2)])]],
            (w, c) => w["Sub", w.Score,
                w["Mul", w["Sub", Real(w, At(w, c, 2)), Real(w, At(w, c, 3))],
                    w["Reshape", w.Numbers(Slopes(c.Heads), w.Type, c.Heads), w.Long(1, -1, 1, 1)]]],
            (w, c) => w["Add", w.Score,
                w["Mul", w["Pow", w.Number(2), w["Mul", w.Number(-2), Real(w, w["Add", At(w, c, 1), Index(w, 1)])]],
                    Real(w, w["Neg", w["Sub", At(w, c, 2), At(w, c, 3)]])]],
            (w, c) => w["Add", w.Score,
                w["Mul", w["Gather", w.Numbers(Slopes(c.Heads), w.Type, c.Heads), At(w, c, 1)],
                    Real(w, w["Sub", At(w, c, 3), At(w, c, 2)])]]),
        ["relative"] = new((s, _, _, i, j, c) => s + Table(c.Keys + c.Queries)[j - i + c.Queries], ModifierTier.Pointwise,
            (w, c) => w["Add", w.Score,
                w["Gather", w.Numbers(Table(c.Keys + c.Queries), w.Type, c.Keys + c.Queries),
                    w["Add", w["Sub", At(w, c, 3), At(w, c, 2)], Index(w, c.Queries)]]],
            (w, c) => w["Add", w["Gather", w.Numbers(Table(c.Keys + c.Queries), w.Type, c.Keys + c.Queries),
                w["Sub", At(w, c, 3), w["Sub", At(w, c, 2), Index(w, c.Queries)]]], w.Score],
            (w, c) => w["Add", w.Score,
                w.Op("Gather", [w.Numbers(Table(c.Keys + c.Queries), w.Type, 1, c.Keys + c.Queries),
                    w["Sub", w["Add", At(w, c, 3, 5), Index(w, c.Queries)], At(w, c, 2, 5)]], ("axis", 1L))]),
        ["clipped-relative"] = new((s, _, h, i, j, c) => s + Table(9 * c.Heads)[(Math.Clamp(j - i, -4, 4) + 4) * c.Heads + h],
            ModifierTier.Pointwise,
            (w, c) => w["Add", w.Score,
                w["Unsqueeze",
                    w.Op("Transpose",
                        [w["Gather", w.Numbers(Table(9 * c.Heads), w.Type, 9, c.Heads),
                            w["Add", w["Clip", w["Sub", At(w, c, 3), At(w, c, 2)], Index(w, -4), Index(w, 4)], Index(w, 4)]]],
                        ("perm", new long[] { 2, 0, 1 })),
                    w.Long(0)]],
            (w, c) => w["Add", w.Score, w["GatherND", w.Numbers(Table(9 * c.Heads), w.Type, 9, c.Heads), w.Op("Concat", [
                w["Unsqueeze", w["Expand",
                    w["Min", w["Max", w["Add", w["Sub", At(w, c, 3), At(w, c, 2)], Index(w, 4)], Index(w, 0)], Index(w, 8)],
                    w["Shape", w.Score]], w.Long(4)],
                w["Unsqueeze", w["Expand", At(w, c, 1), w["Shape", w.Score]], w.Long(4)]], ("axis", 4L))]]),
        ["t5"] = new((s, _, h, i, j, c) => s + Table(16 * c.Heads)[Bucket(i - j) * c.Heads + h], ModifierTier.Pointwise,
            (w, c) =>
            {
                string n = w["Max", w["Sub", At(w, c, 2), At(w, c, 3)], Index(w, 0)];
                string large = w["Add",
                    w.Cast(w["Mul", w["Div",
                        w["Log", w["Div", w.Cast(w["Max", n, Index(w, 1)], ElementType.Float), w.Number(8, ElementType.Float)]],
                        w.Number(Math.Log(2.5), ElementType.Float)], w.Number(8, ElementType.Float)],
                        ElementType.Int64),
                    Index(w, 8)];
                string bucket = w["Where", w["Less", n, Index(w, 8)], n, w["Min", large, Index(w, 15)]];
                string values = w["Gather", w.Numbers(Table(16 * c.Heads), w.Type, 16, c.Heads), bucket];
                return w["Add", w.Score, w["Unsqueeze", w.Op("Transpose", [values], ("perm", new long[] { 2, 0, 1 })), w.Long(0)]];
            }),
        ["softcap"] = new((s, _, _, _, _, _) => 3 * Math.Tanh(s / 3), ModifierTier.Pointwise,
            (w, _) => w["Mul", w.Number(3), w["Tanh", w["Div", w.Score, w.Number(3)]]],
            (w, _) => w["Mul", w["Tanh", w["Mul", w.Score, w.Number(1 / 3.0)]], w.Number(3)],
            (w, _) => w["Sub", w["Mul", w.Number(6), w["Sigmoid", w["Mul", w.Score, w.Number(2 / 3.0)]]], w.Number(3)]),
        ["softcap-then-mask"] = new((s, _, _, i, j, _) => j <= i ? 3 * Math.Tanh(s / 3) : Out, ModifierTier.Selective,
            (w, c) => w["Where", w["LessOrEqual", At(w, c, 3), At(w, c, 2)],
                w["Mul", w.Number(3), w["Tanh", w["Div", w.Score, w.Number(3)]]], w.Number(Out)],
            (w, c) => w["Add", w["Where", w["Greater", At(w, c, 3), At(w, c, 2)], w.Number(Out), w.Number(0)],
                w["Mul", w.Number(3), w["Tanh", w["Div", w.Score, w.Number(3)]]]]),
        ["mask-then-softcap"] = new((s, _, _, i, j, _) => j <= i ? 3 * Math.Tanh(s / 3) : -3, ModifierTier.Pointwise,
            (w, c) => w["Mul", w.Number(3), w["Tanh", w["Div", Masked(w, w["LessOrEqual", At(w, c, 3), At(w, c, 2)]), w.Number(3)]]],
            (w, c) => w["Mul",
                w["Tanh", w["Div", w["Add", w.Score, w["Where", w["LessOrEqual", At(w, c, 3), At(w, c, 2)], w.Number(0), w.Number(Out)]],
                    w.Number(3)]],
                w.Number(3)]),
        ["clip"] = new((s, _, _, _, _, _) => Math.Clamp(s, -1, 0.5), ModifierTier.Pointwise,
            (w, _) => w["Clip", w.Score, w.Number(-1), w.Number(0.5)], (w, _) => w["Min", w.Number(0.5), w["Max", w.Score, w.Number(-1)]],
            (w, _) => w["Where", w["Greater", w.Score, w.Number(0.5)], w.Number(0.5),
                w["Where", w["Less", w.Score, w.Number(-1)], w.Number(-1), w.Score]]),
        ["softplus"] = new((s, _, _, _, _, _) => Math.Log(1 + Math.Exp(s)), ModifierTier.Pointwise,
            (w, _) => w["Softplus", w.Score], (w, _) => w["Log", w["Add", w.Number(1), w["Exp", w.Score]]]),
        ["functions"] = new((s, _, _, _, _, _) => Math.Sqrt(Math.Abs(s)) + 0.5 * Math.Max(s, 0) + Math.Sign(s + 0.001)
            + Math.Floor(s + 0.001) - Math.Ceiling(s + 0.001) + Math.Pow(s, 2) / 8,
            ModifierTier.Pointwise,
            (w, _) => w["Sum", w["Sqrt", w["Abs", w.Score]], w["Mul", w.Number(0.5), w["Relu", w.Score]],
                w["Sign", w["Add", w.Score, w.Number(0.001)]],
                w["Sub", w["Floor", w["Add", w.Score, w.Number(0.001)]], w["Ceil", w["Add", w.Number(0.001), w.Score]]],
                w["Div", w["Pow", w.Score, w.Number(2)], w.Number(8)]],
            (w, _) => w["Sum", w["Pow", w["Abs", w.Score], w.Number(0.5)], w["Max", w.Number(0), w["Div", w.Score, w.Number(2)]],
                w["Sign", w["Add", w.Score, w.Number(0.001)]],
                w["Neg", w["Sub", w["Ceil", w["Sub", w.Score, w.Number(-0.001)]], w["Floor", w["Add", w.Score, w.Number(0.001)]]]],
                w["Mul", w["Mul", w.Score, w.Score], w.Number(0.125)]]),
        ["gelu"] = new((s, _, _, _, _, _) => s * 0.5 * (1 + Erf(s / Math.Sqrt(2))), ModifierTier.Pointwise,
            (w, _) => w["Gelu", w.Score],
            (w, _) => w["Mul", w["Mul", w.Score, w.Number(0.5)],
                w["Add", w.Number(1), w["Erf", w["Div", w.Score, w.Number(Math.Sqrt(2))]]]]),
        ["log-n"] = new((s, _, _, i, _, c) => s * Math.Log(c.Keys) / Math.Log(16) * Math.Log(i + 2), ModifierTier.Pointwise,
            (w, c) => w["Mul", w.Score,
                w["Mul", w["Div", w["Log", Real(w, w["Gather", w["Shape", w.Score], w.LongScalar(3)])], w["Log", w.Number(16)]],
                    w["Log", Real(w, w["Add", At(w, c, 2), Index(w, 2)])]]],
            (w, c) => w["Mul", w["Log", w["Add", Real(w, At(w, c, 2, 1)), w.Number(2)]],
                w["Mul", w["Div", w["Log", Real(w, w.Op("Shape", [w.Score], ("start", -1L)))], w.Number(Math.Log(16))], w.Score]]),
        ["decay"] = new((s, _, _, i, j, _) => s + Math.Exp(-Math.Abs(i - j) / 4.0), ModifierTier.Pointwise,
            (w, c) => w["Add", w.Score, w["Exp", w["Div", w["Neg", Real(w, w["Abs", w["Sub", At(w, c, 2), At(w, c, 3)]])], w.Number(4)]]],
            (w, c) => w["Add", w["Exp", w["Mul", w["Abs", w["Sub", Real(w, At(w, c, 3)), Real(w, At(w, c, 2))]], w.Number(-0.25)]],
                w.Score]),
        ["flat-index"] = new((s, _, _, i, j, c) => s + (i * c.Keys + j) / 64.0, ModifierTier.Pointwise,
            (w, c) => w["Add", w.Score,
                w["Div",
                    Real(w, w["Reshape", w["Range", w.LongScalar(0), w.LongScalar(c.Queries * c.Keys), w.LongScalar(1)],
                        w.Long(c.Queries, -1)]),
                    w.Number(64)]],
            (w, c) => w["Add", w.Score,
                w["Div", Real(w, w["Add", w["Mul", At(w, c, 2), w["Gather", w["Shape", w.Score], w.LongScalar(3)]], At(w, c, 3)]),
                    w.Number(64)]]),
        ["clamped-positions"] = new((s, _, h, i, j, c) => s + (Math.Min(i, 3) * 2 + Math.Max(j, 30) % 7 + h) / 8.0, ModifierTier.Pointwise,
            (w, c) => w.Score),
    };

    private static int Bucket(int distance)
    {
        int n = Math.Max(distance, 0);
        return n < 8 ? n : Math.Min(8 + (int)((float)(Math.Log(n / 8f) / Math.Log(2.5)) * 8), 15);
    }

    private static double Erf(double x)
    {
        // By its series; arguments are small.
        double term = x, sum = x;
        for (int n = 1; n < 60; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static readonly Dictionary<string, Gate> Gates = new()
    {
        ["gate"] = new((p, _, h, i, c) => [.. p.Select((v, j) => v * (j % 2 == 0 ? 0.5 : 2))], ModifierTier.Pointwise,
            (w, c) => w["Mul", w.Score, w.Numbers([.. Enumerable.Range(0, c.Keys).Select(j => j % 2 == 0 ? 0.5 : 2)], w.Type, c.Keys)],
            (w, c) => w["Where", w["Equal", w["Mod", At(w, c, 3), Index(w, 2)], Index(w, 0)], w["Div", w.Score, w.Number(2)],
                w["Add", w.Score, w.Score]]),
        ["threshold"] = new((p, _, _, _, _) => [.. p.Select(v => v > 0.02 ? v : 0)], ModifierTier.Pointwise,
            (w, _) => w["Where", w["Greater", w.Score, w.Number(0.02)], w.Score, w.Number(0)],
            (w, _) => w["Mul", w.Score, Real(w, w["Less", w.Number(0.02), w.Score])],
            (w, _) => w.Op("ThresholdedRelu", [w.Score], ("alpha", 0.02f))),
        ["quantise"] = new((p, _, _, _, _) => [.. p.Select(v => Math.Round(v * 255, MidpointRounding.ToEven) / 255)],
            ModifierTier.Pointwise,
            (w, _) => w["Div", w["Round", w["Mul", w.Score, w.Number(255)]], w.Number(255)],
            (w, _) => w["Mul", w["Round", w["Mul", w.Score, w.Number(255)]], w.Number(1 / 255.0)],
            (w, _) => w["Div", Real(w, w.Cast(w["Round", w["Mul", w.Score, w.Number(255)]], ElementType.UInt8)), w.Number(255)]),
        ["renormalise"] =
            new((p, _, _, _, _) => p.Select(v => v > 0.02 ? v : 0).ToArray() is var kept ? [.. kept.Select(v => v / kept.Sum())] : p,
            ModifierTier.RowReduction,
            (w, _) => w["Where", w["Greater", w.Score, w.Number(0.02)], w.Score, w.Number(0)] is var kept
                ? w["Div", kept, w["ReduceSum", kept, w.Long(-1)]] : "",
            (w, _) => w["Mul", w.Score, Real(w, w["Less", w.Number(0.02), w.Score])] is var kept
                ? w["Div", kept, w["Unsqueeze", w.Op("ReduceSum", [kept, w.Long(3)], ("keepdims", 0L)), w.Long(3)]] : "",
            (w, _) => w["Where", w["LessOrEqual", w.Score, w.Number(0.02)], w.Number(0), w.Score] is var kept
                ? w["Mul", kept, w["Reciprocal", w["ReduceL1", kept, w.Long(-1)]]] : ""),
        ["by-maximum"] = new((p, _, _, _, _) => [.. p.Select(v => v >= 0.5 * p.Max() ? v : 0)], ModifierTier.RowReduction,
            (w, _) => w["Where", w["GreaterOrEqual", w.Score, w["Mul", w.Number(0.5), w["ReduceMax", w.Score, w.Long(-1)]]], w.Score,
                w.Number(0)],
            (w, _) => w["Where", w["Less", w.Score, w["Div", w["ReduceMax", w.Score, w.Long(3)], w.Number(2)]], w.Number(0), w.Score]),
        ["centred"] = new((p, _, _, _, _) => [.. p.Select(v => v - p.Average())], ModifierTier.RowReduction,
            (w, _) => w["Sub", w.Score, w["ReduceMean", w.Score, w.Long(-1)]],
            (w, c) => w["Sub", w.Score,
                w["Div", w["ReduceSum", w.Score, w.Long(-1)], Real(w, w["Gather", w["Shape", w.Score], w.LongScalar(3)])]]),
        ["two-numbers"] = new((p, _, _, _, _) => p.Select(v => v >= 0.5 * p.Max() ? v : 0).ToArray() is var kept
            ? [.. kept.Select(v => v / kept.Sum())] : p,
            ModifierTier.RowReduction,
            (w, _) => w["Where", w["GreaterOrEqual", w.Score, w["Mul", w.Number(0.5), w["ReduceMax", w.Score, w.Long(-1)]]], w.Score,
                w.Number(0)] is var kept
                ? w["Div", kept, w["ReduceSum", kept, w.Long(-1)]] : ""),
        ["shifted"] = new((p, _, _, i, c) => [.. p.Select((v, j) => v + 0.01 * (j - i))], ModifierTier.Pointwise,
            (w, c) => w["Add", w.Score, w["Mul", w.Number(0.01), Real(w, w["Sub", At(w, c, 3), At(w, c, 2)])]]),
    };

    static ModifierSuiteTests()
    {
        Modifiers["clamped-positions"] = Modifiers["clamped-positions"] with
        {
            Spellings =
            [
                (w, c) => w["Add", w.Score,
                    w["Div",
                        Real(w,
                            w["Add", w["Add", w["Mul", w["Min", At(w, c, 2), Index(w, 3)], Index(w, 2)],
                                w["Mod", w["Max", At(w, c, 3), Index(w, 30)], Index(w, 7)]], At(w, c, 1)]),
                        w.Number(8)]],
            ],
        };
    }

    public static IEnumerable<object[]> ModifierNames => Modifiers.Keys.Select(name => new object[] { name });

    public static IEnumerable<object[]> GateNames => Gates.Keys.Select(name => new object[] { name });

    /// <summary>Extents and types that every modifier is tried with.</summary>
    private static IEnumerable<(FlexCase Case, double Tolerance)> Cases()
    {
        yield return (new FlexCase { Batches = 2, Heads = 4, KeyHeads = 2 }.Filled(), 2e-5);
        yield return (new FlexCase { Heads = 8, KeyHeads = 1, Queries = 17, Keys = 300, Depth = 16, ValueDepth = 33 }.Filled(), 2e-5);
        yield return (new FlexCase { Queries = 1, Keys = 64, Seed = 3 }.Filled(), 2e-5);
        yield return (new FlexCase { Type = ElementType.Double, Seed = 4 }.Filled(), 1e-12);
        yield return (new FlexCase { Precision = ElementType.Double, Seed = 5 }.Filled(), 2e-5);
        yield return (new FlexCase { Type = ElementType.Double, Precision = ElementType.Float, Seed = 6 }.Filled(), 2e-5);
    }

    [TestMethod]
    [DynamicData(nameof(ModifierNames))]
    public void Scores_are_modified_as_the_formula_says(string name)
    {
        Modifier modifier = Modifiers[name];
        foreach (var (c, tolerance) in Cases())
        {
            double[] expected = c.Reference((s, b, h, i, j) => modifier.Formula(s, b, h, i, j, c), null);
            for (int n = 0; n < modifier.Spellings.Length; n++)
            {
                var w = new GraphWriter(c.Scores);
                Graph graph = w.Build(modifier.Spellings[n](w, c));
                string what = $"{name}, spelling {n}, {c.Type.Name()} [{c.Batches}, {c.Heads}, {c.Queries}, {c.Keys}] in {c.Scores.Name()}";
                FlexCase.Same(expected, c.Run(ExecutionPath.Fused, graph, null), tolerance, what + ", fused");
                if (c is { Queries: 7, Type: ElementType.Float, Precision: null })
                    Assert.AreEqual(modifier.Tier, MaskTests.Tier(c, graph), what);
                FlexCase.Same(expected, c.Run(ExecutionPath.Decomposed, graph, null), tolerance, what + ", decomposed");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(GateNames))]
    public void Probabilities_are_modified_as_the_formula_says(string name)
    {
        Gate gate = Gates[name];
        foreach (var (c, tolerance) in Cases())
        {
            foreach (bool masked in new[] { false, true })
            {
                var m = new GraphWriter(c.Scores);
                Graph? mask = masked ? m.Build(Masked(m, m["LessOrEqual", At(m, c, 3), At(m, c, 2)])) : null;
                double[] expected = c.Reference(masked ? (s, _, _, i, j) => j <= i ? s : Out : null,
                    (p, b, h, i) => gate.Formula(p, b, h, i, c));
                for (int n = 0; n < gate.Spellings.Length; n++)
                {
                    var w = new GraphWriter(c.Scores);
                    Graph graph = w.Build(gate.Spellings[n](w, c));
                    string what = $"{name}, spelling {n}, masked {masked}, {c.Type.Name()} [{c.Batches}, {c.Heads}, {c.Queries}, {c.Keys}] in {c.Scores.Name()}";
                    FlexCase.Same(expected, c.Run(ExecutionPath.Fused, mask, graph), tolerance * 4, what + ", fused");
                    if (c is { Queries: 7, Type: ElementType.Float, Precision: null })
                        Assert.AreEqual(gate.Tier, MaskTests.Tier(c, null, graph), what);
                    FlexCase.Same(expected, c.Run(ExecutionPath.Decomposed, mask, graph), tolerance * 4, what + ", decomposed");
                }
            }
        }
    }
}
