using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Benchmarks.Running;
using Ops.Generators;
using Ops.Specs;

namespace Ops.Benchmarks.Editor;

/// <summary>One measured step of an editor's work.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Seconds">The median.</param>
/// <param name="Regenerated">How many generated files were new.</param>
/// <param name="Note">What else is worth knowing.</param>
public sealed record EditorRow(string Name, double Seconds, int Regenerated, string Note);

/// <summary>
/// How long an editor waits after a key stroke in a spec, among 500: for the findings of the file, by all analyzers as the editor runs
/// them, and for the generated code. And how long a compiler takes for all of them. Everything is compiled by then.
/// </summary>
public static class EditorBenchmark
{
    /// <summary>How many specs there are.</summary>
    public const int Count = 500;

    /// <summary>So many times the edits of a kind are made before they are measured: what they run is compiled for good by then.</summary>
    private const int WarmUp = 4;

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview);

    /// <summary>Measures the edits, and the generator over all specs in this process.</summary>
    /// <param name="specs">The specs to start from.</param>
    /// <param name="rounds">How many edits of a kind.</param>
    /// <param name="progress">Is told what is going on.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OpException">There are no specs.</exception>
    public static IReadOnlyList<EditorRow> Run(IReadOnlyList<(string Path, string Text)> specs, int rounds, Action<string> progress,
        CancellationToken cancellation = default)
    {
        SpecText[] corpus = SpecCorpus.Make(specs, Count);
        CSharpCompilation compilation = Compile();
        progress("warming up");
        GeneratorDriver driver = Cold(corpus, compilation, cancellation);
        var session = new Session(corpus, compilation, driver);
        session.Edit(Rule, rounds * WarmUp, cancellation);
        session.Edit(Signature, rounds, cancellation);
        session.Edit(Comment, rounds, cancellation);
        progress("editing rules");
        EditorRow rule = session.Edit(Rule, rounds, cancellation);
        progress("editing inputs");
        EditorRow signature = session.Edit(Signature, rounds, cancellation);
        progress("editing comments");
        EditorRow comment = session.Edit(Comment, rounds, cancellation);
        progress("running the generator over all");
        return [rule with { Name = "a rule edited" }, signature with { Name = "an input renamed" },
            comment with { Name = "a comment edited" }, All(corpus, compilation, rounds, cancellation)];
    }

    /// <summary>Measures the generator over all specs, as a compiler runs it that has seen none of them, but is warm.</summary>
    /// <param name="specs">The specs to start from.</param>
    /// <param name="rounds">How many runs.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OpException">There are no specs.</exception>
    public static EditorRow All(IReadOnlyList<(string Path, string Text)> specs, int rounds, CancellationToken cancellation = default) =>
        All(SpecCorpus.Make(specs, Count), Compile(), rounds, cancellation);

    private static EditorRow All(SpecText[] corpus, CSharpCompilation compilation, int rounds, CancellationToken cancellation)
    {
        List<double> cold = [];
        for (int i = -rounds; i < rounds; i++)
        {
            // New texts and a new driver: nothing of what was done before helps.
            SpecText[] fresh = [.. corpus.Select(s => s.With(s.Text))];
            GC.Collect();
            long start = Stopwatch.GetTimestamp();
            Cold(fresh, compilation, cancellation);
            if (i >= 0)
                cold.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        double median = Statistics.Median(cold);
        return new EditorRow($"all {Count} specs, cold", median, Count, $"{Count / median:F0} specs/s");
    }

    private static CSharpCompilation Compile() => CSharpCompilation.Create("Measured", [CSharpSyntaxTree.ParseText("class C;", Parsing)],
        [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    /// <summary>Adds a rule to the first version, or changes the one added before.</summary>
    private static string Rule(string text, int round)
    {
        string rule = $"  measured-rule: {round + 2} > 1 and {round} >= 0\n";
        int section = text.IndexOf("\nconstraints:\n", StringComparison.Ordinal), end = text.IndexOf("\n---", StringComparison.Ordinal);
        if (section >= 0 && (end < 0 || section < end))
            return text.Insert(section + "\nconstraints:\n".Length, rule);
        return text.Insert(end < 0 ? text.Length : end + 1, "constraints:\n" + rule);
    }

    private static string Signature(string text, int round) =>
        text.Insert(text.IndexOf("\ninputs:\n", StringComparison.Ordinal) is >= 0 and int at ? at + "\ninputs:\n".Length : 0,
            $"  - measured{round}: float[...]\n");

    private static string Comment(string text, int round) => $"# the {round}th remark\n\n" + text;

    private static GeneratorDriver Cold(SpecText[] specs, Compilation compilation, CancellationToken cancellation) =>
        CSharpGeneratorDriver.Create([new OpsGenerator().AsSourceGenerator()], specs, Parsing).RunGenerators(compilation, cancellation);

    private static IEnumerable<object> Texts(GeneratorDriver driver) =>
        driver.GetRunResult().Results[0].GeneratedSources.Select(s => (object)s.SourceText);

    /// <summary>An editor with all the specs open.</summary>
    private sealed class Session(SpecText[] corpus, CSharpCompilation compilation, GeneratorDriver driver)
    {
        private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
            [.. typeof(OpsGenerator).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(DiagnosticAnalyzer)))
                .Select(t => (DiagnosticAnalyzer)Activator.CreateInstance(t)!)];

        private readonly SpecText[] files = [.. corpus];

        /// <summary>Edits one spec after another, and measures until its findings and the generated code are there.</summary>
        public EditorRow Edit(Func<string, int, string> change, int rounds, CancellationToken cancellation)
        {
            List<double> both = [], findings = [], code = [];
            int regenerated = 0;
            for (int round = 0; round < rounds; round++)
            {
                int at = (int)((long)round * 7919 % files.Length);
                SpecText before = files[at], after = before.With(change(corpus[at].Text, round));
                HashSet<object> known = [.. Texts(driver)];
                GC.Collect(0);
                long start = Stopwatch.GetTimestamp();
                driver = driver.ReplaceAdditionalText(before, after).RunGenerators(compilation, cancellation);
                double written = Stopwatch.GetElapsedTime(start).TotalSeconds;
                files[at] = after;
                var analysis = new CompilationWithAnalyzers(compilation, Analyzers, new AnalyzerOptions([.. files]));
                analysis.GetAnalysisResultAsync(after, cancellation).GetAwaiter().GetResult();
                double all = Stopwatch.GetElapsedTime(start).TotalSeconds;
                both.Add(all);
                code.Add(written);
                findings.Add(all - written);
                regenerated += Texts(driver).Count(t => !known.Contains(t));
                // The next edit of a kind starts from the same text.
                files[at] = before;
                driver = driver.ReplaceAdditionalText(after, before).RunGenerators(compilation, cancellation);
            }
            return new EditorRow("", Statistics.Median(both), regenerated,
                FormattableString.Invariant($"code after {Statistics.Median(code) * 1e3:F1} ms, findings {Statistics.Median(findings) * 1e3:F1} ms later; {rounds} edits"));
        }
    }
}
