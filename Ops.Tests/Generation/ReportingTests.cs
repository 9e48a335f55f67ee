using Microsoft.CodeAnalysis;
using Ops.Generators.Analyzers.Kernels;
using Ops.Specs.Diagnostics;

namespace Ops.Tests.Generation;

/// <summary>Which findings the generator reports and which the analyzer, and that no YAML takes other ops down.</summary>
[TestClass]
public sealed class ReportingTests
{
    private const string Good = "op: Good\nsince: 1\nsummary: A good op.\ntypes: { T: float_ir4 }\ninputs:\n  - X: T[...d]\noutputs:\n  - Y: T[...d]\nkernel: elementwise\n";

    private static readonly string[] Hostile =
    [
        "",
        "\0\0\0",
        "op: [a, b\nname: x",
        "op: {a: b\n",
        "op: 'unclosed\n",
        "\top: Tab\n",
        "op:\n\t- x\n",
        "&a op: &b Anchor\nsince: *b\n",
        "op: !tag X\n",
        "<<: *missing\n",
        "--- \n--- \n---\n",
        "- op: List\n",
        "just text",
        "op: A\nop: B\nsince: 1\n",
        "\uFEFFop: Bom\nsince: 1\n",
        "op: X\r\nsince: 1\r\nsummary: crlf\r\n",
        "op: \uD800\nsince: 1\n",
        string.Concat(Enumerable.Repeat("[", 100_000)),
        string.Concat(Enumerable.Repeat("a: {", 20_000)),
        "op: Big\nsince: 1\nsummary: " + new string('x', 10_000_000),
        "op: Deep\nsince: 1\nsummary: s\nconstraints:\n  deep-rule: " + new string('(', 50_000) + "1" + new string(')', 50_000) + "\n",
        "%YAML 9.9\n---\nop: X\n",
        "op: X\nsince: 99999999999999999999\n",
        "? complex\n: key\n",
    ];

    [TestMethod]
    public void No_yaml_makes_other_ops_vanish()
    {
        foreach (string text in Hostile)
        {
            GeneratorDriverRunResult result = GeneratorHost.Run(SpecFile.Of("Good", Good), SpecFile.Of("Hostile", text));
            string head = text.Length > 40 ? text[..40] : text;
            Assert.IsNull(result.Results[0].Exception, head);
            Assert.IsTrue(result.GeneratedTrees.Any(t => t.FilePath.EndsWith("Ops.Good.g.cs", StringComparison.Ordinal)), head);
            Assert.IsTrue(result.Diagnostics.All(d => d.Id.StartsWith("OPS", StringComparison.Ordinal)), head);
        }
    }

    [TestMethod]
    public void Names_that_clash_are_reported_and_the_first_one_stays()
    {
        GeneratorDriverRunResult result = GeneratorHost.Run(SpecFile.Of("Good", Good),
            SpecFile.Of("good2", Good.Replace("op: Good", "op: GOOD", StringComparison.Ordinal)));
        Assert.HasCount(1, result.Ops());
        Assert.AreEqual(1, result.Diagnostics.Count(d => d.Id == SpecRules.DuplicateOp.Id));
        StringAssert.Contains(result.Diagnostics[0].ToString(), "good2.op.yaml");
        StringAssert.Contains(result.Diagnostics[0].GetMessage(), "has a spec already, Good.op.yaml");
    }

    [TestMethod]
    public void A_finding_comes_from_the_generator_or_the_analyzer_but_never_from_both()
    {
        string blocking = Good.Replace("- X: T[...d]", "- X: T[...d", StringComparison.Ordinal);
        string harmless = Good + "constraints:\n  bad-rule: lenn(d) >= 1\n";
        foreach (string text in (string[])[blocking, harmless, Good])
        {
            string[] generator = [.. GeneratorHost.Run(SpecFile.Of("Good", text)).Diagnostics.Select(d => d.ToString())];
            string[] analyzer = [.. GeneratorHost.Analyze(SpecFile.Of("Good", text)).Select(d => d.ToString())];
            CollectionAssert.AreEqual(Array.Empty<string>(), generator.Intersect(analyzer).ToArray());
            Assert.AreEqual(text != Good, generator.Length + analyzer.Length > 0, text);
            Assert.AreEqual(text == blocking, generator.Length > 0, string.Join("\n", generator));
        }
    }

    [TestMethod]
    public void A_bad_rule_does_not_keep_the_op_from_being_declared()
    {
        GeneratorDriverRunResult result = GeneratorHost.Run(SpecFile.Of("Good", Good + "constraints:\n  bad-rule: lenn(d) >= 1\n"));
        Assert.HasCount(1, result.Ops());
    }

    [TestMethod]
    public void A_finding_stands_at_its_line_and_column()
    {
        Diagnostic finding = GeneratorHost.Analyze(SpecFile.Of("Good", Good + "constraints:\n  bad-rule: lenn(d) >= 1\n")).Single();
        FileLinePositionSpan place = finding.Location.GetLineSpan();
        Assert.AreEqual((10, 12, 10, 16),
            (place.StartLinePosition.Line, place.StartLinePosition.Character, place.EndLinePosition.Line, place.EndLinePosition.Character),
            finding.ToString());
        StringAssert.Contains(finding.GetMessage(), "len");
    }

