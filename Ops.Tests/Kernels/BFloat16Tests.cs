using System.Numerics.Tensors;

namespace Ops.Tests.Kernels;

[TestClass]
public sealed class BFloat16Tests
{
    [TestMethod]
    public void Every_pattern_widens_and_comes_back()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            BFloat16 value = BFloat16.FromBits((ushort)bits);
            Assert.AreEqual((uint)bits << 16, BitConverter.SingleToUInt32Bits(value));
            BFloat16 back = (BFloat16)(float)value;
            if (BFloat16.IsNaN(value)) Assert.IsTrue(BFloat16.IsNaN(back));
            else Assert.AreEqual((ushort)bits, back.ToBits());
        }
    }

    [TestMethod]
    [DataRow(0x3F808000u, 0x3F80, DisplayName = "tie to even below")]
    [DataRow(0x3F818000u, 0x3F82, DisplayName = "tie to even above")]
    [DataRow(0x3F808001u, 0x3F81, DisplayName = "just above a tie")]
    [DataRow(0x3F807FFFu, 0x3F80, DisplayName = "just below a tie")]
    [DataRow(0x7F7FFFFFu, 0x7F80, DisplayName = "overflow")]
    [DataRow(0x7F7F7FFFu, 0x7F7F, DisplayName = "no overflow yet")]
    [DataRow(0x00008000u, 0x0000, DisplayName = "half of the least subnormal")]
    [DataRow(0x00008001u, 0x0001, DisplayName = "more than half of it")]
    [DataRow(0x80000000u, 0x8000, DisplayName = "negative zero")]
    [DataRow(0x7F800001u, 0x7FC0, DisplayName = "signalling NaN")]
    [DataRow(0xFFFFFFFFu, 0xFFFF, DisplayName = "NaN with a full payload")]
    public void Narrowing_rounds_to_nearest_even(uint bits, int expected) =>
        Assert.AreEqual((ushort)expected, ((BFloat16)BitConverter.UInt32BitsToSingle(bits)).ToBits());

    [TestMethod]
    public void Double_rounds_once()
    {
        // 1 + 2^-8 is a tie between 1 and 1 + 2^-7. A double just beside it is the tie itself once it is a float.
        Assert.AreEqual((BFloat16)1.0078125f, (BFloat16)(1 + Math.ScaleB(1, -8) + Math.ScaleB(1, -40)));
        Assert.AreEqual(BFloat16.One, (BFloat16)(1 + Math.ScaleB(1, -8) - Math.ScaleB(1, -40)));
        Assert.AreEqual(BFloat16.One, (BFloat16)(1 + Math.ScaleB(1, -8)));
        Assert.AreEqual((BFloat16)(-1.0078125f), (BFloat16)(-1 - Math.ScaleB(1, -8) - Math.ScaleB(1, -40)));
        Assert.AreEqual(BFloat16.PositiveInfinity, (BFloat16)1e300);
        Assert.AreEqual(BFloat16.Zero, (BFloat16)1e-300);
        Assert.IsTrue(BFloat16.IsNaN((BFloat16)double.NaN));
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            // A double between two neighbours, compared with their midpoint, which is exact.
            BFloat16 low = BFloat16.FromBits((ushort)random.Next(1, 0x7F00)), high = BFloat16.FromBits((ushort)(low.ToBits() + 1));
            double middle = ((double)low + high) / 2, value = middle * (1 + ((random.Next(3) - 1) * Math.ScaleB(1, -30 - random.Next(20))));
            BFloat16 expected = value < middle ? low : value > middle ? high : (low.ToBits() & 1) == 0 ? low : high;
            Assert.AreEqual(expected, (BFloat16)value, $"{value:R}");
        }
    }

    [TestMethod]
    public void Comparison_is_that_of_floats()
    {
        float[] values = [float.NaN, float.NegativeInfinity, -1, -0f, 0, 1, float.PositiveInfinity];
        foreach (float x in values)
        {
            foreach (float y in values)
            {
                BFloat16 a = (BFloat16)x, b = (BFloat16)y;
                Assert.AreEqual((x == y, x != y, x < y, x <= y, x > y, x >= y), (a == b, a != b, a < b, a <= b, a > b, a >= b));
                Assert.AreEqual((x.Equals(y), Math.Sign(x.CompareTo(y))), (a.Equals(b), Math.Sign(a.CompareTo(b))));
                if (a.Equals(b)) Assert.AreEqual(a.GetHashCode(), b.GetHashCode());
            }
        }
    }

    [TestMethod]
    public void Constants_are_what_they_say()
    {
        Assert.AreEqual(3.3895314e38f, (float)BFloat16.MaxValue);
        Assert.AreEqual(-3.3895314e38f, (float)BFloat16.MinValue);
        Assert.AreEqual(Math.ScaleB(1, -133), (double)BFloat16.Epsilon);
        Assert.IsTrue(BFloat16.IsNaN(BFloat16.NaN) && BFloat16.IsInfinity(BFloat16.NegativeInfinity));
        Assert.IsTrue(BFloat16.IsNegative(BFloat16.NegativeZero));
        Assert.IsTrue(BFloat16.IsFinite(BFloat16.One) && !BFloat16.IsFinite(BFloat16.NaN));
        Assert.AreEqual("1.5", ((BFloat16)1.5f).ToString());
    }

    [TestMethod]
    public void Tensors_hold_it()
    {
        Tensor<BFloat16> tensor = Tensor.Create([BFloat16.One, BFloat16.Zero], [2, 1]);
        Assert.AreEqual(BFloat16.One, tensor[0, 0]);
    }
}
