using Ops.Generators.Analyzers.Kernels;
using Ops.Specs.Binding;
using Ops.Specs.Checks;
using Ops.Specs.Code;
using Ops.Specs.Diagnostics;
using Ops.Specs.Published;
using Ops.Tests.Generation;

namespace Ops.Tests.Specs;

/// <summary>Each rule has a help page, and the page's examples behave as it says.</summary>
[TestClass]
public sealed class RulePageTests
{
    public static IEnumerable<object[]> Ids => SpecRules.All.Select(r => new object[] { r.Id });

    [TestMethod]
    [DynamicData(nameof(Ids))]
    public void Page_has_the_rules_title_and_true_examples(string id)
    {
        SpecRule rule = SpecRules.All.Single(r => r.Id == id);
        string[] lines = File.ReadAllLines(Path.Combine(Folder, id + ".md"));
        Assert.AreEqual($"# {rule.Id}: {rule.Title}", lines[0]);
        Assert.AreEqual($"Severity: {rule.Severity.ToString().ToLowerInvariant()}", lines[2]);
        string[] examples = [.. string.Join('\n', lines).Split("```yaml\n").Skip(1)
            .Select(e => e[..e.IndexOf("```", StringComparison.Ordinal)])];
        if (rule == SpecRules.Internal)
        {
            Assert.IsEmpty(examples);
            return;
        }
        Assert.HasCount(2, examples);
        if (rule == SpecRules.DuplicateOp || rule == SpecRules.EmitFailed)
        {
            // Only the generator sees these: two files with the wrong example, or one.
            IEnumerable<SpecFile> Files(string text) =>
                rule == SpecRules.DuplicateOp && text == examples[0]
                    ? [SpecFile.Of("A", text), SpecFile.Of("B", text)] : [SpecFile.Of("A", text)];
            CollectionAssert.AreEqual(new[] { rule.Id }, GeneratorHost.Run(Files(examples[0])).Diagnostics.Select(d => d.Id).ToArray());
            Assert.IsEmpty(GeneratorHost.Run(Files(examples[1])).Diagnostics);
            return;
        }
        if (rule == SpecRules.FileName)
        {
            Assert.AreEqual(rule,
                SpecFrontEnd.Bind(SpecFrontEnd.Parse("specs/ai.onnx/Scale.op.yaml", examples[0]), SpecFixture.Scope()).Diagnostics
                    .Single().Rule);
            Assert.IsEmpty(SpecFrontEnd.Bind(SpecFrontEnd.Parse("specs/ai.onnx/Scale.op.yaml", examples[1]),
                SpecFixture.Scope()).Diagnostics);
            return;
        }
        if (rule == SpecRules.Published)
        {
            PublishedPort Port(string name) => new(name, false, false, ["float", "double"], true);
            var scope = new SpecScope([],
                new PublishedOps([new PublishedOp("ai.onnx", "Scale", 1, [Port("X")], [Port("Y")],
                    [new PublishedAttribute("factor", "FLOAT", false, "1")], false)]));
            Assert.AreEqual(rule, SpecFrontEnd.Bind(SpecFrontEnd.Parse("Scale.op.yaml", examples[0]), scope).Diagnostics.Single().Rule);
            Assert.IsEmpty(SpecFrontEnd.Bind(SpecFrontEnd.Parse("Scale.op.yaml", examples[1]), scope).Diagnostics);
            return;
        }
        if (OpCodeCheck.Rules.Contains(rule))
        {
            var finder = new OpCodeFinder();
            finder.Add(string.Join('\n', lines).Split("```csharp\n")[1].Split("```")[0]);
            SpecDiagnostic[][] found = [.. examples.Select(text => SpecFrontEnd.Parse("Example.op.yaml", text))
                .Select(s => OpCodeCheck.Run(s, SpecFrontEnd.Bind(s, SpecFixture.Scope()), finder.Of(s.Domain, s.OpName!)!).ToArray())];
            Assert.IsTrue(found[0].Length > 0 && found[0].All(d => d.Rule == rule), SpecFixture.Show(found[0]));
            Assert.IsEmpty(found[1], SpecFixture.Show(found[1]));
            return;
        }
        BoundSpec wrong = SpecFixture.Bind(examples[0]), right = SpecFixture.Bind(examples[1]);
        if (rule.Severity == SpecSeverity.Suggestion)
        {
            Assert.IsNotEmpty(wrong.Suggestions);
            // A missing sentence is told where it would stand, too.
            Assert.IsTrue(wrong.Suggestions.All(d => d.Rule == rule
                || d.Rule == SpecRules.MissingSentence && (rule == SpecRules.MissingDoc || rule == SpecRules.UnexplainedRule)),
                SpecFixture.Show(wrong.Suggestions));
            // What is declared wrongly is an error where it is read.
            Assert.IsEmpty(right.Suggestions.Concat(right.Diagnostics).Concat(rule == SpecRules.UndeclaredName
                || rule == SpecRules.TakenOver || rule == SpecRules.DimSwap ? [] : wrong.Diagnostics));
            return;
        }
        Assert.IsTrue(wrong.Diagnostics.Any(d => d.Rule == rule), $"the wrong spec: {SpecFixture.Show(wrong.Diagnostics)}");
        Assert.IsTrue(wrong.Diagnostics.All(d => d.Rule == rule), $"the wrong spec has one mistake: {SpecFixture.Show(wrong.Diagnostics)}");
        Assert.IsEmpty(right.Diagnostics.ToArray(), $"the right spec: {SpecFixture.Show(right.Diagnostics)}");
    }

    [TestMethod]
    public void There_are_no_other_pages()
    {
        string[] pages = [.. Directory.GetFiles(Folder, "*.md").Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(SpecRules.All.Concat(KernelRules.All).Select(r => r.Id).ToArray(), pages);
    }

    private static string Folder =>
        Path.Combine(SpecFixture.Root ?? throw new AssertInconclusiveException("the repository is not at hand"), "docs", "rules");
}