    [TestMethod]
    public void A_body_calls_an_op_that_is_like_another()
    {
        const string Ports = "types: { T: float_ir4 }\ninputs:\n  - X: T[...d]\noutputs:\n  - Y: T[...d]\n";
        SpecFile[] specs =
        [
            SpecFile.Of("Base", $"op: Base\nsince: 1\nsummary: A primitive.\n{Ports}kernel: manual\n"),
            SpecFile.Of("Twin", "op: Twin\nsince: 1\nlike: Base\nsummary: The same by another name.\n"),
            SpecFile.Of("Caller", $"op: Caller\nsince: 1\nsummary: Calls the twin.\n{Ports}body: |\n  Y = Twin (X)\n"),
        ];
        GeneratorDriverRunResult result = GeneratorHost.Run(specs);
        Assert.IsEmpty(result.Diagnostics);
        StringAssert.Contains(result.Ops().Single(t => t.FilePath.EndsWith("Ops.Caller.g.cs", StringComparison.Ordinal)).ToString(),
            "\"Twin\"");
        Assert.AreEqual("", string.Join("\n", GeneratorHost.Analyze(specs).Where(d => d.Id != "OPS1001")));
    }

    [TestMethod]
    public void Members_lead_to_the_spec_by_name_and_where_wanted_by_line()
    {
        string spec = "# about it\n" + Good.Replace("kernel:", "attributes:\n  factor: float = 1\nkernel:", StringComparison.Ordinal);
        string plain = GeneratorHost.Run(SpecFile.Of("Good", spec)).Ops().Single().ToString();
        StringAssert.Contains(plain, "// specs/ai.onnx/Good.op.yaml, factor\n");
        Assert.IsFalse(plain.Contains("/repo/") || plain.Contains("#line"), "no path of a machine by default");

        GeneratorHost.Driver(SpecFile.Of("Good", spec)).WithUpdatedAnalyzerConfigOptions(new BuildOptions("OpSpecLines", "true"))
            .RunGeneratorsAndUpdateCompilation(GeneratorHost.Compile(), out Compilation updated, out _);
        string text = updated.SyntaxTrees.Single(t => t.FilePath.EndsWith("Ops.Good.g.cs", StringComparison.Ordinal)).ToString();
        foreach ((string at, string member) in new[] { (":11, factor", " factor {"), (":2, op:", "OpSchema Schema "),
            (":8, outputs:", "TensorType InferShapes("), (":6, inputs:", "void Validate<T>("), (":12, kernel:", " Run<T>("),
            (":12, kernel:", "void RunInto<T>(") })
            Assert.IsTrue(System.Text.RegularExpressions.Regex.IsMatch(text,
                $@"// specs/ai\.onnx/Good\.op\.yaml{at}\n( *(///|\[).*\n)* *public .*{System.Text.RegularExpressions.Regex.Escape(member)}"),
                $"{member} leads to {at} in\n{text}");
        Diagnostic missing = updated.GetDiagnostics().Single(d => d.Id == "CS8795");
        FileLinePositionSpan place = missing.Location.GetMappedLineSpan();
        Assert.AreEqual(("/repo/specs/ai.onnx/Good.op.yaml", 11), (place.Path, place.StartLinePosition.Line));
    }

    [TestMethod]
    public void Every_rule_is_tracked_and_has_its_page()
    {
        string releases = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "Generators", "AnalyzerReleases.Unshipped.md"));
        foreach (SpecRule rule in SpecRules.All.Concat(KernelRules.All))
        {
            StringAssert.Contains(releases,
                $"{rule.Id} | OpSpec | {(rule.Severity == SpecSeverity.Suggestion ? "Info" : rule.Severity)} |");
            string page = Path.Combine(RepositoryPaths.Root, "docs", "rules", $"{rule.Id}.md");
            Assert.IsTrue(File.Exists(page), page);
            StringAssert.Contains(File.ReadLines(page).First(), rule.Title);
        }
    }

    [TestMethod]
    public void Every_rule_has_an_analyzer_of_its_own()
    {
        string[] rules = [.. SpecRules.All.Concat(KernelRules.All).Except([SpecRules.DuplicateOp, SpecRules.EmitFailed]).Select(r => r.Id)];
        string[] analyzed = [.. GeneratorHost.Analyzers.Select(a => a.SupportedDiagnostics.Single().Id).Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(rules, analyzed, "a new rule needs its class in Generators/Analyzers/Specs");
    }

    [TestMethod]
    [DataRow("", DiagnosticSeverity.Warning)]
    [DataRow("dotnet_diagnostic.OPS0215.severity = error", DiagnosticSeverity.Error)]
    [DataRow("dotnet_diagnostic.OPS0215.severity = suggestion", DiagnosticSeverity.Info)]
    [DataRow("dotnet_diagnostic.OPS0215.severity = none", null)]
    public void A_globalconfig_sets_the_severity_of_a_rule(string setting, DiagnosticSeverity? severity)
    {
        string spec = Good.Replace("{ T: float_ir4 }", "{ T: float_ir4, U: int64 }", StringComparison.Ordinal);
        Diagnostic[] found =
            [.. GeneratorHost.Analyze($"is_global = true\n{setting}\n", SpecFile.Of("Good", spec)).Where(d => d.Id == "OPS0215")];
        CollectionAssert.AreEqual(severity is null ? Array.Empty<DiagnosticSeverity>() : [severity.Value],
            found.Select(d => d.Severity).ToArray());
    }

    [TestMethod]
    public void Specs_of_the_project_generate_without_findings()
    {
        GeneratorDriverRunResult result = GeneratorHost.Run(SpecFile.In(RepositoryPaths.Specs));
        Assert.AreEqual("", string.Join("\n", result.Diagnostics));
        Assert.AreEqual("", string.Join("\n", GeneratorHost.Analyze(SpecFile.In(RepositoryPaths.Specs))));
    }
}
