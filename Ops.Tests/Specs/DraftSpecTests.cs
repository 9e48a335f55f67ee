using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Tests.Specs;

/// <summary>The 19 specs of the language's draft.</summary>
[TestClass]
public sealed class DraftSpecTests
{
    [TestMethod]
    public void All_bind_without_findings()
    {
        SpecSyntax[] drafts = SpecFixture.Drafts();
        Assert.HasCount(19, drafts);
        ISpecScope scope = SpecFixture.Scope(drafts);
        foreach (SpecSyntax draft in drafts)
        {
            BoundSpec bound = SpecFrontEnd.Bind(draft, scope);
            Assert.IsEmpty(bound.Diagnostics.ToArray(), SpecFixture.Show(bound.Diagnostics));
            Assert.IsNotNull(bound.Family, draft.Path);
        }
    }

    [TestMethod]
    public void Have_the_versions_they_state()
    {
        Dictionary<string, int[]> wanted = new()
        {
            ["Attention"] = [23, 24, 25], ["Conv"] = [11,
                22], ["LayerNormalization"] = [17], ["Reshape"] = [14, 19, 21, 23, 24, 25], ["Softmax"] = [13], ["TopK"] = [11, 24],
        };
        SpecSyntax[] drafts = SpecFixture.Drafts();
        foreach (SpecSyntax draft in drafts)
            if (wanted.TryGetValue(draft.OpName!, out int[]? versions))
                CollectionAssert.AreEqual(versions,
                    SpecFrontEnd.Bind(draft, SpecFixture.Scope(drafts)).Family!.Versions.Select(v => v.Since).ToArray(), draft.OpName);
    }

    [TestMethod]
    public void Later_versions_replace_the_equations_they_restate()
    {
        OpFamily attention = Draft("Attention");
        string v23 = attention.Versions[0].Body!.Text, v25 = attention.Versions[2].Body!.Text;
        Assert.Contains("Position = Add (Row, @Past)", v23);
        Assert.DoesNotContain("Count = ", v23);
        Assert.Contains("Seen = Add (Causal, Add (Left, Right))", v25);
        Assert.Contains("Position = Add (Row, Sub (Count, @L)) if outside else Add (Row, @Past)", v25);
        CollectionAssert.AreEqual(new[] { "P(past_key,past_value)", "m(attn_mask)" },
            attention.Versions[0].Dims.Where(d => d.OnlyWith.Count > 0).Select(d => $"{d.Name}({string.Join(",", d.OnlyWith)})")
                .Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public void A_later_opset_has_a_body_of_its_own()
    {
        OpModel softmax = Draft("Softmax").Versions[0];
        Assert.AreEqual(13, softmax.Opset);
        Assert.AreEqual(18, softmax.LaterBodies.Single().Opset);
        Assert.Contains("ReduceMax <axes = @[axis]> (input)", softmax.Body!.Text);
        Assert.Contains("ReduceMax (input, @[axis])", softmax.LaterBodies[0].Body.Text);
    }

    [TestMethod]
    public void Families_have_dims_per_element()
    {
        OpModel concat = Draft("Concat").Versions[0];
        CollectionAssert.AreEqual(new[] { DimKind.FamilyCount, DimKind.Rank, DimKind.Family, DimKind.Rank },
            concat.Dims.Select(d => d.Kind).ToArray());
        Assert.AreEqual(new Family("i", "n"), concat.Inputs[0].Family);
    }

    [TestMethod]
    public void Like_takes_over_what_is_not_restated()
    {
        OpModel qmoe = Draft("QMoE").Versions[0];
        Assert.AreEqual(29, qmoe.Opset);
        Assert.AreEqual("opspec.experimental", qmoe.Domain);
        Assert.IsTrue(qmoe.Rules.Any(r => r.Name == "groups-divide-experts"));
        Assert.HasCount(11, qmoe.Inputs.ToArray());
    }

    [TestMethod]
    public void References_name_what_a_scope_must_answer()
    {
        SpecSyntax[] drafts = SpecFixture.Drafts();
        string[] Of(string op) => [.. SpecFrontEnd.References(drafts.Single(d => d.OpName == op))];
        CollectionAssert.AreEqual(new[] { "Cast", "DequantizeLinear", "GroupedMatMul", "MoE", "Reshape" }, Of("QMoE"));
        CollectionAssert.DoesNotContain(Of("FlexAttention"), "score_mod");
        CollectionAssert.Contains(Of("LinearAttention"), "Exp");
    }

    private static OpFamily Draft(string op)
    {
        SpecSyntax[] drafts = SpecFixture.Drafts();
        return SpecFrontEnd.Bind(drafts.Single(d => d.OpName == op), SpecFixture.Scope(drafts)).Family!;
    }
}
