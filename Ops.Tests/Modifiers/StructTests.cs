using System.Numerics.Tensors;
using Ops.Graphs;
using Ops.Modifiers;
using Ops.Preview;
using Ops.Specs;
using Ops.Specs.Types;
using Built = Ops.Benchmarks.Modifiers;

namespace Ops.Tests.Modifiers;

/// <summary>Modifiers stated in a spec become structs; they give the very bits of the same modifiers read at run time.</summary>
[TestClass]
public sealed class StructTests
{
    private static readonly double[] Slopes = [.. Enumerable.Range(1, 8).Select(h => Math.Pow(2, -h))];

    [TestMethod]
    public void A_preset_gives_the_bits_of_the_graph()
    {
        Same(new FlexAttention.Causal(),
            (w, c) => w["Where", w["LessOrEqual", Keys(w, c), Queries(w, c)], w.Score, w.Number(double.NegativeInfinity)]);
        Same(new FlexAttention.SoftCap30(), (w, _) => w["Mul", w["Tanh", w["Div", w.Score, w.Number(30)]], w.Number(30)]);
        Same(new FlexAttention.Pruned(), null, probabilities: (w, _) => w["Div", Kept(w), w["ReduceSum", Kept(w), w.Long(-1)]]);
    }

    [TestMethod]
    public void A_struct_has_what_is_the_same_for_a_row()
    {
        Same(new Built.Bias(), (w, _) => w["Add", w.Score, w.Number(0.25)]);
        Same(new Built.Alibi(), (w, c) => w["Add", w.Score, Alibi(w, c)]);
        Same(new Built.SoftCappedAlibi(),
            (w, c) => w["Add", w["Mul", w["Tanh", w["Div", w.Score, w.Number(20)]], w.Number(20)], Alibi(w, c)]);
        Same(new Built.Long(), (w, _) => Enumerable.Range(0, 5).Aggregate(w.Score, (x, n) =>
            w["Max", w["Add", w["Mul", x, w.Number(Math.Round(0.9 + 0.01 * n, 2))], w.Number(Math.Round(0.01 * n, 2))], w.Number(-5 - n)]));
    }

    [TestMethod]
    public void A_struct_has_tables()
    {
        double[] table = [.. Enumerable.Range(0, 64).Select(n => Math.Round(Math.Sin(n), 3))];
        Same(new Built.Buckets(), (w, c) => w["Add", w.Score, w["Gather", w.Numbers(table, w.Type, 64),
            w["Add", w["Min", w["Max", w["Sub", Keys(w, c), Queries(w, c)], w.LongScalar(-31)], w.LongScalar(32)], w.LongScalar(31)]]]);
        Same(new Built.Relative(),
            (w, c) => w["Add", w.Score,
                w["Gather", w.Numbers(table, w.Type, 64), w["Add", w["Sub", Keys(w, c), Queries(w, c)], w.LongScalar(31)]]],
            [1, 32], 33);
        Same(new Built.Scattered(), (w, c) => w["Add", w.Score, w["Gather", w.Numbers(table, w.Type, 64),
            w["Mod", w["Add", w["Mul", Keys(w, c), w.LongScalar(7)], w["Mul", Queries(w, c), w.LongScalar(5)]], w.LongScalar(64)]]]);
    }

    [TestMethod]
    public void A_struct_leaves_tiles_out_and_tests_no_full_one()
    {
        string Masked(GraphWriter w, string seen, string score) => w["Where", seen, score, w.Number(double.NegativeInfinity)];
        Same(new Built.Dilated(),
            (w, c) => Masked(w, w["Equal", w["Mod", w["Sub", Keys(w, c), Queries(w, c)], w.LongScalar(2)], w.LongScalar(0)], w.Score));
        Same(new Built.BottomRight(), (w, c) => w["Add", w["Mul", w.Score, w.Number(2)],
            w["Where", w["LessOrEqual", Keys(w, c), w["Add", Queries(w, c), w.LongScalar(c.Keys - c.Queries)]], w.Number(0),
                w.Number(double.NegativeInfinity)]]);
        Same(new Built.WindowedAlibi(),
            (w, c) => Masked(w, w["LessOrEqual", w["Abs", w["Sub", Keys(w, c), Queries(w, c)]], w.LongScalar(40)],
                w["Add", w.Score, Alibi(w, c)]));
    }

    [TestMethod]
    public void A_struct_modifies_probabilities()
    {
        Same(new Built.Threshold(), null, probabilities: (w, _) => Kept(w));
        Same(new Built.Quantised(), null, probabilities: (w, _) => w["Div", w["Round", w["Mul", w.Score, w.Number(255)]], w.Number(255)]);
        Same(new Built.Gated(), null,
            probabilities: (w, c) => w["Mul", w["Mul", w.Score, w.Numbers([1, 0.5, 0.25, 0.75, 1.25, 1.5, 0.125, 2], w.Type, 8, 1, 1)],
            w["Reciprocal", w["Add", w.Cast(w["Abs", w["Sub", Keys(w, c), Queries(w, c)]], w.Type), w.Number(1)]]]);
    }

