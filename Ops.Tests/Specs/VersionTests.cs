using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Tests.Specs;

/// <summary>Later documents and <c>like</c> change what they state, and only that.</summary>
[TestClass]
public sealed class VersionTests
{
    private const string Base = """
        op: Base
        since: 1
        summary: Tests.
        inputs:
          - X: float[n]
          - Z: float[n]?
        outputs:
          - Y: float[n]
        attributes:
          a: int = 1
          b: int = 2
        constraints:
          one: a > 0
          two: b > 0
        docs:
          a: the first
        kernel: manual

        """;

    [TestMethod]
    public void A_document_merges_by_name()
    {
        OpFamily family = Sound(Base + """
            ---
            since: 3
            summary: Newer.
            inputs:
              - W: float[n]?
              - X: float[n, n]
              - Z: none
            attributes: { b: none, c: float = 0, a: int = 5 }
            constraints: { two: none, three: c >= 0 }
            """);
        OpModel old = family.Versions[0], now = family.Versions[1];
        CollectionAssert.AreEqual(new[] { "X", "Z" }, old.Inputs.Select(i => i.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "X", "W" }, now.Inputs.Select(i => i.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "a", "c" }, now.Attributes.Select(a => a.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "one", "three" }, now.Rules.Select(r => r.Name).ToArray());
        Assert.AreEqual(new IntLiteral(5), now.Attributes[0].Default);
        Assert.AreEqual(new RealLiteral(0), now.Attributes[1].Default);
        Assert.AreEqual(("Newer.", 3, 3), (now.Summary, now.Since, now.Opset));
    }

    [TestMethod]
    [DataRow("OPS0402", "no input binds 'n'", "---\nsince: 3\n«inputs»: [ X: 'float[3]', Z: none ]\n", "", "")]
    [DataRow("OPS0201", "there is no 'b'", "---\nsince: 3\nattributes: { «b»: none }\n", "", "")]
    [DataRow("OPS0501", "version 1 follows", "---\n«since»: 1\n", "", "")]
    [DataRow("OPS0502", "changes nothing", "---\nsince: «2»\n", "", "")]
    [DataRow("OPS0502", "'b' says the same", "---\nsince: 2\nattributes: { «b»: int = 2 }\n", "", "")]
    [DataRow("OPS0503", "did you mean 'two'?", "---\nsince: 2\nconstraints: { «twoo»: none }\n", "", "")]
    [DataRow("OPS0006", "later document", "---\n«attributes»: { b: none }\nconstraints: { two: none }\n", "", "")]
    [DataRow("OPS0505", "first document only", "---\nsince: 2\n«domain»: x\nattributes: { a: int = 4 }\n", "", "")]
    public void Mistakes_in_differences_stand_where_they_are_made(string id, string message, string document, string old, string changed)
    {
        if (id == "OPS0501")
            document = "---\nsince: «1»\n";
        SpecFixture.Finds(id, message, (old.Length == 0 ? Base : Base.Replace(old, changed)) + document);
    }

    /// <summary>Where something is taken over that does not fit, the section that would replace it is told, too.</summary>
    [TestMethod]
    [DataRow("---\nsince: 3\n«inputs»: [ X: 'float[3]', Z: none ]\noutputs: [ Y: 'float[3]' ]\nattributes: { a: 'int = n' }\n", "", null)]
    [DataRow("---\nsince: 3\nattributes: { b: none }\n«docs»: { a: the only one }\n", "there is no 'b'", "OPS0507")]
    [DataRow("---\n«since»: 3\nattributes: { b: none }\n", "there is no 'b'", "OPS0507")]
    public void What_is_taken_over_and_does_not_fit_is_told_at_its_section(string document, string message, string? id)
    {
        string marked = Base + document, text = marked.Replace("«", "").Replace("»", "");
        SpecDiagnostic[] found = [.. SpecFixture.Bind(text).Suggestions.Where(d => d.Rule == SpecRules.TakenOver)];
        if (id is null)
        {
            Assert.IsEmpty(found, SpecFixture.Show(found));
            return;
        }
        Assert.HasCount(1, found, SpecFixture.Show(found));
        Assert.AreEqual((marked.IndexOf('«'), marked.IndexOf('»') - marked.IndexOf('«') - 1), (found[0].Span.Start, found[0].Span.Length),
            SpecFixture.Show(found));
        Assert.Contains(message, found[0].Message);
    }

    [TestMethod]
    public void A_broken_version_leaves_the_others()
    {
        BoundSpec bound = SpecFixture.Bind(Base + "---\nsince: 2\nattributes: { a: innt }\n---\nsince: 3\nattributes: { a: int = 7 }\n");
        CollectionAssert.AreEqual(new[] { 1, 3 }, bound.Family!.Versions.Select(v => v.Since).ToArray());
        Assert.IsTrue(bound.Diagnostics.Single().Blocking);
    }

    [TestMethod]
    public void Like_reports_at_its_own_place()
    {
        SpecSyntax other = SpecFrontEnd.Parse("specs/Base.op.yaml", Base);
        SpecFixture.Finds("OPS0201", "in what comes from Base: there is no 'b'",
            "op: Test\nlike: «Base»\nsince: 1\nsummary: s\nattributes: { b: none }\n", other);
        SpecFixture.Finds("OPS0504", "did you mean 'Base'?", "op: Test\nlike: «Bsae»\nsince: 1\nsummary: s\n", other);
        SpecSyntax back = SpecFrontEnd.Parse("specs/Other.op.yaml", "op: Other\nlike: Test\nsince: 1\nsummary: s\n");
        SpecFixture.Finds("OPS0504", "broken", "op: Test\nlike: «Other»\nsince: 1\nsummary: s\n", back);
    }

    [TestMethod]
    public void Like_completes_the_signature()
    {
        SpecSyntax other = SpecFrontEnd.Parse("specs/Base.op.yaml", Base);
        SpecSyntax like = SpecFrontEnd.Parse("specs/Test.op.yaml",
            "op: Test\nlike: Base\nsince: 4\nsummary: s\ninputs:\n  - V: float[n]\n");
        SpecScope scope = new([like, other]);
        Assert.IsTrue(scope.TryGetSignature("Test", "ai.onnx", out OpSignature signature));
        Assert.AreEqual("X! Z? V!", string.Join(" ", signature.Versions.Single().Inputs.Select(i => i.Name + (i.Optional ? "?" : "!"))));
        Assert.AreEqual(4, signature.Versions[0].Since);
    }

    private static OpFamily Sound(string text)
    {
        BoundSpec bound = SpecFixture.Bind(text);
        Assert.IsEmpty(bound.Diagnostics.ToArray(), SpecFixture.Show(bound.Diagnostics));
        return bound.Family!;
    }
}
