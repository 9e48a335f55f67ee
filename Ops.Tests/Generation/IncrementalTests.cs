using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Ops.Generators;

namespace Ops.Tests.Generation;

/// <summary>What an edit makes the generator do again, over 500 specs.</summary>
[TestClass]
public sealed class IncrementalTests
{
    private const int Count = 500;
    private const int Edited = 250;

    /// <summary>Op i calls op i - 1 in its body, so that exactly one spec depends on each signature.</summary>
    private static string Spec(int i, string comment = "", string rule = "len(d) >= 0", string input = "X", string body = "")
    {
        string call = i == 0 ? "" : $"body: |\n  Inner = Op{i - 1} (X)\n  Y = Op{i - 1} (Inner){body}\n";
        string text = $"{comment}op: Op{i}\nsince: 1\nsummary: Synthetic op {i}.\ntypes: {{ T: float_ir4 }}\ninputs:\n  - {input}: T[...d]\noutputs:\n  - Y: T[...d]\nconstraints:\n  some-rule: {rule}\n{call}kernel: elementwise\n";
        return input == "X" ? text : text.Replace("(X)", $"({input})", StringComparison.Ordinal);
    }

    private static SpecFile File(int i, string text) => SpecFile.Of($"Op{i}", text);

    private static (GeneratorDriver Driver, SpecFile[] Files, CSharpCompilation Compilation) Start()
    {
        SpecFile[] files = [.. Enumerable.Range(0, Count).Select(i => File(i, Spec(i)))];
        CSharpCompilation compilation = GeneratorHost.Compile("class C;");
        GeneratorDriver driver = GeneratorHost.Driver(files).RunGenerators(compilation);
        GeneratorDriverRunResult first = driver.GetRunResult();
        Assert.AreEqual(0, first.Diagnostics.Length, string.Join("\n", first.Diagnostics.Take(3)));
        Assert.HasCount(Count, first.Ops());
        return (driver, files, compilation);
    }

    /// <summary>How many results of a step are new or changed.</summary>
    private static int Changed(GeneratorDriver driver, string step) => driver.GetRunResult().Results[0].TrackedSteps[step]
        .SelectMany(s => s.Outputs).Count(o => o.Reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified);

    /// <summary>How many times a step ran at all.</summary>
    private static int Ran(GeneratorDriver driver, string step) => driver.GetRunResult().Results[0].TrackedSteps[step]
        .SelectMany(s => s.Outputs).Count(o => o.Reason is not IncrementalStepRunReason.Cached);

    private static GeneratorDriver Edit(string text)
    {
        var (driver, files, compilation) = Start();
        return driver.ReplaceAdditionalText(files[Edited], File(Edited, text)).RunGenerators(compilation);
    }

    [TestMethod]
    public void A_comment_regenerates_nothing()
    {
        GeneratorDriver driver = Edit(Spec(Edited, comment: "# about this op\n\n"));
        Assert.AreEqual(1, Ran(driver, TrackingNames.Bind), "the edited file is bound again");
        Assert.AreEqual(0, Changed(driver, TrackingNames.Family));
        Assert.AreEqual(0, Ran(driver, TrackingNames.Emit));
        Assert.AreEqual(0, Ran(driver, TrackingNames.Registry));
    }

    [TestMethod]
    public void Unrelated_csharp_regenerates_nothing()
    {
        var (driver, _, compilation) = Start();
        driver = driver.RunGenerators(
            compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Unrelated;", new CSharpParseOptions(LanguageVersion.Preview))));
        Assert.AreEqual(0, Ran(driver, TrackingNames.Bind));
        Assert.AreEqual(0, Ran(driver, TrackingNames.Emit));
        Assert.AreEqual(0, Ran(driver, TrackingNames.Registry));
    }

    [TestMethod]
    public void A_rule_rebinds_and_reemits_its_op_alone()
    {
        GeneratorDriver driver = Edit(Spec(Edited, rule: "len(d) >= 1"));
        Assert.AreEqual(1, Ran(driver, TrackingNames.Bind));
        Assert.AreEqual(1, Changed(driver, TrackingNames.Family));
        Assert.AreEqual(1, Changed(driver, TrackingNames.Emit));
        Assert.AreEqual(0, Changed(driver, TrackingNames.Registry));
    }

    [TestMethod]
    public void A_body_rebinds_its_op_alone()
    {
        GeneratorDriver driver = Edit(Spec(Edited).Replace("Inner = Op249 (X)", "Inner = Op248 (X)", StringComparison.Ordinal));
        Assert.AreEqual(1, Ran(driver, TrackingNames.Bind));
        Assert.AreEqual(1, Changed(driver, TrackingNames.Family));
        Assert.IsTrue(Ran(driver, TrackingNames.Emit) <= 1);
    }

    [TestMethod]
    public void A_signature_rebinds_its_callers_and_no_others()
    {
        GeneratorDriver driver = Edit(Spec(Edited, input: "Renamed"));
        Assert.AreEqual(2, Ran(driver, TrackingNames.Bind), "the op and the one op that calls it");
        Assert.AreEqual(1, Changed(driver, TrackingNames.Emit), "the caller means the same as before");
    }

    [TestMethod]
    public void A_broken_spec_leaves_the_others_as_they_are()
    {
        GeneratorDriver driver = Edit("op: [unclosed\n");
        Assert.HasCount(Count - 1, driver.GetRunResult().Ops());
        Assert.AreEqual(1, Changed(driver, TrackingNames.Emit), "the one op that calls it in its body, which can no longer be built");
        Assert.AreEqual(1, driver.GetRunResult().Diagnostics.Length, "the mistake is reported once");
    }

    [TestMethod]
    public void The_same_specs_give_the_same_text()
    {
        string[] Texts() =>
            [.. GeneratorHost.Run(Enumerable.Range(0, 20).Select(i => File(i, Spec(i)))).GeneratedTrees.Select(t => t.ToString())];
        CollectionAssert.AreEqual(Texts(), Texts());
    }
}
