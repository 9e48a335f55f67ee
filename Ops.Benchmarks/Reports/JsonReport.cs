using System.Text.Json;
using Ops.Benchmarks.Running;

namespace Ops.Benchmarks.Reports;

/// <summary>Rows as JSON.</summary>
public static class JsonReport
{
    /// <summary>Writes one object with everything.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<BenchmarkRow> rows)
    {
        writer.WriteStartObject();
        writer.WriteString("machine", MachineText.Describe());
        writer.WriteStartArray("rows");
        foreach (BenchmarkRow row in rows)
        {
            writer.WriteStartObject();
            writer.WriteString("group", row.Case.Group);
            writer.WriteString("case", row.Case.Name);
            writer.WriteNumber("threads", row.Threads);
            WriteNumber(writer, "ours_seconds", row.Ours);
            writer.WriteString("against", row.Against);
            WriteNumber(writer, "against_seconds", row.Peer);
            WriteNumber(writer, "ratio", row.Ratio);
            writer.WriteString("limit_unit", row.Case.Limit?.Unit);
            WriteNumber(writer, "limit", row.LimitRate / 1e9);
            WriteNumber(writer, "share_of_limit", row.LimitShare);
            WriteNumber(writer, "spread", row.Spread);
            if (row.Note.Length > 0)
                writer.WriteString("note", row.Note);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }
}
