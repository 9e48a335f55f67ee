using System.Numerics.Tensors;
using Ops.Graphs;
using Ops.Modifiers;
using Ops.Preview;

namespace Ops.Tests.Modifiers;

/// <summary>Modifiers stated in a spec become structs; they give the very bits of the same modifiers read at run time.</summary>
[TestClass]
public sealed class StructTests
{
    [TestMethod]
    public void A_preset_gives_the_bits_of_the_graph()
    {
        Same(new FlexAttention.Causal(), (w, c) => w["Where", w["LessOrEqual", Positions.All[3].Along(w, c, 3), Positions.All[3].Along(w, c, 2)], w.Score, w.Number(double.NegativeInfinity)]);
        Same(new FlexAttention.SoftCap30(), (w, _) => w["Mul", w["Tanh", w["Div", w.Score, w.Number(30)]], w.Number(30)]);
    }

    private static void Same<M>(M modifier, Func<GraphWriter, FlexCase, string> write)
        where M : struct, IScoreFunctor
    {
        foreach (int queries in new[] { 1, 40, 333 })
        {
            FlexCase c = new FlexCase { Heads = 4, KeyHeads = 2, Queries = queries, Keys = 700, Depth = 16, ValueDepth = 16 }.Filled();
            var w = new GraphWriter(c.Scores);
            double[] program = c.Run(ExecutionPath.Fused, w.Build(write(w, c)), null);
            Tensor<float> Tensor(double[] values, params nint[] lengths) => System.Numerics.Tensors.Tensor.Create(Array.ConvertAll(values, v => (float)v), lengths);
            Tensor<float> y = Tensor(new double[program.Length], 1, 4, queries, 16);
            FlexAttention.RunInto<float, M>(Tensor(c.Q, 1, 4, queries, 16), Tensor(c.K, 1, 2, 700, 16), Tensor(c.V, 1, 2, 700, 16), y.AsTensorSpan(), modifier);
            float[] result = new float[program.Length];
            y.FlattenTo(result);
            CollectionAssert.AreEqual(program, Array.ConvertAll(result, v => (double)v), $"{typeof(M).Name}, {queries} queries");
        }
    }
}
