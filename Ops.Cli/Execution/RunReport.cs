using System.Globalization;
using Ops.Cli.Output;
using Ops.Graphs;
using Ops.Onnx;
using Ops.Schemas;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Cli.Execution;

/// <summary>Prints what ran, how, how fast, and what came out.</summary>
/// <param name="model">The model.</param>
/// <param name="runs">Its runs; times are their medians.</param>
/// <param name="files">The files the outputs were written to.</param>
internal sealed class RunReport(OnnxModel model, IReadOnlyList<GraphRun> runs, IReadOnlyList<string> files)
{
    private const int FirstValues = 8;

    private IReadOnlyList<NodeRun> Nodes => runs[^1].Nodes;

    /// <summary>Prints text.</summary>
    public void Print(Terminal terminal)
    {
        if (runs[^1].Profile is null)
            PrintTable(terminal, ["node", "op", "version", "path", "time"], 4,
                Nodes.Select((n, i) => (string[])[Name(n.Node), Op(n.Schema), Text(n.Schema.Since), Path(n), Short(NodeTime(i))]));
        else
            PrintTable(terminal, ["node", "op", "version", "calls", "own time", "share", "per call"], 3,
                new ProfileTable(runs).Rows.Select(r =>
                (string[])[Name(r.Node), Op(r.Schema), Text(r.Schema.Since), Text(r.Calls), Short(r.Own),
                    string.Create(CultureInfo.InvariantCulture, $"{r.Share * 100:F1} %"),
                    string.Create(CultureInfo.InvariantCulture, $"{r.Own.TotalMicroseconds / r.Calls:F2} us")]));
        terminal.WriteLine();
        for (int i = 0; i < model.Graph.Outputs.Count; i++)
            terminal.WriteLine(runs[^1].Outputs[i] is { } value
                ? $"{model.Graph.Outputs[i].Name}: {value} = {Values(value)}" : $"{model.Graph.Outputs[i].Name}: absent");
        foreach (string file in files)
            terminal.WriteLine($"wrote {file}");
        string nodes = Nodes.Count == 1 ? "1 node" : $"{Nodes.Count} nodes";
        terminal.WriteLine(runs.Count == 1
            ? $"{nodes} in {Time(TotalTime)}" : $"{nodes} in {Time(TotalTime)} (median of {runs.Count} runs)");
    }

    /// <summary>Prints JSON.</summary>
    public void PrintJson(Terminal terminal) => JsonOutput.Write(terminal.Output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("nodes");
        for (int i = 0; i < Nodes.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("name", Nodes[i].Node.Name);
            writer.WriteString("domain", Nodes[i].Schema.Domain);
            writer.WriteString("op", Nodes[i].Schema.Name);
            writer.WriteNumber("version", Nodes[i].Schema.Since);
            writer.WriteString("path", Path(Nodes[i]));
            writer.WriteNumber("microseconds", NodeTime(i).TotalMicroseconds);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (runs[^1].Profile is not null)
        {
            writer.WriteStartArray("profile");
            foreach (ProfileRow row in new ProfileTable(runs).Rows)
            {
                writer.WriteStartObject();
                writer.WriteString("name", Name(row.Node));
                writer.WriteString("domain", row.Schema.Domain);
                writer.WriteString("op", row.Schema.Name);
                writer.WriteNumber("version", row.Schema.Since);
                writer.WriteNumber("depth", row.Depth);
                writer.WriteNumber("calls", row.Calls);
                writer.WriteNumber("ownMicroseconds", row.Own.TotalMicroseconds);
                writer.WriteNumber("totalMicroseconds", row.Total.TotalMicroseconds);
                writer.WriteNumber("share", row.Share);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        writer.WriteStartArray("outputs");
        for (int i = 0; i < model.Graph.Outputs.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("name", model.Graph.Outputs[i].Name);
            if (runs[^1].Outputs[i] is { } value)
            {
                writer.WriteString("type", value.Type.Name());
                writer.WriteStartArray("shape");
                foreach (long dim in value.Dims)
                    writer.WriteNumberValue(dim);
                writer.WriteEndArray();
                writer.WriteStartArray("first");
                for (long k = 0; k < Math.Min(value.Length, FirstValues); k++)
                    writer.WriteStringValue(value.TextAt(k));
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("files");
        foreach (string file in files)
            writer.WriteStringValue(file);
        writer.WriteEndArray();
        writer.WriteNumber("runs", runs.Count);
        writer.WriteNumber("microseconds", TotalTime.TotalMicroseconds);
        writer.WriteEndObject();
    });

    private TimeSpan TotalTime => Median(runs.Select(r => r.Time));

    private TimeSpan NodeTime(int index) => Median(runs.Select(r => r.Nodes[index].Time));

    /// <summary>Prints lines of cells, those from some column on to the right.</summary>
    private static void PrintTable(Terminal terminal, string[] header, int firstNumber, IEnumerable<string[]> lines)
    {
        string[][] rows = [header, .. lines];
        int[] widths = [.. header.Select((_, column) => rows.Max(r => r[column].Length))];
        foreach (string[] row in rows)
            terminal.WriteLine(string.Join("  ",
                row.Select((cell, column) => column >= firstNumber ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))));
    }

    private static string Name(Node node) => node.Name.Length > 0 ? node.Name : node.Outputs.FirstOrDefault(o => o.Length > 0) ?? "";

    private static string Op(OpSchema schema) => schema.Domain == "ai.onnx" ? schema.Name : $"{schema.Domain}.{schema.Name}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Path(NodeRun run) => run.Path.ToString().ToLowerInvariant();

    /// <summary>The median.</summary>
    public static TimeSpan Median(IEnumerable<TimeSpan> times)
    {
        TimeSpan[] sorted = [.. times.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Time(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F3} ms");

    /// <summary>The time of a node, which may be far below a millisecond.</summary>
    private static string Short(TimeSpan time) => time.TotalMilliseconds >= 1 ? Time(time)
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:F1} us");

    private static string Values(TensorValue value)
    {
        IEnumerable<string> first = Enumerable.Range(0, (int)Math.Min(value.Length, FirstValues)).Select(i => value.TextAt(i));
        return $"{string.Join(", ", first)}{(value.Length > FirstValues ? ", ..." : "")}";
    }
}
