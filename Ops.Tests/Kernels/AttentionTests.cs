using Ops.Simd;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Kernels;

[TestClass]
[DoNotParallelize]
public sealed class AttentionTests
{
    private static readonly IsaLevel[] Levels = [IsaLevel.Bits512, IsaLevel.Bits256, IsaLevel.Bits128, IsaLevel.Scalar];

    private static readonly ElementType[] Types = [ElementType.Float, ElementType.Double, ElementType.Float16, ElementType.BFloat16];

    public static IEnumerable<object[]> TypesAndLevels => from type in Types from level in Levels select new object[] { type, level };

    public static IEnumerable<object[]> Widths => from level in Levels select new object[] { level };

    [TestMethod]
    [DynamicData(nameof(TypesAndLevels))]
    public void CombinationsAgreeWithTheFormulas(ElementType type, IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        var random = new Random((int)type * 1000 + (int)level);
        for (int i = 0; i < 120; i++) Check(AttentionCase.Draw(random, type), $"case {i}");
    }

    [TestMethod]
    public void AWindowCentresOnThePositionOfTheQuery()
    {
        var random = new Random(1);
        AttentionCase drawn = new AttentionCase { L = 40, S = 600, E = 16, Ev = 16, Left = 3, Right = 2 }.Filled(random);
        Check(drawn, "window");
        Check(drawn with { Causal = true }, "causal window");
        Check(drawn.WithPast(300, random), "window behind a cache");
        Check(drawn with { Valid = AttentionTensor.Of(ElementType.Int64, [1], _ => 500) }, "window at the end of the valid keys");
        Check(drawn with { Left = 0, Right = 0 }, "self only");
        CollectionAssert.AreEqual((drawn with { Left = -1, Right = -1 }).Run()[0]!.Bytes.ToArray(),
            (drawn with { Left = long.MaxValue, Right = long.MaxValue }).Run()[0]!.Bytes.ToArray());
    }

    [TestMethod]
    public void ARowOfMinusInfinityScoresThatNoMaskMadeIsNaN()
    {
        var drawn = new AttentionCase { S = 3, E = 1, Ev = 1 } with
        {
            Q = AttentionTensor.Of(ElementType.Float, [1, 1, 1, 1], _ => 1),
            K = AttentionTensor.Of(ElementType.Float, [1, 1, 3, 1], _ => double.NegativeInfinity),
            V = AttentionTensor.Of(ElementType.Float, [1, 1, 3, 1], _ => 1),
        };
        Assert.IsTrue(double.IsNaN(AttentionTensor.Doubles(drawn.Run()[0]!)[0]));
        TensorValue mask = AttentionTensor.Of(ElementType.Float, [3], _ => double.NegativeInfinity);
        Assert.AreEqual(0.0, AttentionTensor.Doubles((drawn with { Mask = mask }).Run()[0]!)[0]);
    }

    [TestMethod]
    public void SmallScoresKeepTheirPrecisionThroughTheSoftcap()
    {
        // tanh(x) is x near 0: an absolute error would show here.
        var drawn = new AttentionCase { L = 1, S = 16, E = 1, Ev = 1, Scale = 1, Softcap = 30, Mode = 1, WantsScores = true } with
        {
            Q = AttentionTensor.Of(ElementType.Float, [1, 1, 1, 1], _ => 1),
            K = AttentionTensor.Of(ElementType.Float, [1, 1, 16, 1], i => Math.Pow(10, i - 12)),
            V = AttentionTensor.Of(ElementType.Float, [1, 1, 16, 1], _ => 1),
        };
        double[] keys = AttentionTensor.Doubles(drawn.K!), scores = AttentionTensor.Doubles(drawn.Run()[3]!);
        for (int i = 0; i < 16; i++)
        {
            double wanted = 30 * Math.Tanh(keys[i] / 30);
            Assert.AreEqual(wanted, scores[i], 1e-6 * wanted);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Widths))]
    public void KeysFarBelowTheMaximumKeepTheirRelativePrecision(IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        foreach (double top in new[] { 0.7, 61.3, -3000.1, 2e6 })
        {
            var drawn = new AttentionCase { L = 1, S = 300, E = 1, Ev = 1, Scale = 1, Mode = 3, WantsScores = true } with
            {
                Q = AttentionTensor.Of(ElementType.Float, [1, 1, 1, 1], _ => 1),
                K = AttentionTensor.Of(ElementType.Float, [1, 1, 300, 1], i => top - i % 150 * 0.57),
                V = AttentionTensor.Of(ElementType.Float, [1, 1, 300, 1], _ => 1),
            };
            double[] keys = AttentionTensor.Doubles(drawn.K!), weights = AttentionTensor.Doubles(drawn.Run()[3]!);
            double sum = keys.Sum(k => Math.Exp(k - keys.Max()));
            for (int i = 0; i < keys.Length; i++)
            {
                double wanted = Math.Exp(keys[i] - keys.Max()) / sum;
                Assert.AreEqual(wanted, weights[i], 1e-6 * wanted, $"key {i} below {top}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Widths))]
    public void TheLeastNumberIsNotMinusInfinity(IsaLevel level)
    {
        using Isa.Forced forced = Isa.Force(level);
        AttentionCase drawn = new AttentionCase { L = 3, S = 600, E = 8, Ev = 8 }.Filled(new Random(3));
        Check(drawn with { Mask = AttentionTensor.Of(ElementType.Float, [600], _ => float.MinValue) }, "all alike");
        Check(drawn with { Mask = AttentionTensor.Of(ElementType.Float, [600], i => i < 100 ? 0 : float.MinValue) }, "some");
    }

    private static void Check(AttentionCase c, string name)
    {
        var wanted = AttentionReference.Run(c);
        TensorValue?[] outputs = c.Run();
        Compare(c, $"{name} Y", AttentionReference.Heads(outputs[0]!, c.Packed, c.B, c.Hq, c.L, c.Ev), wanted.Y, c.Type);
        if (c.WantsPresent)
        {
            CollectionAssert.AreEqual(wanted.PresentKey, AttentionTensor.Doubles(outputs[1]!), $"{name} present_key of {c}");
            CollectionAssert.AreEqual(wanted.PresentValue, AttentionTensor.Doubles(outputs[2]!), $"{name} present_value of {c}");
        }

        if (c.WantsScores) Compare(c, $"{name} scores", AttentionTensor.Doubles(outputs[3]!), wanted.Scores, c.Type);
    }

    private static void Compare(AttentionCase c, string name, double[] got, double[] wanted, ElementType type)
    {
        double tolerance = type switch { ElementType.Double => 1e-13, ElementType.Float => 4e-6, ElementType.Float16 => 1e-3, _ => 8e-3 };
        Assert.AreEqual(wanted.Length, got.Length, name);
        for (int i = 0; i < wanted.Length; i++)
        {
            if (got[i].Equals(wanted[i])) continue;
            if (!(Math.Abs(got[i] - wanted[i]) <= tolerance * (1 + Math.Abs(wanted[i]))))
                Assert.Fail($"{name}[{i}] is {got[i]}, wanted {wanted[i]}, in {c}; past {c.Past}, mask {c.Mask?.Type} [{string.Join(", ", c.Mask?.Dims ?? [])}], valid {c.Valid is not null}");
        }
    }
}
