using Ops.Benchmarks.Cases;
using Ops.Benchmarks.Reports;
using Ops.Benchmarks.Running;
using Ops.Cli.Output;

namespace Ops.Cli.Commands;

/// <summary>Prints rows as they come, in columns.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="cases">All cases there will be rows of.</param>
internal sealed class BenchTable(Terminal terminal, IReadOnlyList<BenchmarkCase> cases)
{
    private const int CellWidth = 12;

    private readonly int nameWidth = cases.Max(c => c.Name.Length);
    private readonly HashSet<string> told = [];
    private bool begun;

    /// <summary>Prints a row, and before the first one the heads.</summary>
    public void Print(BenchmarkRow row)
    {
        if (!begun)
            Print(TableReport.Heads);
        begun = true;
        if (row.Ours is null)
            terminal.WriteLine($"{row.Case.Name.PadRight(nameWidth)}  {row.Threads,7}  {(row.Differs ? "failed" : "skipped")}: {row.Note.ReplaceLineEndings(" ")}");
        else
            Print(TableReport.Cells(row));
        if (row.Ours is not null && row.Note.Length > 0 && told.Add(row.Note))
            terminal.WriteLine($"  without {row.Against}: {row.Note.ReplaceLineEndings(" ")}");
    }

    private void Print(IReadOnlyList<string> cells) =>
        terminal.WriteLine(string.Join("  ",
            cells.Select((cell, i) => i switch
            {
                0 => cell.PadRight(nameWidth), 1 => cell.PadLeft(7), TableReport.LastColumn => cell, _ => cell.PadLeft(CellWidth)
            })));
}
