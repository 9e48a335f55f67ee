using Ops.Cli.Checking;
using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Published;
using Ops.Tests.Generation;

namespace Ops.Tests.Specs;

/// <summary>What is known of ONNX's ops without a file of schemas at hand. OPSPEC_UPDATE_PUBLISHED=1 writes it anew.</summary>
[TestClass]
public sealed class PublishedOpsTests
{
    private static readonly string Recorded = Path.Combine(RepositoryPaths.Root, "Ops.Specs", "Published", "onnx.tsv");

    [TestMethod]
    public void It_is_what_the_schemas_say()
    {
        RepositoryPaths.Require("OPSPEC_ONNX_SCHEMAS", "onnx-schemas.json");
        PublishedOps schemas = PublishedSchemas.Read(RepositoryPaths.Shared("OPSPEC_ONNX_SCHEMAS", "onnx-schemas.json"));
        string text = PublishedText.Print(schemas);
        if (Environment.GetEnvironmentVariable("OPSPEC_UPDATE_PUBLISHED") == "1")
            File.WriteAllText(Recorded, text);
        Assert.IsTrue(text == File.ReadAllText(Recorded),
            "Ops.Specs/Published/onnx.tsv is not of these schemas; OPSPEC_UPDATE_PUBLISHED=1 writes it");
        CollectionAssert.AreEqual(schemas.All.ToArray(), PublishedText.Read(text).All.ToArray());
    }

    [TestMethod]
    public void Every_spec_is_held_against_it()
    {
        PublishedOp gemm = PublishedOps.Onnx.Find("Gemm", "ai.onnx", 13)!;
        CollectionAssert.AreEqual(new[] { "A", "B", "C" }, gemm.Inputs.Select(i => i.Name).ToArray());
        Assert.AreEqual((true, false, true), (gemm.Inputs[2].Optional, gemm.Inputs[2].Variadic, gemm.Inputs[2].TensorsOnly));
        Assert.AreEqual(new PublishedAttribute("transA", "INT", false, "0"), gemm.Attributes.Single(a => a.Name == "transA"));
        SpecFile[] specs = [.. SpecFile.In(RepositoryPaths.Specs)];
        Assert.IsEmpty(GeneratorHost.Analyze(specs).Where(d => d.Id == "OPS0506"));
    }

    [TestMethod]
    [DataRow("since: «7»", "Neg has no version 7; there are 1, 6, 13", DisplayName = "a version that is not there")]
    [DataRow("since: «6»", "Neg has a version 13 after this one", DisplayName = "the newest one is missing")]
    [DataRow("since: 6\n---\nsince: «30»\nsummary: Another.", "", DisplayName = "a proposal")]
    public void Versions_are_those_published(string since, string message)
    {
        const string Spec = "op: Neg\nsummary: Negates.\ntypes: { T: float | double | int32 | int8 | int16 | int64 | float16 }\ninputs:\n  - X: T[...d]\noutputs:\n  - Y: T[...d]\nkernel: elementwise\n";
        string[] parts = since.Replace("«", "").Replace("»", "").Split("\n---\n");
        string text = Spec.Replace("summary: Negates.", parts[0] + "\nsummary: Negates.") + (parts.Length > 1 ? "---\n" + parts[1] : "");
        SpecDiagnostic[] found = [.. SpecFrontEnd.Bind(SpecFrontEnd.Parse("Neg.op.yaml", text),
            new SpecScope([], PublishedOps.Onnx)).Diagnostics.Where(d => d.Rule == SpecRules.Published)];
        if (message.Length == 0)
        {
            Assert.IsEmpty(found.Where(d => d.Span.StartLine > 2));
            return;
        }
        SpecDiagnostic one = found.First(d => d.Message.Contains(message, StringComparison.Ordinal));
        Assert.AreEqual(since[(since.IndexOf('«') + 1)..since.IndexOf('»')], text.Substring(one.Span.Start, one.Span.Length));
    }
}
