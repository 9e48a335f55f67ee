namespace Ops.Tests.Specs;

/// <summary>A comment silences one finding on one line, with a reason, and nothing else.</summary>
[TestClass]
public sealed class SuppressionTests
{
    private const string Base = """
        op: Scale
        since: 1
        summary: Multiplies.
        types: { T: float | double, U: int64 }
        inputs:
          - X: T[...d]
        outputs:
          - Y: T[...d]
        kernel: elementwise

        """;

    [TestMethod]
    [DataRow("types:", "# ignore OPS0215: later versions use it\ntypes:")]
    [DataRow("types:", "# ignore OPS0215: later versions use it\n\n# about the types\ntypes:")]
    [DataRow("U: int64 }", "U: int64 } # ignore OPS0215: later versions use it")]
    [DataRow("U: int64 }", "Uv: int64, uV: int64 } # Ignore OPS0203, OPS0215: later versions use them")]
    [DataRow("types: { T: float | double, U: int64 }", "types: { T: float | double }\ndocs:\n  d: a comment '# ignore OPS0215' says so")]
    public void A_reasoned_comment_silences(string old, string changed) =>
        Assert.IsEmpty(SpecFixture.Bind(Base.Replace(old, changed)).Diagnostics,
            SpecFixture.Show(SpecFixture.Bind(Base.Replace(old, changed)).Diagnostics));

    [TestMethod]
    [DataRow("OPS0722", "needs a reason", "types:", "# ignore «OPS0215»\ntypes:")]
    [DataRow("OPS0721", "there is no OPS0204 on line 4", "types: { T: float | double, U: int64 }",
        "types: { T: float | double } # ignore «OPS0204»: a reason")]
    [DataRow("OPS0721", "there is no OPS0204 on line 4", "U: int64 }", "U: int64 } # ignore OPS0215, «OPS0204»: a reason")]
    [DataRow("OPS0721", "there is no rule OPS215", "types: { T: float | double, U: int64 }",
        "types: { T: float | double } # ignore «OPS215»: a reason")]
    [DataRow("OPS0721", "there is no rule OPS9999", "types: { T: float | double, U: int64 }",
        "# ignore «OPS9999»: a reason\ntypes: { T: float | double }")]
    public void A_useless_comment_is_found(string id, string message, string old, string changed) =>
        SpecFixture.Finds(id, message, Base.Replace(old, changed));

    [TestMethod]
    public void An_error_cannot_be_ignored()
    {
        string text = Base.Replace(", U: int64", "").Replace("kernel: elementwise", "kernel: elementwize # ignore OPS0701: I like it so");
        CollectionAssert.AreEqual(new[] { "OPS0701", "OPS0721" }, SpecFixture.Bind(text).Diagnostics.Select(d => d.Rule.Id).ToArray());
    }
}
