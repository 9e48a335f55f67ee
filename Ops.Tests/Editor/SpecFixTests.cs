using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;
using Ops.Generators;
using Ops.Generators.CodeFixes;
using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Fixes;
using Ops.Specs.Syntax;
using Ops.Tests.Specs;

namespace Ops.Tests.Editor;

/// <summary>What repairs a finding does so, and an editor applies the same edits.</summary>
[TestClass]
public sealed class SpecFixTests
{
    private const string Base = """
        op: Scale
        since: 1
        summary: Multiplies.
        types: { T: float | double }
        inputs:
          - X: T[...d, rows]
          - S: T[rows]
        outputs:
          - Y: T[...d, rows]
        attributes:
          factor: float = 1
        let:
          rank: len(d)
        constraints:
          few-axes: rank < 9
        docs:
          factor: what is multiplied by
        body: |
          Y = Mul (X, Identity (Mul (S, @factor)))
        kernel: elementwise

        """;

    [TestMethod]
    [DataRow("OPS0004", "summary: M", "sumary: M")]
    [DataRow("OPS0011", "few-axes:", "fewAxes:")]
    [DataRow("OPS0201", "few-axes: rank", "few-axes: rnak")]
    [DataRow("OPS0204", "S: T[rows]", "S: T[rosw]")]
    [DataRow("OPS0205", "  factor: what", "  facotr: what")]
    [DataRow("OPS0206", "len(d)", "lne(d)")]
    [DataRow("OPS0301", "float | double", "float | duoble")]
    [DataRow("OPS0402", "Y: T[...d, rows]", "Y: T[...d, rosw]")]
    [DataRow("OPS0602", "Mul (S,", "Mul (s,", "did you mean")]
    [DataRow("OPS0605", "Identity", "Idenity")]
    [DataRow("OPS0701", "elementwise", "elementwize")]
    [DataRow("OPS0721", "types:", "# ignore OPS0204: no reason any more\ntypes:")]
    [DataRow("OPS0721", "double }", "double } # ignore OPS0204: no reason any more")]
    public void A_mistake_is_repaired(string id, string sound, string mistaken, string hint = "")
    {
        string text = Base.Replace(sound, mistaken, StringComparison.Ordinal);
        Assert.AreNotEqual(Base, text);
        if (hint.Length > 0 && !SpecFixture.Bind(text).Diagnostics.Any(d => d.Message.Contains(hint)))
            return;
        foreach (string style in (string[])[text, text.Replace("\n", "\r\n", StringComparison.Ordinal)])
        {
            (SpecSyntax spec, SpecDiagnostic finding) = Find(style, id);
            SpecFix fix = SpecFixes.For(finding, spec)[0];
            Assert.IsTrue(fix.IsCertain);
            Assert.AreEqual(Base, SpecFixes.Apply(style, fix.Edits).Replace("\r\n", "\n", StringComparison.Ordinal), fix.Title);
            Assert.AreEqual(SpecFixes.Apply(style, fix.Edits), ByEditor(style, finding));
        }
    }

    [TestMethod]
    [DataRow("OPS0214", "docs:\n  factor: what is multiplied by\n", "")]
    [DataRow("OPS0214", "docs:\n  factor: what is multiplied by\n", "docs:\n  rows: how many\n")]
    [DataRow("OPS0214", "docs:\n  factor: what is multiplied by\n", "docs: { rows: how many }\n")]
    [DataRow("OPS0213", "few-axes: rank < 9", "few-axes: all(d[i] > 0 for i < rank)")]
    [DataRow("OPS0210", "  - S: T[rows]\n", "  - S: T[rows]\n  - Z: T[M]?\n", "Z")]
    public void What_is_not_said_gets_the_beginning_of_a_sentence(string id, string sound, string mistaken, string other = "")
    {
        string text = Base.Replace(sound, mistaken, StringComparison.Ordinal);
        (SpecSyntax spec, SpecDiagnostic finding) = Find(text, id);
        SpecFix fix = SpecFixes.For(finding, spec)[0];
        Assert.IsFalse(fix.IsCertain);
        string changed = SpecFixes.Apply(text, fix.Edits);
        BoundSpec bound = SpecFixture.Bind(changed);
        Assert.IsFalse(bound.Diagnostics.Concat(bound.Suggestions)
            .Any(d => d.Rule.Id == id && (other.Length == 0 || !d.Message.Contains($"'{other}'"))), changed);
        Assert.IsFalse(bound.Diagnostics.Any(d => d.Rule.Severity == SpecSeverity.Error), changed + SpecFixture.Show(bound.Diagnostics));
        Assert.AreEqual(changed, ByEditor(text, finding));
    }

    [TestMethod]
    [DataRow("OPS0204, OPS0219", "OPS0219")]
    [DataRow("OPS0219, OPS0204", "OPS0219")]
    public void Of_several_useless_rules_the_others_stay(string written, string left)
    {
        string text = Base.Replace("double }", $"double }} # ignore {written}: no reason", StringComparison.Ordinal);
        SpecSyntax spec = SpecFrontEnd.Parse("specs/Test.op.yaml", text);
        SpecDiagnostic finding = SpecFrontEnd.Bind(spec, SpecFixture.Scope(spec)).Diagnostics.Single(d => d.Message.Contains("OPS0204"));
        Assert.AreEqual(text.Replace(written, left, StringComparison.Ordinal),
            SpecFixes.Apply(text, SpecFixes.For(finding, spec)[0].Edits));
    }

