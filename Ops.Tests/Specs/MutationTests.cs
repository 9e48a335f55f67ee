using System.Diagnostics;
using System.Globalization;
using Ops.Cli.Checking;
using Ops.Specs.Binding;
using Ops.Specs.Checks;
using Ops.Specs.Code;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Published;
using Ops.Specs.Syntax;

namespace Ops.Tests.Specs;

/// <summary>
/// Mistakes seeded into every spec of the project, one at a time: whatever changes what the spec means is found on its line. Set
/// OPSPEC_MUTATIONS to their number for each spec (200 is the full measure).
/// </summary>
[TestClass]
public sealed class MutationTests
{
    private const int Sample = 25;
    private const double Wanted = 0.99;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void A_seeded_mistake_is_found_where_it_is_made()
    {
        int each = int.TryParse(Environment.GetEnvironmentVariable("OPSPEC_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture,
            out int given) ? given : Sample;
        SpecSyntax[] specs = [.. Directory.EnumerateFiles(RepositoryPaths.Specs, "*.op.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(f => SpecFrontEnd.Parse(f, File.ReadAllText(f)))];
        var counts = new SortedDictionary<string, (int Hit, int Here, int Harmful, int Harmless)>(StringComparer.Ordinal);
        List<string> missed = [];
        var watch = Stopwatch.StartNew();
        var scope = new SpecScope(specs, PublishedOps.Onnx);
        OpCodeFinder written = OpSources.Beside(RepositoryPaths.Specs);
        object gate = new();
        Parallel.For(0, specs.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, s =>
        {
            SpecSyntax spec = specs[s];
            BoundSpec whole = SpecFrontEnd.Bind(spec, scope);
            OpFamily sound = whole.Family!;
            OpCode? code = written.Of(spec.Domain, spec.OpName!);
            // What the sound spec has is no hit.
            HashSet<(string, string)> known = [.. Findings(spec, whole, code).Select(d => (d.Rule.Id, d.Message))];
            var own = new OwnScope(scope, spec);
            var random = new Random(spec.OpName!.Aggregate(17, (h, c) => h * 31 + c));
            var kinds =
                new SpecMutator(spec.Text).All().OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => (k.Key, k.Value)).ToArray();
            for (int i = 0; i < each; i++)
            {
                var (kind, places) = kinds[i % kinds.Length];
                if (places[random.Next(places.Count)](random) is not { } mutation)
                    continue;
                SpecSyntax changed = SpecFrontEnd.Parse(spec.Path, mutation.Text);
                BoundSpec bound = SpecFrontEnd.Bind(changed, own.With(changed));
                SpecDiagnostic[] findings = [.. Findings(changed, bound, code).Where(d => !known.Contains((d.Rule.Id, d.Message)))];
                Assert.IsFalse(findings.Any(d => d.Rule == SpecRules.Internal),
                    $"{spec.OpName}, {mutation.What}: {SpecFixture.Show(findings)}");
                bool here = findings.Any(d => mutation.Lines.Any(l => Covers(d.Span, l)));
                bool hit = here || findings.Any(d => mutation.Lines.Any(l => d.Related.Any(r => Covers(r, l))));
                bool harmless = !hit && bound.Family is not null && Meaning(bound.Family) == Meaning(sound);
                lock (gate)
                {
                    var count = counts.GetValueOrDefault(kind);
                    counts[kind] = harmless ? count with { Harmless = count.Harmless + 1 }
                        : (count.Hit + (hit ? 1 : 0), count.Here + (here ? 1 : 0), count.Harmful + 1, count.Harmless);
                    if (!harmless && !here)
                        missed.Add($"{(hit ? "told elsewhere: " : "")}{spec.OpName}, {mutation.Kind}, {mutation.What}{(findings.Length > 0 ? $" (only {SpecFixture.Show(findings[0])})" : "")}");
                }
            }
        });
        int harmful = counts.Values.Sum(c => c.Harmful), hits = counts.Values.Sum(c => c.Hit), direct = counts.Values.Sum(c => c.Here);
        double share = hits / (double)harmful;
        string table = string.Join("\n",
            counts.Select(c => $"{c.Key,-12} {c.Value.Hit,6} of {c.Value.Harmful,6} harmful found, {c.Value.Harmless} harmless"));
        TestContext.WriteLine($"{table}\n{share:P2} of {harmful} harmful mistakes in {specs.Length} specs found, {direct / (double)harmful:P2} by a finding that stands on their line, in {watch.Elapsed.TotalSeconds:F1} s\n{string.Join("\n", missed.Order(StringComparer.Ordinal))}");
        if (Environment.GetEnvironmentVariable("OPSPEC_MUTATIONS_LOG") is { Length: > 0 } log)
            File.WriteAllText(log, $"{table}\n{share:P2}\n{string.Join("\n", missed.Order(StringComparer.Ordinal))}\n");
        Console.WriteLine($"{share.ToString("P2", CultureInfo.InvariantCulture)} of {harmful} harmful mistakes found, {(direct / (double)harmful).ToString("P2", CultureInfo.InvariantCulture)} by a finding that stands on their line");
        Assert.IsGreaterThanOrEqualTo(Wanted, direct / (double)harmful, string.Join("\n", missed.Take(60)));
    }

    private static IEnumerable<SpecDiagnostic> Findings(SpecSyntax spec, BoundSpec bound, OpCode? code) =>
        bound.Diagnostics.Concat(bound.Suggestions).Concat(code is null ? [] : OpCodeCheck.Run(spec, bound, code));

    /// <summary>What a family means, prose left out.</summary>
    private static OpFamily Meaning(OpFamily family) =>
        family with { Versions = [.. family.Versions.Select(v => v with { Summary = "", Remarks = "", Docs = [] })] };

    private static bool Covers(SpecSpan span, int line) =>
        span.StartLine <= line && line <= Math.Max(span.StartLine, span.EndColumn == 0 ? span.EndLine - 1 : span.EndLine);

    /// <summary>The project's ops, of which one is changed.</summary>
    private sealed class OwnScope(SpecScope scope, SpecSyntax original)
    {
        public ISpecScope With(SpecSyntax changed) => new Scope(scope, original, changed);

        private sealed class Scope(SpecScope scope, SpecSyntax original, SpecSyntax changed) : ISpecScope
        {
            public IEnumerable<string> OpNames => scope.OpNames;

            public bool TryGetSignature(string name, string domain, out OpSignature signature)
            {
                if (name != changed.OpName || domain != changed.Domain)
                    return scope.TryGetSignature(name, domain, out signature);
                signature = SpecFrontEnd.Signature(changed)!;
                return signature is not null;
            }

            public IReadOnlyList<OpModel> Models(string name, string domain) => scope.Models(name, domain);

            public PublishedOps Published => scope.Published;

            public SpecSyntax? TryGetSyntax(string op) => op == original.OpName ? changed : scope.TryGetSyntax(op);
        }
    }
}
