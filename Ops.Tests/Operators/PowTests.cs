using Ops.Schemas;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Operators;

[TestClass]
public sealed class PowTests
{
    [TestMethod]
    [DataRow(ElementType.Float, ElementType.Int64)]
    [DataRow(ElementType.Float, ElementType.Int32)]
    [DataRow(ElementType.Float, ElementType.UInt8)]
    [DataRow(ElementType.Float, ElementType.Double)]
    [DataRow(ElementType.Float, ElementType.BFloat16)]
    [DataRow(ElementType.Double, ElementType.Float)]
    [DataRow(ElementType.Double, ElementType.UInt64)]
    [DataRow(ElementType.Float16, ElementType.BFloat16)]
    [DataRow(ElementType.Float16, ElementType.Int8)]
    [DataRow(ElementType.BFloat16, ElementType.Float16)]
    [DataRow(ElementType.BFloat16, ElementType.UInt8)]
    public void ExponentsOfAnotherTypeMeanTheirValue(ElementType baseType, ElementType exponentType)
    {
        FloatFormat format = FloatFormat.Of(baseType);
        double[] bases = [0, 1, -1, 0.5, 3, -3, 1.0078125];
        double[] exponents = exponentType.IsFloat() ? [0, 1, 2, 0.5, -1.5, 5] : [0, 1, 2, 3, 5, 20, 100];
        TensorValue x = Elements.Of(baseType, bases, bases.Length, 1), y = Elements.Of(exponentType, exponents, exponents.Length);
        Check(x, y);

        // A single exponent may be converted by its value.
        foreach (double exponent in exponents)
            Check(x, Elements.Of(exponentType, [exponent]));

        void Check(TensorValue powerBase, TensorValue power)
        {
            double[] results = Elements.Reals(Pow(powerBase, power)), left = Elements.Reals(powerBase), right = Elements.Reals(power);
            for (int i = 0; i < results.Length; i++)
            {
                double b = left[i / right.Length], e = right[i % right.Length];
                Assert.IsNull(format.Difference(results[i], Math.Pow(b, e), 4, 0), $"{b}^{e} is {results[i]}");
            }
        }
    }

    [TestMethod]
    [DataRow(ElementType.Int32)]
    [DataRow(ElementType.Int64)]
    public void IntegersWrapForExponentsBeyondTheirType(ElementType type)
    {
        int bits = type.Bits();
        Int128[] bases = [0, 1, -1, 2, 3, -3, 5, 6];
        Int128[] exponents = [0, 1, 5, ulong.MaxValue, (Int128)ulong.MaxValue - 1, 1UL << 63, uint.MaxValue, 64, 62];
        TensorValue x = Elements.Of(type, bases, bases.Length, 1), y = Elements.Of(ElementType.UInt64, exponents, exponents.Length);
        Int128[] results = Elements.Wholes(Pow(x, y));
        for (int i = 0; i < results.Length; i++)
        {
            Int128 b = bases[i / exponents.Length], e = exponents[i % exponents.Length];
            var wanted = (Int128)System.Numerics.BigInteger.ModPow(b, e, System.Numerics.BigInteger.One << bits);
            Assert.AreEqual(Elements.Wholes(Elements.Of(type, [wanted]))[0], results[i], $"{b}^{e}");
        }
    }

    [TestMethod]
    public void NegativePowersOfIntegersAreTruncatedQuotients()
    {
        TensorValue x = Elements.Of(ElementType.Int32, [(Int128)0, 1, -1, -1, 2, -3], 6);
        TensorValue y = Elements.Of(ElementType.Int64, [(Int128)(-1), -2, -3, long.MinValue, -1, -2], 6);
        CollectionAssert.AreEqual(new[] { 0, 1, -1, 1, 0, 0 }, Pow(x, y).Span<int>().ToArray());
    }

    [TestMethod]
    public void IntegersToRealPowersAreTruncatedAndSaturated()
    {
        TensorValue x = Elements.Of(ElementType.Int32, [(Int128)2, 10, 10, -10, -8, 4], 6);
        TensorValue y = Elements.Of(ElementType.Float, [0.5, 1.5, 20, 21, 0.5, -0.5], 6);
        CollectionAssert.AreEqual(new[] { 1, 31, int.MaxValue, int.MinValue, 0, 0 }, Pow(x, y).Span<int>().ToArray());
    }

    private static TensorValue Pow(TensorValue x, TensorValue y)
    {
        var call = new OpCall([x, y], AttributeValues.None, [true]);
        OpRegistry.Get("ai.onnx", "Pow", int.MaxValue).Run!(call);
        return call.Outputs[0]!;
    }
}