    [TestMethod]
    public void What_is_inherited_is_not_repaired_where_it_is_inherited()
    {
        SpecSyntax broken = SpecFrontEnd.Parse("specs/Scale.op.yaml", Base.Replace("@factor", "@fctor", StringComparison.Ordinal));
        SpecSyntax like = SpecFrontEnd.Parse("specs/Other.op.yaml", "op: Other\nlike: Scale\nsince: 1\nsummary: Like it.\n");
        SpecDiagnostic finding =
            SpecFrontEnd.Bind(like, SpecFixture.Scope(broken, like)).Diagnostics.Single(d => d.Message.Contains("did you mean 'factor'?"));
        Assert.AreEqual("Scale", like.Text.Substring(finding.Span.Start, finding.Span.Length));
        Assert.IsEmpty(SpecFixes.For(finding, like));
        SpecSyntax versions = SpecFrontEnd.Parse("specs/Scale.op.yaml",
            Base + "---\nsince: 2\nattributes: { factors: float = 1, factor: none }\n");
        SpecDiagnostic[] inherited = [.. SpecFrontEnd.Bind(versions, SpecFixture.Scope(versions)).Diagnostics
            .Where(d => d.Message.StartsWith("in version 2:", StringComparison.Ordinal))];
        Assert.IsNotEmpty(inherited);
        foreach (SpecDiagnostic lost in inherited)
            Assert.IsEmpty(SpecFixes.For(lost, versions).Select(f => f.Title));
    }

    [TestMethod]
    public void A_second_since_becomes_a_version()
    {
        (SpecSyntax spec, SpecDiagnostic finding) = Find(Base + "since: 2\ntypes: { T: float_ir4 }\n", "OPS0005", "since");
        string changed = SpecFixes.Apply(spec.Text, SpecFixes.For(finding, spec)[0].Edits);
        Assert.AreEqual(Base + "---\nsince: 2\ntypes: { T: float_ir4 }\n",
            changed.Replace("types: { T: float_ir4 }", "types: { T: float_ir4 }"));
        Assert.AreEqual(Base + "---\nsince: 3\n",
            SpecFixes.Apply(Base, [NewVersionFix.Append(SpecFrontEnd.Parse("specs/Test.op.yaml", Base), 3)]));
    }

    [TestMethod]
    public void Every_mistake_with_a_hint_has_a_repair()
    {
        // What the draft specs give when each of their words is misspelt is tested elsewhere; here every repair must be applicable.
        foreach (string line in Base.Split('\n'))
            for (int i = 0; i + 2 < line.Length; i++)
            {
                string text = Base.Replace(line, line.Remove(i, 1), StringComparison.Ordinal);
                SpecSyntax spec = SpecFrontEnd.Parse("specs/Test.op.yaml", text);
                foreach (SpecDiagnostic finding in SpecFrontEnd.Bind(spec, SpecFixture.Scope(spec)).Diagnostics)
                    foreach (SpecFix fix in SpecFixes.For(finding, spec))
                        foreach (TextEdit edit in fix.Edits)
                            Assert.IsTrue(edit.Start >= 0 && edit.Start + edit.Length <= text.Length, text);
            }
    }

    private static (SpecSyntax Spec, SpecDiagnostic Finding) Find(string text, string id, string at = "")
    {
        SpecSyntax spec = SpecFrontEnd.Parse("specs/Test.op.yaml", text);
        BoundSpec bound = SpecFrontEnd.Bind(spec, SpecFixture.Scope(spec));
        SpecDiagnostic? found = bound.Diagnostics.Concat(bound.Suggestions)
            .FirstOrDefault(d => d.Rule.Id == id && text.Substring(d.Span.Start, d.Span.Length).Contains(at));
        Assert.IsNotNull(found, SpecFixture.Show(bound.Diagnostics));
        return (spec, found);
    }

    /// <summary>The text after the first code fix an editor offers.</summary>
    private static string ByEditor(string text, SpecDiagnostic finding)
    {
        using var workspace = new AdhocWorkspace();
        Project project = workspace.AddProject("Ops", LanguageNames.CSharp);
        DocumentId id = DocumentId.CreateNewId(project.Id);
        Solution solution = workspace.CurrentSolution.AddAdditionalDocument(id, "Test.op.yaml", SourceText.From(text),
            filePath: "specs/Test.op.yaml");
        List<CodeAction> actions = [];
        var context = new CodeFixContext(solution.GetAdditionalDocument(id)!, Descriptors.ToDiagnostic(finding),
            (action, _) => actions.Add(action), default);
        new SpecCodeFix().RegisterCodeFixesAsync(context).GetAwaiter().GetResult();
        ApplyChangesOperation change =
            actions[0].GetOperationsAsync(default).GetAwaiter().GetResult().OfType<ApplyChangesOperation>().Single();
        return change.ChangedSolution.GetAdditionalDocument(id)!.GetTextAsync().GetAwaiter().GetResult().ToString();
    }
}
