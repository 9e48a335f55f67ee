using System.Globalization;
using System.Text;
using System.Text.Json;
using Ops.Benchmarks.Memory;

namespace Ops.Benchmarks.Reports;

/// <summary>Rows about memory, as text and as JSON.</summary>
public static class MemoryReport
{
    /// <summary>The heads of the columns.</summary>
    public static IReadOnlyList<string> Heads { get; } = ["fused call", "keys", "threads", "kernel", "objects", "all scores"];

    /// <summary>The cells of a row.</summary>
    public static string[] Cells(MemoryRow row) =>
    [
        row.Name, Whole(row.Keys), Whole(row.Threads), Bytes(row.Kernel), Bytes(row.Managed), Bytes(row.Scores),
    ];

    /// <summary>The rows as a section of Markdown.</summary>
    public static string ToMarkdown(IReadOnlyList<MemoryRow> rows)
    {
        var text = new StringBuilder();
        text.AppendLine("## Memory").AppendLine();
        text.AppendLine("""
            What a fused call takes beside its inputs and outputs: `kernel` is the most native memory at a time that kernels work with or keep for the next
            call, `objects` what the first call allocates, a modifier's program included. `all scores` is what they would take as floats, if they were
            held; a fused call never does, whatever the number of keys.
            """).AppendLine();
        text.AppendLine($"| {string.Join(" | ", Heads)} |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|");
        foreach (MemoryRow row in rows)
            text.AppendLine($"| {string.Join(" | ", Cells(row))} |");
        return text.Replace("\r\n", "\n").ToString();
    }

    /// <summary>Writes an array with everything; numbers are bytes.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<MemoryRow> rows)
    {
        writer.WriteStartArray();
        foreach (MemoryRow row in rows)
        {
            writer.WriteStartObject();
            writer.WriteString("name", row.Name);
            writer.WriteNumber("keys", row.Keys);
            writer.WriteNumber("threads", row.Threads);
            writer.WriteNumber("kernel", row.Kernel);
            writer.WriteNumber("objects", row.Managed);
            writer.WriteNumber("scores", row.Scores);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => bytes < 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F0} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:F1} MiB");
}
