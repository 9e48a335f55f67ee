using Ops.Graphs;
using Ops.Specs.Types;

namespace Ops.Tests.Modifiers;

/// <summary>Functions of scores, positions and places in tables, by vectors of every width.</summary>
[TestClass]
public sealed class FunctionTests
{
    private static readonly Dictionary<string, (Func<double, double> Formula, double Low, double High)> Functions = new()
    {
        ["Sin"] = (Math.Sin, -9, 9),
        ["Cos"] = (Math.Cos, -9, 9),
        ["Tan"] = (Math.Tan, -1.4, 1.4),
        ["Sinh"] = (Math.Sinh, -4, 4),
        ["Cosh"] = (Math.Cosh, -4, 4),
        ["Asin"] = (Math.Asin, -1, 1),
        ["Acos"] = (Math.Acos, -1, 1),
        ["Atan"] = (Math.Atan, -9, 9),
        ["Asinh"] = (Math.Asinh, -9, 9),
        ["Acosh"] = (Math.Acosh, 1, 9),
        ["Atanh"] = (Math.Atanh, -0.9, 0.9),
        ["Exp"] = (Math.Exp, -9, 3),
        ["Tanh"] = (Math.Tanh, -9, 9),
        ["Sigmoid"] = (x => 1 / (1 + Math.Exp(-x)), -9, 9),
    };

    [TestMethod]
    public void Every_function_of_scores_is_fused()
    {
        foreach (ElementType type in new[] { ElementType.Float, ElementType.Double })
            foreach (var (op, (formula, low, high)) in Functions)
            {
                FlexCase c = new FlexCase { Type = type, Queries = 9, Keys = 83, Seed = 3 }.Filled();
                var w = new GraphWriter(c.Scores);
                Graph graph = w.Build(w[op, w["Clip", w.Score, w.Number(low), w.Number(high)]]);
                double[] expected = c.Reference((s, _, _, _, _) => formula(Math.Clamp(s, low, high)), null);
                foreach (ExecutionPath path in new[] { ExecutionPath.Fused, ExecutionPath.Decomposed })
                    FlexCase.Same(expected, c.Run(path, graph, null), type == ElementType.Double ? 1e-12 : 2e-5,
                        $"{op} of {type.Name()}, {path}");
            }
    }

    [TestMethod]
    public void Every_function_of_probabilities_is_fused()
    {
        foreach (var (op, (formula, low, _)) in Functions.Where(f => f.Key != "Acosh"))
        {
            FlexCase c = new FlexCase { Queries = 9, Keys = 83, Seed = 4 }.Filled();
            var w = new GraphWriter(c.Scores);
            Graph graph = w.Build(w[op, w["Mul", w.Score, w.Number(0.5)]]);
            double[] expected = c.Reference(null, (p, _, _, _) => Array.ConvertAll(p, v => formula(v * 0.5)));
            foreach (ExecutionPath path in new[] { ExecutionPath.Fused, ExecutionPath.Decomposed })
                FlexCase.Same(expected, c.Run(path, null, graph), 2e-5, $"{op}, {path}");
        }
    }

    [TestMethod]
    public void Powers_of_scores_and_of_positions_are_fused()
    {
        FlexCase c = new FlexCase { Heads = 4, KeyHeads = 2, Queries = 40, Keys = 300 }.Filled();
        foreach (double exponent in new[] { 2, 3, 0.5, 1.5, -1, -2 })
        {
            var w = new GraphWriter(c.Scores);
            Graph graph = w.Build(w["Pow", w["Add", w["Abs", w["Div", w.Score, w.Number(4)]], w.Number(1)], w.Number(exponent)]);
            FlexCase.Same(c.Reference((s, _, _, _, _) => Math.Pow(Math.Abs(s / 4) + 1, exponent), null),
                c.Run(ExecutionPath.Fused, graph, null), 2e-5, $"exponent {exponent}");
        }
        foreach (Positions positions in Positions.All.Where(p => p.Type == ElementType.Float))
        {
            // A slope for each head: 2^(-8 (h + 1) / H).
            var w = new GraphWriter(c.Scores);
            string slope = w["Pow", w.Number(2), w["Mul", w.Number(-2), w["Add", positions.Along(w, c, 1), w.Number(1)]]];
            string distance = w["Sub", positions.Along(w, c, 3), positions.Along(w, c, 2)];
            Graph graph = w.Build(w["Sub", w.Score, w["Mul", slope, w["Abs", distance]]]);
            FlexCase.Same(c.Reference((s, _, h, i, j) => s - Math.Pow(2, -2.0 * (h + 1)) * Math.Abs(j - i), null),
                c.Run(ExecutionPath.Fused, graph, null), 1e-5, positions.Name);
        }
    }

    [TestMethod]
    public void Tables_are_read_at_any_places()
    {
        foreach (ElementType type in new[] { ElementType.Float, ElementType.Double, ElementType.Float16, ElementType.BFloat16 })
            foreach (int keys in new[] { 1, 31, 300 })
            {
                FlexCase c = new FlexCase { Type = type, Queries = 40, Keys = keys }.Filled();
                var w = new GraphWriter(c.Scores);
                double[] table = [.. Enumerable.Range(0, 64).Select(n => n % 9 * 0.25 - 1)];
                string place = w["Mod",
                    w["Add", w["Mul", Positions.All[0].Along(w, c, 3), w.LongScalar(7)],
                        w["Mul", Positions.All[0].Along(w, c, 2), w.LongScalar(5)]],
                    w.LongScalar(64)];
                Graph graph = w.Build(w["Add", w.Score, w["Gather", w.Numbers(table, c.Scores, 64), place]]);
                double tolerance = type switch
                {
                    ElementType.Double => 1e-12,
                    ElementType.Float => 1e-5,
                    ElementType.Float16 => 4e-3,
                    _ => 3e-2
                };
                FlexCase.Same(c.Reference((s, _, _, i, j) => s + table[(j * 7 + i * 5) % 64], null),
                    c.Run(ExecutionPath.Fused, graph, null), tolerance, $"{type.Name()}, {keys} keys");
            }
    }
}
