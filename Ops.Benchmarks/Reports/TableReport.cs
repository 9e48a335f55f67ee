using System.Globalization;
using System.Text;
using Ops.Benchmarks.Running;

namespace Ops.Benchmarks.Reports;

/// <summary>Rows as text.</summary>
public static class TableReport
{
    /// <summary>The heads of the columns.</summary>
    public static IReadOnlyList<string> Heads { get; } =
        ["case", "threads", "ours", "other", "ratio", "limit", "% of limit", "spread", "other is"];

    /// <summary>What stands in the columns, for people who read a table.</summary>
    public const string Legend = """
        Our kernel, the other side and a bare loop that does nothing but reach the machine's limit take turns in one process, on as many threads and
        the same tensors. `ours` and `other` are medians of the time of a call; `ratio` is the median of the rounds' ratios of the other side's time
        to ours (above 1 we are faster); `spread` is the range of the middle half of our times. A limit in GFLOP/s is the peak of fused
        multiply-adds at the same vector width; one in GB/s is reading, or reading and writing each element once, in the level of memory that the
        tensors fit in. Cold cases rotate over more memory than the last-level cache. `other is` says what the other side was: ONNX Runtime or another
        library, whose results were compared with ours first, or another way of ours, which the case's name tells behind `/`, `beside` or `against`.
        """;

    /// <summary>The column that is text, as the first one is.</summary>
    public const int LastColumn = 8;

    /// <summary>The cells of a row.</summary>
    public static string[] Cells(BenchmarkRow row) =>
    [
        row.Case.Name,
        row.Threads.ToString(CultureInfo.InvariantCulture),
        Time(row.Ours),
        Time(row.Peer),
        Number(row.Ratio, "0.00x"),
        row.LimitRate is { } rate ? Number(rate / 1e9, rate < 1e11 ? "0.0 " : "0 ") + row.Case.Limit!.Unit : "-",
        Number(row.LimitShare, "0 %"),
        Number(row.Spread, "0 %"),
        row.Peer is null ? "-" : row.Against,
    ];

    /// <summary>The rows as a page of Markdown.</summary>
    public static string ToMarkdown(IReadOnlyList<BenchmarkRow> rows)
    {
        var text = new StringBuilder();
        text.AppendLine("# Benchmarks").AppendLine();
        text.AppendLine("Written by `opspec bench --output docs/benchmarks.md`, from a Release build.").AppendLine();
        text.AppendLine(MachineText.Describe()).AppendLine();
        text.AppendLine(Legend).AppendLine();
        text.AppendLine($"| {string.Join(" | ", Heads)} |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|---|");
        foreach (BenchmarkRow row in rows)
            text.AppendLine($"| {string.Join(" | ", Cells(row))} |");
        string[] notes = [.. rows.Where(r => r.Note.Length > 0).Select(r => $"- {r.Case.Name}: {r.Note.ReplaceLineEndings(" ")}")
            .Distinct()];
        if (notes.Length > 0)
            text.AppendLine().AppendLine("What was not measured:").AppendLine()
                .AppendJoin('\n', notes).AppendLine();
        return text.Replace("\r\n", "\n").ToString();
    }

    private static string Number(double? value, string format) => value is { } v ? v.ToString(format, CultureInfo.InvariantCulture) : "-";

    private static string Time(double? seconds) => seconds switch
    {
        null => "-",
        < 1e-6 => Number(seconds * 1e9, "0 ns"),
        < 1e-3 => Number(seconds * 1e6, "0.00 us"),
        _ => Number(seconds * 1e3, "0.000 ms"),
    };
}
