using Ops.Kernels;
using Ops.Simd;

namespace Ops.Tests.Kernels;

/// <summary>The softcap of scores in log 2: accuracy over all floats, special values, and equal bits at every width.</summary>
[TestClass]
public sealed class SoftCapTests
{
    private static readonly float[] s_arguments = [.. Enumerable.Range(0, 255).SelectMany(
        e => Enumerable.Range(0, 64).Select(m => BitConverter.Int32BitsToSingle((e << 23) + (m << 17) + m)))];

    [TestMethod]
    [DataRow(1.0 / 64), DataRow(0.3), DataRow(1.0), DataRow(7.5), DataRow(20.0), DataRow(30.0), DataRow(50.0), DataRow(512.0)]
    public void Capped_scores_are_accurate_for_every_exponent(double cap)
    {
        Assert.IsTrue(BinarySoftCap.Takes(cap));
        var softcap = new BinarySoftCap(cap);
        double bound = cap * Math.Log2(Math.E), worst = 0;
        foreach (float x in s_arguments.Concat(Enumerable.Range(0, 20_000).Select(i => (float)(i * 5e-4 * cap * softcap.Unit))))
        {
            float above = Apply(softcap, x), below = Apply(softcap, -x);
            double exact = bound * Math.Tanh(x / softcap.Unit / cap), error = Math.Abs(above - exact);
            Assert.AreEqual(-above, below);

            // The least quotients are of subnormal numbers.
            Assert.IsLessThanOrEqualTo(Math.Max(5e-7 * exact, 1e-14), error, $"{x}: {above}, not {exact}");
            if (exact > 1e-6) worst = Math.Max(worst, error / exact);
        }
        Console.WriteLine($"{cap}: {worst:E2}");
        Assert.IsGreaterThan(0, worst);
    }

    [TestMethod]
    public void Special_scores_are_capped_like_any()
    {
        var softcap = new BinarySoftCap(20);
        float bound = (float)(20 * Math.Log2(Math.E));
        Assert.IsTrue(float.IsNaN(Apply(softcap, float.NaN)));
        Assert.AreEqual(0f, Apply(softcap, 0));
        Assert.AreEqual(bound, Apply(softcap, float.PositiveInfinity), 5e-7f * bound);
        Assert.AreEqual(-bound, Apply(softcap, float.NegativeInfinity), 5e-7f * bound);
    }

    [TestMethod]
    [DataRow(0.0), DataRow(0.01), DataRow(513.0), DataRow(double.PositiveInfinity), DataRow(double.NaN)]
    public void Other_caps_are_left_to_the_general_way(double cap) => Assert.IsFalse(BinarySoftCap.Takes(cap));

    [TestMethod]
    public void Bits_are_equal_at_every_width()
    {
        foreach (double cap in new[] { 0.5, 20, 50 })
        {
            var softcap = new BinarySoftCap(cap);
            foreach (float x in s_arguments.Append(float.NaN).SelectMany(x => new[] { x, -x }))
            {
                float one = Apply(softcap, x);
                Assert.IsTrue(Kinds.Same(one, Wide<Simd128<float>>(softcap, x)), $"128: {x}");
                Assert.IsTrue(Kinds.Same(one, Wide<Simd256<float>>(softcap, x)), $"256: {x}");
                Assert.IsTrue(Kinds.Same(one, Wide<Simd512<float>>(softcap, x)), $"512: {x}");
            }
        }
    }

    [TestMethod]
    public void Doubles_are_accurate()
    {
        var softcap = new BinarySoftCap(5);
        for (double score = -60; score <= 60; score += 0.01)
        {
            double exact = 5 * Math.Log2(Math.E) * Math.Tanh(score / 5);
            double capped = softcap.Apply<Simd1<double>, double>(new(score * softcap.Unit), 0, 0, 0, 0, default).Value;
            Assert.IsLessThanOrEqualTo(1e-14 * Math.Abs(exact), Math.Abs(capped - exact), $"{score}");
        }
    }

    private static float Apply(BinarySoftCap softcap, float score) =>
        softcap.Apply<Simd1<float>, float>(new(score), 0, 0, 0, 0, default).Value;

    private static float Wide<V>(BinarySoftCap softcap, float score)
        where V : struct, ISimd<V, float> => V.First(softcap.Apply<V, float>(V.Create(score), 0, 0, 0, 0, V.Zero));
}
