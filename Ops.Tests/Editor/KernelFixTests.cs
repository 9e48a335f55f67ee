using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Ops.Generators;
using Ops.Generators.CodeFixes;
using Ops.Tests.Generation;

namespace Ops.Tests.Editor;

/// <summary>The fixes of hand-written kernels, applied as an editor does.</summary>
[TestClass]
public sealed class KernelFixTests
{
    private const string Spec = "op: Scale\nsince: 1\nsummary: Multiplies.\ntypes: { T: float | double }\ninputs:\n  - X: T[...d]\n  - S: T[...e]\noutputs:\n  - Y: T[...d]\nkernel: PATTERN\n";

    [TestMethod]
    [DataRow("elementwise")]
    [DataRow("rows(d)")]
    [DataRow("manual")]
    public void A_missing_kernel_gets_its_file(string pattern)
    {
        string spec = Spec.Replace("PATTERN", pattern, StringComparison.Ordinal);
        (Project project, Document[] made) = Fix(new KernelStubCodeFix(), spec, null, "OPS1001");
        Document stub = made.Single();
        CollectionAssert.AreEqual(new[] { "Kernels" }, stub.Folders.ToArray());
        Diagnostic[] left = GeneratorHost.AnalyzeKernels([SpecFile.Of("Scale", spec)], stub.GetTextAsync().Result.ToString());
        Assert.IsFalse(left.Any(d => d.Severity == DiagnosticSeverity.Error), string.Join("\n", left.AsEnumerable()));
    }

    [TestMethod]
    public void A_wrong_signature_becomes_the_right_one()
    {
        const string source = "namespace Ops;\npublic static partial class Scale\n{\n    static partial class Body<V, T>\n    {\n        public static partial V Apply(in Args args, V X) => X;\n    }\n}\n";
        (_, Document[] made) =
            Fix(new BodySignatureCodeFix(), Spec.Replace("PATTERN", "elementwise", StringComparison.Ordinal), source, "OPS1002");
        StringAssert.Contains(made.Single().GetTextAsync().Result.ToString(),
            "public static partial V Apply(in Args args, V X, V S) => X;");
    }

    /// <summary>The documents that a fix adds or changes.</summary>
    private static (Project Before, Document[] Made) Fix(CodeFixProvider provider, string spec, string? source, string rule)
    {
        using var workspace = new AdhocWorkspace();
        Project project =
            workspace.AddProject(ProjectInfo.Create(ProjectId.CreateNewId(), VersionStamp.Create(), "Ops", "Ops", LanguageNames.CSharp,
            parseOptions: new CSharpParseOptions(LanguageVersion.Preview), compilationOptions: GeneratorHost.Compile().Options,
            metadataReferences: GeneratorHost.Compile().References,
            analyzerReferences: [new AnalyzerImageReference(GeneratorHost.Analyzers, display: "analyzers"), new GeneratorReference()]));
        project = project.AddDocument("Usings.cs", "global using System; global using Ops; global using Ops.Simd;").Project;
        if (source is not null)
            project = project.AddDocument("Scale.cs", source).Project;
        TextDocument document = project.AddAdditionalDocument("Scale.op.yaml", SourceText.From(spec),
            filePath: "/repo/specs/ai.onnx/Scale.op.yaml");
        project = document.Project;
        Compilation compilation = project.GetCompilationAsync().Result!;
        Diagnostic finding = compilation.WithAnalyzers(GeneratorHost.Analyzers, project.AnalyzerOptions).GetAllDiagnosticsAsync().Result
            .First(d => d.Id == rule);
        List<CodeAction> actions = [];
        CodeFixContext context = finding.Location.SourceTree is { } tree
            ? new CodeFixContext(project.GetDocument(tree)!, finding, (action, _) => actions.Add(action), default)
            : new CodeFixContext(document, finding, (action, _) => actions.Add(action), default);
        provider.RegisterCodeFixesAsync(context).Wait();
        Solution changed = actions.Single().GetOperationsAsync(default).Result.OfType<ApplyChangesOperation>().Single().ChangedSolution;
        ProjectChanges changes = changed.GetChanges(project.Solution).GetProjectChanges().Single();
        return (project, [.. changes.GetAddedDocuments().Concat(changes.GetChangedDocuments()).Select(id => changed.GetDocument(id)!)]);
    }

    private sealed class GeneratorReference : AnalyzerReference
    {
        private readonly ISourceGenerator generator = new OpsGenerator().AsSourceGenerator();

        public override string? FullPath => null;

        public override object Id => this;

        public override System.Collections.Immutable.ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => [];

        public override System.Collections.Immutable.ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => [];

        public override System.Collections.Immutable.ImmutableArray<ISourceGenerator> GetGenerators(string language) => [generator];
    }
}
