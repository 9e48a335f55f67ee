using System.CommandLine;
using Ops.Benchmarks;
using Ops.Benchmarks.Cases;
using Ops.Benchmarks.Memory;
using Ops.Benchmarks.Reports;
using Ops.Benchmarks.Running;
using Ops.Cli.Output;
using Ops.Specs;

namespace Ops.Cli.Commands;

/// <summary><c>opspec bench</c>: measures kernels beside ONNX Runtime and the machine's limits.</summary>
internal static class BenchCommand
{
    private static readonly Argument<string[]> Names = new("CASE")
    {
        Description = $"Groups ({string.Join(", ", CaseCatalog.Groups)}), or patterns of cases with * and ?. Without any: all. Alone: 'memory' measures what fused calls take beside their tensors, 'editor' what an edit of a spec costs.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int?> Threads = new("--threads")
    {
        HelpName = "N", Description = "How many threads; without it, one and then two."
    };

    private static readonly Option<int?> Rounds = new("--rounds")
    {
        HelpName = "N",
        Description = $"How many times all take turns ({RunSettings.Thorough.Rounds}, or {RunSettings.Quick.Rounds} when quick)."
    };

    private static readonly Option<bool> Quick = new("--quick") { Description = "Fewer and shorter cases: a glance, not a measurement." };

    private static readonly Option<string?> OutputFile = new("--output")
    {
        HelpName = "FILE", Description = "Where to write the table, as Markdown."
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON." };

    /// <summary>The command.</summary>
    public static Command Create() => new ExplainedCommand("bench", "Measures kernels beside ONNX Runtime and the machine's limits.", """
        Examples:
          opspec bench --quick
          opspec bench attention matmul --threads 1
          opspec bench 'Softmax*' --rounds 51 --json
          opspec bench --output docs/benchmarks.md
          opspec bench memory
          opspec bench editor

        Needs a Release build, and a machine that does little else. All sides take turns in one process on the same tensors.
        ours, other   median time of a call; 'other is' names the other side: ONNX Runtime, a library, or another way of ours, which the
                      case's name tells behind '/', 'beside' or 'against'
        ratio         the other side's time over ours: above 1 we are faster
        limit         what a bare loop reaches on this machine: multiply-adds (GFLOP/s) or memory in the level that the tensors fit in (GB/s)
        % of limit    how much of that we reach; the loop is a plain one, so that a kernel may pass 100
        spread        the range of the middle half of our times, as a part of their median: a wide one says that the machine was busy
        Exit code: 0 measured, 1 results differ from the other side's, 2 usage error or a build that is not optimised.
        """)
    { Names, Threads, Rounds, Quick, OutputFile, Json }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (parsed.GetValue(Names) is ["editor"])
            return EditorBench.Run(
                terminal, parsed.GetValue(Rounds) ?? (parsed.GetValue(Quick) ? 5 : 60), parsed.GetValue(Json), cancellation);
        int[] threads = parsed.GetValue(Threads) is { } given
            ? [Positive("--threads", given)] : [.. new[] { 1, 2 }.Where(n => n <= Environment.ProcessorCount)];
        if (parsed.GetValue(Names) is ["memory"])
            return MemoryBench.Run(terminal, threads, parsed.GetValue(Json), parsed.GetValue(OutputFile), cancellation);
        IReadOnlyList<BenchmarkCase> cases = Choose(parsed.GetValue(Names) ?? [], parsed.GetValue(Quick));
        RunSettings settings = parsed.GetValue(Quick) ? RunSettings.Quick : RunSettings.Thorough;
        settings = settings with { Rounds = Positive("--rounds", parsed.GetValue(Rounds) ?? settings.Rounds) };
        if (!BuildKind.IsOptimised)
            throw new OpException("bench", "build",
                "this build is not optimised, so its numbers would say nothing: use dotnet run -c Release");
        bool json = parsed.GetValue(Json);
        // First, since what kernels keep they keep as long as the process lives.
        IReadOnlyList<MemoryRow>? memory = parsed.GetValue(OutputFile) is not null && cases.Count == CaseCatalog.All.Count
            ? MemoryBenchmark.Run(threads, terminal.Progress, cancellation) : null;
        var runner = new PairedRunner(settings);
        var rows = new List<BenchmarkRow>();
        var table = new BenchTable(terminal, cases);
        foreach (BenchmarkCase @case in cases)
            foreach (int count in threads)
            {
                terminal.Progress($"{@case.Name}, {count} threads");
                rows.Add(runner.Run(@case, count, cancellation));
                if (!json)
                    table.Print(rows[^1]);
            }
        terminal.EraseProgress();
        if (!json)
            terminal.WriteLine($"{MachineText.Describe()}; 'opspec bench --help' says what the columns are");
        if (json)
            JsonOutput.Write(terminal.Output, writer => JsonReport.Write(writer, rows));
        if (parsed.GetValue(OutputFile) is { } path)
            TextFile.Write(path, TableReport.ToMarkdown(rows) + (memory is null ? "" : "\n" + MemoryReport.ToMarkdown(memory)));
        return rows.Exists(r => r.Differs) ? 1 : 0;
    }

    private static IReadOnlyList<BenchmarkCase> Choose(string[] names, bool quick)
    {
        foreach (string name in names)
            if (!CaseCatalog.All.Any(c => Fits(name, c)))
                throw new OpException("bench", "usage", $"there is no case '{name}'; there are {string.Join(", ", CaseCatalog.Groups)}");
        BenchmarkCase[] chosen = [.. CaseCatalog.All.Where(c => (names.Length == 0 || names.Any(n => Fits(n, c))) && !(quick && c.Heavy))];
        return chosen.Length > 0 ? chosen : throw new OpException("bench", "usage", "a quick run leaves out all of these");
    }

    private static bool Fits(string name, BenchmarkCase @case) => name == @case.Group || Glob.Fits(name, @case.Name);

    private static int Positive(string option, int value) =>
        value > 0 ? value : throw new OpException(option, "usage", $"wants a number above 0, got {value}");
}
