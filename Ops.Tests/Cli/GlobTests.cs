using Ops.Cli.Output;

namespace Ops.Tests.Cli;

[TestClass]
public class GlobTests
{
    [TestMethod]
    [DataRow(null, "anything", true)]
    [DataRow("*", "", true)]
    [DataRow("", "", true)]
    [DataRow("", "a", false)]
    [DataRow("test_add", "test_add", true)]
    [DataRow("test_add", "test_add_bcast", false)]
    [DataRow("test_add*", "test_add_bcast", true)]
    [DataRow("*_add", "test_add", true)]
    [DataRow("*add*b*", "test_add_bcast", true)]
    [DataRow("test_?dd", "test_add", true)]
    [DataRow("test_?dd", "test_dd", false)]
    [DataRow("a.c", "abc", false)]
    [DataRow("[a]", "a", false)]
    [DataRow("*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void Fits(string? pattern, string name, bool wanted) => Assert.AreEqual(wanted, Glob.Fits(pattern, name));
}
