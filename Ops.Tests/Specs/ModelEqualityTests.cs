using Ops.Specs.Binding;
using Ops.Specs.Model;

namespace Ops.Tests.Specs;

/// <summary>Models change when the meaning does, and only then.</summary>
[TestClass]
public sealed class ModelEqualityTests
{
    private const string Spec = """
        op: Test
        since: 13
        summary: Tests.
        inputs:
          - X: float[B, n, n*2]
        outputs:
          - Y: float[B, n, n * 2]
        attributes:
          k: int in 1.. = 1
        constraints:
          small: B < 9 and k > 0
        body: |
          A = Relu(X)
          Y = Add (A, @[k])
        """;

    [TestMethod]
    [DataRow("op: Test", "# a comment\nop: Test # another")]
    [DataRow("n*2]", "n * 2]")]
    [DataRow("B < 9 and k > 0", "B<9\n    and k>0")]
    [DataRow("B < 9 and k > 0", "'B < 9 and k > 0'")]
    [DataRow("Relu(X)", "Relu   (X) # because")]
    [DataRow("Add (A, @[k])", "Add (A,\n      @[k])")]
    [DataRow("  A = Relu(X)\n  Y = Add (A, @[k])", "  Y = Add (A, @[k])\n  A = Relu (X)")]
    [DataRow("attributes:\n  k: int in 1.. = 1\n", "attributes: { k: int in 1.. = 1 }\n\n")]
    public void Layout_changes_no_model(string old, string changed)
    {
        Assert.Contains(old, Spec);
        BoundSpec before = SpecFixture.Bind(Spec), after = SpecFixture.Bind(Spec.Replace(old, changed));
        Assert.IsNotNull(before.Family, SpecFixture.Show(before.Diagnostics));
        Assert.AreEqual(before.Family, after.Family);
        Assert.AreEqual(before.Family.GetHashCode(), after.Family!.GetHashCode());
    }

    [TestMethod]
    [DataRow("n*2]", "n*3]")]
    [DataRow("B < 9", "B < 8")]
    [DataRow("= 1", "= 2")]
    [DataRow("Relu(X)", "Exp (X)")]
    [DataRow("Tests.", "Tests more.")]
    public void Meaning_changes_the_model(string old, string changed) =>
        Assert.AreNotEqual(SpecFixture.Bind(Spec).Family, SpecFixture.Bind(Spec.Replace(old, changed)).Family);

    [TestMethod]
    public void Signatures_ignore_bodies_and_rules()
    {
        OpSignature? Of(string text) => SpecFrontEnd.Signature(SpecFrontEnd.Parse("specs/Test.op.yaml", text));
        Assert.AreEqual(Of(Spec), Of(Spec.Replace("Relu(X)", "Exp (X)").Replace("B < 9", "B < 8")));
        Assert.AreNotEqual(Of(Spec), Of(Spec.Replace("  k: int in 1.. = 1", "  k: int in 1..")));
    }

    [TestMethod]
    public void Paths_are_relative_to_the_specs_folder()
    {
        Assert.AreEqual("specs/a/X.op.yaml", SpecPath.Relative(@"C:\work\specs\old\specs\a\X.op.yaml"));
        Assert.AreEqual("specs/X.op.yaml", SpecPath.Relative("specs/X.op.yaml"));
        Assert.AreEqual("X.op.yaml", SpecPath.Relative("/anywhere/X.op.yaml"));
    }

    [TestMethod]
    public void Rules_say_what_they_read()
    {
        OpModel model = SpecFixture.Model("""
            op: Test
            since: 1
            summary: Tests.
            inputs:
              - X: int64[n] in 0..9
              - Z: float[...d]?
            outputs:
              - Y: float[...shape]
            attributes:
              k: int = 1
            let:
              top: max(X)
              shape: (w for w in X)
            constraints:
              a-rule: top < k if has(Z)
              other: n > rank(X)
            kernel: manual
            """);
        Rule rule = model.Rules[0];
        CollectionAssert.AreEqual(new[] { "top", "k", "Z" }, rule.Reads.ToArray());
        Assert.IsTrue(rule.ReadsData);
        Assert.IsFalse(model.Rules[1].ReadsData);
        Assert.AreEqual("top < k if has(Z)", rule.Text);
        Assert.AreEqual("0..9", model.Inputs[0].InText);
        Assert.AreEqual(new ExprType(ExprKind.Exact, 1), model.Lets.Single(l => l.Name == "shape").Value.Type);
    }
}
