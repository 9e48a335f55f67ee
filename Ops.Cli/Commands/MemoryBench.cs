using Ops.Benchmarks.Memory;
using Ops.Benchmarks.Reports;
using Ops.Cli.Output;

namespace Ops.Cli.Commands;

/// <summary><c>opspec bench memory</c>: what fused calls take beside their tensors.</summary>
internal static class MemoryBench
{
    /// <summary>Measures and prints.</summary>
    public static int Run(Terminal terminal, IReadOnlyList<int> threads, bool json, string? output, CancellationToken cancellation)
    {
        IReadOnlyList<MemoryRow> rows = MemoryBenchmark.Run(threads, terminal.Progress, cancellation);
        terminal.EraseProgress();
        if (output is not null)
            TextFile.Write(output, MemoryReport.ToMarkdown(rows));
        if (json)
        {
            JsonOutput.Write(terminal.Output, writer => MemoryReport.Write(writer, rows));
            return 0;
        }
        int width = rows.Max(r => r.Name.Length);
        foreach (IReadOnlyList<string> cells in rows.Select(IReadOnlyList<string> (r) => MemoryReport.Cells(r)).Prepend(MemoryReport.Heads))
            terminal.WriteLine(cells[0].PadRight(width) + string.Concat(cells.Skip(1).Select(c => c.PadLeft(12))));
        return 0;
    }
}
