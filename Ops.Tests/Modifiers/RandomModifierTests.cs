using Ops.Graphs;
using Ops.Specs;
using Ops.Specs.Types;

namespace Ops.Tests.Modifiers;

/// <summary>Random graphs over scores, positions, tables and tests of them: fused, they give what the body gives, or say why they are
/// not.</summary>
[TestClass]
public sealed class RandomModifierTests
{
    private sealed class Writer(Random random, GraphWriter w, FlexCase c)
    {
        private readonly Positions positions = Positions.All[random.Next(7)];

        public string Real(int depth)
        {
            if (depth == 0)
                return random.Next(5) switch
                {
                    0 => w.Number(random.Next(-8, 9) / 4.0),
                    1 => w.Numbers([.. Enumerable.Range(0, c.Keys).Select(_ => random.Next(-8, 9) / 8.0)], w.Type, c.Keys),
                    2 => w.Cast(Whole(1), w.Type),
                    _ => w.Score,
                };
            return random.Next(16) switch
            {
                0 or 1 => w["Add", Real(depth - 1), Real(depth - 1)],
                2 => w["Sub", Real(depth - 1), Real(depth - 1)],
                3 or 4 => w["Mul", Real(depth - 1), w.Number(random.Next(-4, 5) / 4.0)],
                5 => w["Div", Real(depth - 1), w.Number(random.Next(1, 5) * 0.75)],
                6 => w["Max", Real(depth - 1), Real(depth - 1)],
                7 => w["Min", Real(depth - 1), w.Number(2)],
                8 => w["Tanh", Real(depth - 1)],
                9 => w["Abs", Real(depth - 1)],
                10 => w["Sigmoid", Real(depth - 1)],
                11 => w["Neg", Real(depth - 1)],
                12 => w["Gather", w.Numbers([.. Enumerable.Range(0, 13).Select(_ => random.Next(-8, 9) / 8.0)], w.Type, 13),
                    w["Mod", Whole(depth - 1), w.Number(13, positions.Type)]],
                13 => w["Where", Truth(depth - 1), Real(depth - 1), w.Number(double.NegativeInfinity)],
                14 => w["Clip", Real(depth - 1), w.Number(-2), w.Number(2)],
                _ => w["Where", Truth(depth - 1), Real(depth - 1), Real(depth - 1)],
            };
        }

        private string Whole(int depth)
        {
            if (depth == 0)
                return random.Next(4) is 0 ? w.Number(random.Next(-5, 20), positions.Type) : positions.Along(w, c, random.Next(4));
            return random.Next(9) switch
            {
                0 => w["Add", Whole(depth - 1), Whole(depth - 1)],
                1 or 2 => w["Sub", Whole(depth - 1), Whole(depth - 1)],
                3 => w["Mul", Whole(depth - 1), w.Number(random.Next(-3, 4), positions.Type)],
                4 => w["Div", Whole(depth - 1), w.Number(random.Next(1, 9), positions.Type)],
                5 => w.Op("Mod", [Whole(depth - 1), w.Number(random.Next(1, 9), positions.Type)], ("fmod", (long)random.Next(2))),
                6 => w["Abs", Whole(depth - 1)],
                7 => w["Min", Whole(depth - 1), Whole(depth - 1)],
                _ => w["Where", Truth(depth - 1), Whole(depth - 1), Whole(depth - 1)],
            };
        }

        private string Truth(int depth)
        {
            string[] orders = ["Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Equal"];
            if (depth == 0 || random.Next(3) > 0)
                return w[orders[random.Next(5)], Whole(Math.Max(0, depth - 1)), Whole(Math.Max(0, depth - 1))];
            return random.Next(4) switch
            {
                0 => w["Not", Truth(depth - 1)],
                1 => w["And", Truth(depth - 1), Truth(depth - 1)],
                2 => w["Or", Truth(depth - 1), Truth(depth - 1)],
                _ => w["Xor", Truth(depth - 1), Truth(depth - 1)],
            };
        }
    }

    [TestMethod]
    public void Random_modifiers_agree_with_the_body()
    {
        int fused = 0, all = 300;
        for (int seed = 0; seed < all; seed++)
        {
            var random = new Random(seed);
            FlexCase c = new FlexCase { Batches = random.Next(1, 3), Heads = 4, KeyHeads = 2, Queries = random.Next(1,
                40), Keys = random.Next(1, 340), Depth = 4, ValueDepth = 3, Seed = seed }.Filled();
            var w = new GraphWriter(c.Scores);
            string root = new Writer(random, w, c).Real(random.Next(1, 6));
            // Whatever came out takes the shape of the scores.
            Graph graph = w.Build(w["Add", root, w["Mul", w.Score, w.Number(0.5)]]);
            double[] actual;
            try
            {
                actual = c.Run(ExecutionPath.Fused, graph, null);
            }
            catch (OpException e) when (e.Rule == Coverage.NotFused)
            {
                continue;
            }
            fused++;
            FlexCase.Same(c.Run(ExecutionPath.Decomposed, graph, null), actual, 2e-4, $"seed {seed}");
        }
        Assert.IsTrue(fused > all * 9 / 10, $"{fused} of {all} were fused");
    }
}
