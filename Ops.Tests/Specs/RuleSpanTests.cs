using System.Reflection;
using Ops.Generators.Analyzers.Kernels;
using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;
using Ops.Tests.Generation;

namespace Ops.Tests.Specs;

/// <summary>Where the wrong examples of rules' pages are found wrong; and no rule is without a test of its exact place.</summary>
[TestClass]
public sealed class RuleSpanTests
{
    private static readonly Type[] Tests = [typeof(RuleSpanTests), typeof(DiagnosticSpanTests), typeof(VersionTests),
        typeof(BodyShapeTests), typeof(SuppressionTests), typeof(OpCodeTests), typeof(KernelRuleTests)];

    /// <summary>Rules whose place another kind of test holds.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["OPS0001"] = nameof(DiagnosticSpanTests.Broken_yaml_is_found_at_its_cause),
        ["OPS0012"] = "a defect of the front end has no example",
        ["OPS0504"] = nameof(VersionTests.Like_reports_at_its_own_place),
        ["OPS0506"] = nameof(PublishedOpsTests.Versions_are_those_published),
        ["OPS0616"] = nameof(BodyShapeTests.Dims_that_fit_in_the_other_order_are_told),
        ["OPS0801"] = nameof(Two_files_of_one_op_are_found_at_their_start),
        ["OPS0802"] = nameof(What_cannot_be_written_is_found_at_the_files_start),
        ["OPS1001"] = nameof(KernelRuleTests.A_missing_body_is_found_at_the_spec),
    };

    [TestMethod]
    [DataRow("OPS0003", "since: «&first» 1")]
    [DataRow("OPS0009", "«»# op: Scale")]
    [DataRow("OPS0013", "op: «Scael»", "specs/ai.onnx/Scale.op.yaml")]
    [DataRow("OPS0203", "  «Factor»: 2")]
    [DataRow("OPS0209", "  «speed»: int = 0")]
    [DataRow("OPS0216", "  - X: «T[...d, rows, columns]»")]
    [DataRow("OPS0216", "  - Y: «T[...d, columns, rows]»")]
    [DataRow("OPS0217", "  «limt»: 100")]
    [DataRow("OPS0218", "  - X: «T[C, N, H]»")]
    [DataRow("OPS0222", "«docs»:")]
    [DataRow("OPS0223", "  X: what «scale_facto» multiplies")]
    [DataRow("OPS0406", "  - Y: T[...d, n, «n»]")]
    [DataRow("OPS0305", "types: { T: «factor» }")]
    [DataRow("OPS0404", "  - X: T[«i»][...d]")]
    [DataRow("OPS0507", "«since»: 15")]
    [DataRow("OPS0703", "  - Y: «T[N, M]»")]
    public void The_wrong_example_is_wrong_there(string id, string line, string path = "Scale.op.yaml")
    {
        string text =
            File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "rules", id + ".md")).Split("```yaml\n")[1].Split("```")[0];
        string plain = line.Replace("«", "").Replace("»", "");
        int at = text.IndexOf(plain, StringComparison.Ordinal);
        Assert.IsGreaterThanOrEqualTo(0, at, text);
        int start = at + line.IndexOf('«'), length = line.IndexOf('»') - line.IndexOf('«') - 1;
        BoundSpec bound = SpecFrontEnd.Bind(SpecFrontEnd.Parse(path, text), SpecFixture.Scope());
        SpecDiagnostic[] found = [.. bound.Diagnostics.Concat(bound.Suggestions).Where(d => d.Rule.Id == id)];
        Assert.IsTrue(found.Any(d => (d.Span.Start, d.Span.Length) == (start, length)), SpecFixture.Show(found));
    }

    [TestMethod]
    [DataRow("OPS0002", "mappings and lists nest", "a: ", "[", 40, 32)]
    [DataRow("OPS0102", "nests more than 100 levels", "let:\n  a: ", "(", 110, 50)]
    public void Too_much_is_found_where_it_becomes_too_much(string id, string message, string before, string deeper, int times, int depth)
    {
        string text = "op: Scale\nsince: 1\n" + before + string.Concat(Enumerable.Repeat(deeper, times)) + "1"
            + string.Concat(Enumerable.Repeat(deeper == "[" ? "]" : ")", times));
        SpecDiagnostic found = SpecFixture.Bind(text).Diagnostics.First(d => d.Rule.Id == id);
        Assert.Contains(message, found.Message);
        Assert.AreEqual(text.IndexOf(before, StringComparison.Ordinal) + before.Length + depth, found.Span.Start, SpecFixture.Show(found));
    }

    [TestMethod]
    [DataRow("OPS0204", "did you mean 'rows'?", "  - X: T[...d, rows]\n  - S: T[«rosw»]\n  - Z: T[rows]\n")]
    [DataRow("OPS0301", "did you mean 'float16'?", "  - X: «flota16»[...d]\n")]
    public void A_misspelt_word_is_found(string id, string message, string inputs) =>
        SpecFixture.Finds(id, message,
            $"op: Scale\nsince: 1\nsummary: Scales.\ntypes: {{ T: float | double }}\ninputs:\n{inputs}outputs:\n  - Y: float[3]\nkernel: manual\n");

    [TestMethod]
    public void Two_files_of_one_op_are_found_at_their_start()
    {
        const string Spec =
            "op: Scale\nsince: 1\nsummary: Scales.\ninputs:\n  - X: float[...d]\noutputs:\n  - Y: float[...d]\nkernel: manual\n";
        Microsoft.CodeAnalysis.Diagnostic found = GeneratorHost.Run(SpecFile.Of("A", Spec), SpecFile.Of("B", Spec)).Diagnostics.Single();
        Assert.AreEqual(("OPS0801", 0, 0),
            (found.Id, found.Location.GetLineSpan().StartLinePosition.Line, found.Location.GetLineSpan().StartLinePosition.Character));
        StringAssert.EndsWith(found.Location.GetLineSpan().Path, "B.op.yaml");
    }

    [TestMethod]
    public void What_cannot_be_written_is_found_at_the_files_start()
    {
        string text =
            File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "rules", "OPS0802.md")).Split("```yaml\n")[1].Split("```")[0];
        Microsoft.CodeAnalysis.Diagnostic found = GeneratorHost.Run(SpecFile.Of("Blend", text)).Diagnostics.Single();
        Assert.AreEqual("OPS0802", found.Id);
        Assert.AreEqual(text.IndexOf("op: ", StringComparison.Ordinal), found.Location.SourceSpan.Start);
    }

    [TestMethod]
    public void Every_rule_has_a_test_of_its_place()
    {
        HashSet<string> tested = [.. Tests.SelectMany(t => t.GetMethods()).SelectMany(m => m.GetCustomAttributes<DataRowAttribute>())
            .Select(r => r.Data?.FirstOrDefault() as string).OfType<string>(), .. Elsewhere.Keys];
        Assert.AreEqual("", string.Join(", ", SpecRules.All.Concat(KernelRules.All).Select(r => r.Id).Where(id => !tested.Contains(id))));
    }
}
