using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Text.Json;
using Ops.Benchmarks;
using Ops.Benchmarks.Editor;
using Ops.Cli.Checking;
using Ops.Cli.Output;
using Ops.Specs;

namespace Ops.Cli.Commands;

/// <summary><c>opspec bench editor</c>: what an edit of a spec costs, and what a compiler takes for all of them.</summary>
internal static class EditorBench
{
    private const string ServerCollector = "DOTNET_gcServer";

    /// <summary>Measures and prints.</summary>
    public static int Run(Terminal terminal, int rounds, bool json, CancellationToken cancellation)
    {
        if (!BuildKind.IsOptimised)
            throw new OpException("bench", "build",
                "this build is not optimised, so its numbers would say nothing: use dotnet run -c Release");
        if (rounds < 1)
            throw new OpException("--rounds", "usage", $"wants a number above 0, got {rounds}");
        string root = SpecFiles.Root(Directory.GetCurrentDirectory())
            ?? throw new OpException("bench", "usage", "there is no folder 'specs' at or above the working directory");
        (string, string)[] specs = [.. SpecFiles.In(root).Select(path => (path, SpecFiles.Read(path)))];
        List<EditorRow> rows = [];
        if (GCSettings.IsServerGC)
        {
            EditorRow all = EditorBenchmark.All(specs, rounds, cancellation);
            rows.Add(all with { Name = all.Name + ", in csc" });
        }
        else
        {
            rows.AddRange(EditorBenchmark.Run(specs, rounds, terminal.Progress, cancellation));
            if (AsCompiler(rounds) is { } compiled)
                rows.Add(compiled);
        }
        terminal.EraseProgress();
        if (json)
        {
            JsonOutput.Write(terminal.Output, writer =>
            {
                writer.WriteStartArray();
                foreach (EditorRow row in rows)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", row.Name);
                    writer.WriteNumber("seconds", row.Seconds);
                    writer.WriteNumber("regenerated", row.Regenerated);
                    writer.WriteString("note", row.Note);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            });
            return 0;
        }
        terminal.WriteLine($"{"among 500 specs",-28} {"median",10} {"files anew",12}");
        foreach (EditorRow row in rows)
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Name,-28} {row.Seconds * 1e3,7:F1} ms {row.Regenerated,12}   {row.Note}"));
        return 0;
    }

    /// <summary>
    /// The generator over all specs in a process of its own, whose garbage collector is set up as that of csc and its server is: for
    /// throughput. Null where there is no such process.
    /// </summary>
    private static EditorRow? AsCompiler(int rounds)
    {
        string own = typeof(EditorBench).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", ["exec", own, "bench", "editor", "--json", "--rounds",
            rounds.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        start.Environment[ServerCollector] = "1";
        try
        {
            using Process process = Process.Start(start)!;
            using JsonDocument rows = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
            process.WaitForExit();
            JsonElement row = rows.RootElement[0];
            return new EditorRow(row.GetProperty("name").GetString()!, row.GetProperty("seconds").GetDouble(),
                row.GetProperty("regenerated").GetInt32(), row.GetProperty("note").GetString()!);
        }
        catch (Exception e) when (e is Win32Exception or JsonException)
        {
            return null;
        }
    }
}
