namespace Ops.Tests.Kernels;

[TestClass]
public sealed class PagedExampleTests
{
    [TestMethod]
    public void Decoding_through_pages_is_attention()
    {
        var output = new StringWriter();
        Assert.IsLessThan(1e-6, PagedDecode.Run(output));
        StringAssert.Contains(output.ToString(), "token 9 in page 0, slot 1");
    }
}
