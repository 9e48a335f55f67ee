using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Generators;

namespace Ops.Tests.Generation;

/// <summary>A project may name the ops of another project's specs; nothing is made or said of those.</summary>
[TestClass]
public sealed class ReferencedSpecTests
{
    private const string Base = "op: Base\nsince: 1\nsummary: A primitive.\ntypes: { T: float_ir4 }\ninputs:\n  - X: T[...d]\noutputs:\n  - Y: T[...d]\nkernel: manual\n";

    private const string Own = "op: Own\ndomain: com.example\nsince: 1\nopset: 1\nsummary: Twice the base.\ntypes: { T: float_ir4 }\ninputs:\n  - X: T[...d]\noutputs:\n  - Y: T[...d]\nbody: |\n  Y = Base (Base (X))\n";

    private static readonly SpecFile BaseFile = SpecFile.Of("Base", Base), OwnFile = new("/repo/my/Own.op.yaml", Own);

    private static GeneratorDriverRunResult Run(params SpecFile[] referenced) => CSharpGeneratorDriver
        .Create([new OpsGenerator().AsSourceGenerator()], [BaseFile, OwnFile], new CSharpParseOptions(LanguageVersion.Preview),
            new BuildOptions(referenced))
        .RunGenerators(GeneratorHost.Compile("class C;")).GetRunResult();

    private static string[] Names(GeneratorDriverRunResult result) =>
        [.. result.GeneratedTrees.Select(t => Path.GetFileName(t.FilePath)).Order(StringComparer.Ordinal)];

    [TestMethod]
    public void Bodies_know_them_and_they_are_not_generated()
    {
        GeneratorDriverRunResult result = Run(BaseFile);
        Assert.IsEmpty(result.Diagnostics);
        CollectionAssert.AreEqual(new[] { "OpRegistry.g.cs", "Ops.Com.Example.Own.g.cs" }, Names(result));
        string registration =
            result.GeneratedTrees.Single(t => t.FilePath.EndsWith("OpRegistry.g.cs", StringComparison.Ordinal)).ToString();
        StringAssert.Contains(registration, "ModuleInitializer");
        StringAssert.Contains(registration, "global::Ops.Com.Example.Own.Definition1,");
        Assert.DoesNotContain("Base", registration);
    }

    [TestMethod]
    public void Otherwise_they_are_generated() =>
        CollectionAssert.AreEqual(new[] { "OpRegistry.g.cs", "Ops.Base.g.cs", "Ops.Com.Example.Own.g.cs" }, Names(Run()));

    [TestMethod]
    public void A_project_of_referenced_specs_alone_registers_nothing() => Assert.IsEmpty(Names(Run(BaseFile, OwnFile)));

    [TestMethod]
    public void Analyzers_say_nothing_of_them()
    {
        SpecFile wrong = SpecFile.Of("Base", Base.Replace("summary:", "sumary:", StringComparison.Ordinal));
        Assert.IsNotEmpty(Findings(wrong, new BuildOptions(Array.Empty<SpecFile>())));
        Assert.IsEmpty(Findings(wrong, new BuildOptions(wrong)));
    }

    private static Diagnostic[] Findings(SpecFile file, AnalyzerConfigOptionsProvider options) =>
        [.. GeneratorHost.Compile("class C;").WithAnalyzers(GeneratorHost.Analyzers, new AnalyzerOptions([file], options))
            .GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult()];
}
