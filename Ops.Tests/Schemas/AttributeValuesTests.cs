using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Tests.Schemas;

/// <summary>Attributes of nodes: ONNX's INTS as truths and element types.</summary>
[TestClass]
public sealed class AttributeValuesTests
{
    private static AttributeValues Of(params long[] numbers) => new(new Dictionary<string, object> { ["a"] = numbers });

    [TestMethod]
    public void Lists_of_truths_are_zeros_and_ones()
    {
        CollectionAssert.AreEqual(new[] { true, false }, Of(1, 0).Bools("a"));
        Assert.IsNull(Of(1).Bools("b"));
        OpSchema schema = Gelu.Schema with { Attributes = [new OpAttribute("a", AttributeKind.Bool, IsList: true, Required: true)] };
        Of(1, 0).Check(schema);
        Assert.AreEqual("a-range", Assert.ThrowsExactly<OpException>(() => Of(1, 2).Check(schema)).Rule);
    }

    [TestMethod]
    public void Lists_of_element_types_hold_their_numbers()
    {
        CollectionAssert.AreEqual(new[] { ElementType.Float, ElementType.Int64 }, Of(1, 7).Dtypes("a"));
        Assert.IsNull(Of(1).Dtypes("b"));
        foreach (long none in (long[])[0, -1, 1000])
            Assert.ThrowsExactly<OpException>(() => Of(1, none).Dtypes("a"));
    }
}