    [TestMethod]
    public void A_struct_has_numbers_of_whole_rows()
    {
        Same(new Built.Renormalised(), null, probabilities: (w, _) => w["Div", Kept(w), w["ReduceSum", Kept(w), w.Long(-1)]]);
        Same(new Built.Standardised(),
            (w, c) => w["Where", w["LessOrEqual", Keys(w, c), Queries(w, c)], w["Add", w.Score, Alibi(w, c)],
                w.Number(double.NegativeInfinity)],
            probabilities: (w, c) =>
        {
            string centred = w["Sub", w.Score, w["ReduceMean", w.Score, w.Long(-1)]],
                spread = w["Sqrt", w["ReduceMean", w["Mul", centred, centred], w.Long(-1)]];
            string near = w["Gather", w.Numbers([1, 0.5, 0.25, 0.125], w.Type, 4),
                w["Min", w["Abs", w["Sub", Keys(w, c), Queries(w, c)]], w.LongScalar(3)]];
            return w["Mul", w["Div", centred, w["Add", w["Add", spread, w["ReduceMax", w.Score, w.Long(-1)]], w.Number(0.01)]], near];
        });
    }

    [TestMethod]
    public void A_struct_reads_tables_at_places_that_probabilities_give() =>
        Same(new Built.Companded(), null, probabilities: (w, _) => w["Gather", w.Numbers([0, 0.125, 0.25, 0.5, 1], w.Type, 5),
            w["Clip", w.Cast(w["Mul", w.Score, w.Number(4)], ElementType.Int64), w.LongScalar(0), w.LongScalar(4)]]);

    [TestMethod]
    public void A_struct_refuses_calls_that_it_does_not_serve()
    {
        OpException heads = Assert.ThrowsExactly<OpException>(() => Run(new Built.Alibi(),
            new FlexCase { Heads = 4, KeyHeads = 2 }.Filled(), out double[] _));
        StringAssert.Contains(heads.Message, "H = 8, not 4");
        OpException places = Assert.ThrowsExactly<OpException>(() => Run(new Built.Relative(),
            new FlexCase { Queries = 40, Keys = 8 }.Filled(), out double[] _));
        StringAssert.Contains(places.Message, "may leave a table of 64 elements");
    }

    [TestMethod]
    public void Places_in_tables_are_those_of_the_value_that_is_read()
    {
        // The heads choose slopes before they stand on their own axis.
        Same(new Built.ChosenSlopes(), (w, c) => w["Add", w.Score, Alibi(w, c)]);
        OpException beyond = Assert.ThrowsExactly<OpException>(() => Run(new Built.ChosenSlopes(),
            new FlexCase { Heads = 16, KeyHeads = 2, Queries = 3, Keys = 3 }.Filled(), out double[] _));
        StringAssert.Contains(beyond.Message, "an index of [0, 15] may leave a table of 8 elements");
    }

    private static string Keys(GraphWriter w, FlexCase c) => Positions.All[0].Along(w, c, 3);

    private static string Queries(GraphWriter w, FlexCase c) => Positions.All[0].Along(w, c, 2);

    private static string Kept(GraphWriter w) => w["Where", w["Less", w.Score, w.Number(0.001)], w.Number(0), w.Score];

    private static string Alibi(GraphWriter w, FlexCase c) =>
        w["Mul", w.Numbers(Slopes, w.Type, 8, 1, 1), w.Cast(w["Sub", Keys(w, c), Queries(w, c)], w.Type)];

    private static void Same<M>(M modifier, Func<GraphWriter, FlexCase, string>? write, int[]? queries = null, int keys = 700,
        Func<GraphWriter, FlexCase, string>? probabilities = null)
        where M : struct, IScoreFunctor
    {
        foreach (ElementType type in new[] { ElementType.Float, ElementType.Double })
            foreach (int count in queries ?? [1, 40, 333])
            {
                FlexCase c = new FlexCase
                {
                    Type = type, Heads = 8, KeyHeads = 2, Queries = count, Keys = keys, Depth = 16, ValueDepth = 16
                }.Filled();
                Graph? Written(Func<GraphWriter, FlexCase, string>? modify)
                {
                    var w = new GraphWriter(c.Scores);
                    return modify is null ? null : w.Build(modify(w, c));
                }
                double[] program = c.Run(ExecutionPath.Fused, Written(write), Written(probabilities));
                Run(modifier, c, out double[] result);
                CollectionAssert.AreEqual(program, result, $"{typeof(M).Name}, {type.Name()}, {count} queries");
            }
    }

    private static void Run<M>(M modifier, FlexCase c, out double[] result)
        where M : struct, IScoreFunctor
    {
        if (c.Type == ElementType.Double) Run(modifier, c, v => v, v => v, out result);
        else Run(modifier, c, v => (float)v, (float v) => v, out result);
    }

    private static void Run<T, M>(M modifier, FlexCase c, Converter<double, T> to, Converter<T, double> from, out double[] result)
        where T : unmanaged
        where M : struct, IScoreFunctor
    {
        Tensor<T> Tensor(double[] values, params nint[] lengths) =>
            System.Numerics.Tensors.Tensor.Create(Array.ConvertAll(values, to), lengths);
        var y = new T[c.Heads * c.Queries * c.ValueDepth];
        Tensor<T> output = System.Numerics.Tensors.Tensor.Create(y, [1, c.Heads, c.Queries, c.ValueDepth]);
        FlexAttention.RunInto<T, M>(Tensor(c.Q, 1, c.Heads, c.Queries, c.Depth), Tensor(c.K, 1, c.KeyHeads, c.Keys, c.Depth),
            Tensor(c.V, 1, c.KeyHeads, c.Keys, c.ValueDepth), output.AsTensorSpan(), modifier);
        output.FlattenTo(y);
        result = Array.ConvertAll(y, from);
    }
}
