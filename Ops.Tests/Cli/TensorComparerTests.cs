using Ops.Cli.Testing;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Cli;

[TestClass]
public class TensorComparerTests
{
    private static readonly Tolerance Usual = Tolerance.For(ElementType.Float, new TestSettings());

    [TestMethod]
    public void NaNEqualsNaNAndInfinitiesTheirSign()
    {
        Assert.IsNull(Compare([float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f],
            [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0]));
        StringAssert.Contains(Compare([float.NaN], [1]), "got NaN, wants 1");
        StringAssert.Contains(Compare([1], [float.NaN]), "wants NaN");
        StringAssert.Contains(Compare([float.PositiveInfinity], [float.NegativeInfinity]), "1 of 1 elements differ");
        StringAssert.Contains(Compare([float.MaxValue], [float.PositiveInfinity]), "1 of 1 elements differ");
    }

    [TestMethod]
    public void TellsTheLargestErrorAndItsPlace()
    {
        TensorValue got = TensorValue.From<float>([1, 2.5f, 3, 4, 5, 6.1f], 2, 3),
            wanted = TensorValue.From<float>([1, 2, 3, 4, 5, 6], 2, 3);
        Assert.AreEqual("2 of 6 elements differ, largest error 0.5 at [0, 1]: got 2.5, wants 2 (rtol 0.001, atol 1E-05)",
            TensorComparer.Compare(got, wanted, Usual));
        StringAssert.Contains(Compare([1, float.NaN, 9], [0, 0, 0]), "largest error Infinity at [1]");
    }

    [TestMethod]
    public void TolerancesFollowTheType()
    {
        Assert.IsNull(Compare([1000.9f], [1000]));
        Assert.IsNotNull(Compare([1001.1f], [1000]));
        Assert.IsNull(Compare([1e-5f], [0]));
        Assert.IsNotNull(Compare([2e-5f], [0]));
        Assert.AreEqual(new Tolerance(1e-3, 1e-5), Tolerance.For(ElementType.Double, new TestSettings()));
        Assert.AreEqual(new Tolerance(1e-2, 2e-3), Tolerance.For(ElementType.Float16, new TestSettings()));
        Assert.AreEqual(new Tolerance(2e-2, 1e-2), Tolerance.For(ElementType.BFloat16, new TestSettings()));
        Assert.AreEqual(new Tolerance(0.5, 1e-5), Tolerance.For(ElementType.Float, new TestSettings(Relative: 0.5)));
        Assert.AreEqual(Tolerance.Exact, Tolerance.For(ElementType.Int32, new TestSettings(0.5, 0.5)));
    }

    [TestMethod]
    public void IntegersAreExact()
    {
        TensorValue got = TensorValue.From<long>([long.MaxValue], 1), wanted = TensorValue.From<long>([long.MaxValue - 1], 1);
        StringAssert.Contains(TensorComparer.Compare(got, wanted, Tolerance.Exact), "largest error 1 at [0]");
        StringAssert.Contains(
            TensorComparer.Compare(TensorValue.From<ulong>([0], 1), TensorValue.From<ulong>([ulong.MaxValue], 1), Tolerance.Exact),
            "got 0, wants 18446744073709551615");
        Assert.IsNotNull(TensorComparer.Compare(TensorValue.From<bool>([true]), TensorValue.From<bool>([false]), Tolerance.Exact));
    }

    [TestMethod]
    public void StringsAreExact()
    {
        Assert.IsNull(TensorComparer.Compare(TensorValue.From(["a"], 1), TensorValue.From(["a"], 1), Tolerance.Exact));
        StringAssert.Contains(
            TensorComparer.Compare(TensorValue.From(["a", "b", "c"], 3), TensorValue.From(["a", "x", "y"], 3), Tolerance.Exact),
            "2 of 3 elements differ, the first at [1]: got 'b', wants 'x'");
    }

    [TestMethod]
    public void TypesAndShapesAreExact()
    {
        Assert.AreEqual("the element type is float, wants double",
            TensorComparer.Compare(TensorValue.From<float>([1]), TensorValue.From<double>([1]), Usual));
        Assert.AreEqual("the shape is [1], wants []",
            TensorComparer.Compare(TensorValue.From<float>([1], 1), TensorValue.From<float>([1]), Usual));
        Assert.IsNotNull(TensorComparer.Compare(TensorValue.From<float>([], 0, 2), TensorValue.From<float>([], 2, 0), Usual));
        Assert.IsNull(TensorComparer.Compare(TensorValue.From<float>([], 0, 2), TensorValue.From<float>([], 0, 2), Usual));
    }

    private static string? Compare(float[] got, float[] wanted) =>
        TensorComparer.Compare(TensorValue.From<float>(got, got.Length), TensorValue.From<float>(wanted, wanted.Length), Usual);
}
