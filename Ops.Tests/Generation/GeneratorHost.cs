using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Ops.Generators;

namespace Ops.Tests.Generation;

/// <summary>Runs the generator and the analyzer over specs in memory, as the compiler does.</summary>
internal static class GeneratorHost
{
    private const string GlobalUsings =
        "global using System; global using System.Linq; global using System.Collections.Generic; global using Ops; global using Ops.Simd;";

    private static readonly Lazy<ImmutableArray<MetadataReference>> References = new(() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => p.Length > 0).Select(p => (MetadataReference)MetadataReference.CreateFromFile(p)),
    ]);

    /// <summary>A compilation of the given C# that refers to everything the tests do.</summary>
    public static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "Generated",
        sources.Select(s => CSharpSyntaxTree.ParseText(s, new CSharpParseOptions(LanguageVersion.Preview))),
        References.Value,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>A driver that keeps track of its steps.</summary>
    public static GeneratorDriver Driver(params IEnumerable<AdditionalText> specs) => CSharpGeneratorDriver.Create(
        [new OpsGenerator().AsSourceGenerator()], specs, new CSharpParseOptions(LanguageVersion.Preview),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs the generator once.</summary>
    public static GeneratorDriverRunResult Run(params IEnumerable<AdditionalText> specs) =>
        Driver(specs).RunGenerators(Compile()).GetRunResult();

    /// <summary>The files of ops, without the one that registers them.</summary>
    public static IReadOnlyList<SyntaxTree> Ops(this GeneratorDriverRunResult result) =>
        [.. result.GeneratedTrees.Where(t => !t.FilePath.EndsWith("OpRegistry.g.cs", StringComparison.Ordinal))];

    /// <summary>Every analyzer there is.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
        [.. typeof(OpsGenerator).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(t => (DiagnosticAnalyzer)Activator.CreateInstance(t)!)];

    /// <summary>What the analyzers say of specs; suggestions are left out.</summary>
    public static ImmutableArray<Diagnostic> Analyze(params IEnumerable<AdditionalText> specs) =>
        [.. Compile("class C;").WithAnalyzers(Analyzers, new AnalyzerOptions([.. specs])).GetAnalyzerDiagnosticsAsync().GetAwaiter()
            .GetResult().Where(d => d.Severity >= DiagnosticSeverity.Warning)];

    /// <summary>What the analyzers say of specs under a <c>.globalconfig</c>.</summary>
    public static ImmutableArray<Diagnostic> Analyze(string globalConfig, params IEnumerable<AdditionalText> specs)
    {
        AnalyzerConfigSet set =
            AnalyzerConfigSet.Create(ImmutableArray.Create(AnalyzerConfig.Parse(globalConfig, "/repo/.globalconfig")), out _);
        CSharpCompilation compilation = Compile("class C;");
        compilation =
            compilation.WithOptions(compilation.Options.WithSyntaxTreeOptionsProvider(new GlobalOptions(set.GlobalConfigOptions)));
        return compilation.WithAnalyzers(Analyzers, new AnalyzerOptions([.. specs])).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
    }

    /// <summary>A project of one's own: hand-written C# together with what the generator makes of its specs, which may name those of
    /// another project. Loaded, it registers nothing.</summary>
    public static Compilation OwnProject(AdditionalText own, IEnumerable<AdditionalText> referenced, out Diagnostic[] findings,
        params string[] sources)
    {
        AdditionalText[] others = [.. referenced];
        var options = new BuildOptions(new() { ["build_property.RegisterOps"] = "false" }, others);
        Driver([own, .. others]).WithUpdatedAnalyzerConfigOptions(options)
            .RunGeneratorsAndUpdateCompilation(Compile([.. sources.Prepend(GlobalUsings)]), out Compilation updated, out _);
        findings = [.. updated.WithAnalyzers(Analyzers, new AnalyzerOptions([own, .. others], options)).GetAllDiagnosticsAsync()
            .GetAwaiter().GetResult()];
        return updated;
    }

    /// <summary>The errors of C# and what all analyzers say of specs together with hand-written kernels.</summary>
    public static Diagnostic[] AnalyzeKernels(IEnumerable<AdditionalText> specs, params string[] sources)
    {
        AdditionalText[] files = [.. specs];
        Driver(files).RunGeneratorsAndUpdateCompilation(Compile([.. sources.Prepend(GlobalUsings)]), out Compilation updated, out _);
        return [.. updated.WithAnalyzers(Analyzers, new AnalyzerOptions([.. files])).GetAllDiagnosticsAsync().GetAwaiter().GetResult()
            .Where(d => d.Severity >= DiagnosticSeverity.Warning)];
    }

    /// <summary>The errors and warnings of C# together with what the generator makes of specs.</summary>
    public static ImmutableArray<Diagnostic> CompileGenerated(IEnumerable<AdditionalText> specs, params string[] sources)
    {
        Driver(specs).RunGeneratorsAndUpdateCompilation(Compile(sources), out Compilation updated, out ImmutableArray<Diagnostic> findings);
        return [.. findings, .. updated.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning)];
    }
}

/// <summary>What a build says: of itself, and of its additional files.</summary>
internal sealed class BuildOptions(Dictionary<string, string> properties,
    params IEnumerable<AdditionalText> referenced) : AnalyzerConfigOptionsProvider
{
    private readonly HashSet<AdditionalText> referenced = [.. referenced];

    /// <summary>A build of whose files some are specs of another project.</summary>
    public BuildOptions(params IEnumerable<AdditionalText> referenced) : this([], referenced) { }

    /// <summary>A build with one property.</summary>
    public BuildOptions(string property, string value) : this(new() { ["build_property." + property] = value }, []) { }

    public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(properties);

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) =>
        referenced.Contains(textFile) ? new Values(new() { ["build_metadata.AdditionalFiles.OpSpecs"] = "Referenced" }) : GlobalOptions;

    private sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}

/// <summary>A spec in memory.</summary>
internal sealed class SpecFile(string path, string text) : AdditionalText
{
    /// <inheritdoc/>
    public override string Path { get; } = path;

    /// <inheritdoc/>
    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);

    /// <summary>A file under <c>specs/</c> named after an op.</summary>
    public static SpecFile Of(string op, string text) => new($"/repo/specs/ai.onnx/{op}.op.yaml", text);

    /// <summary>Every spec of a folder.</summary>
    public static IEnumerable<SpecFile> In(string folder) =>
        Directory.EnumerateFiles(folder, "*.op.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => new SpecFile(f, File.ReadAllText(f)));
}

/// <summary>Severities of a <c>.globalconfig</c>.</summary>
internal sealed class GlobalOptions(AnalyzerConfigOptionsResult options) : SyntaxTreeOptionsProvider
{
    /// <inheritdoc/>
    public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

    /// <inheritdoc/>
    public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken,
        out ReportDiagnostic severity)
    {
        severity = ReportDiagnostic.Default;
        return false;
    }

    /// <inheritdoc/>
    public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken,
        out ReportDiagnostic severity) =>
        options.TreeOptions.TryGetValue(diagnosticId, out severity);
}
