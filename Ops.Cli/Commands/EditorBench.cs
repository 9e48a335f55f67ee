using System.Globalization;
using Ops.Benchmarks;
using Ops.Benchmarks.Editor;
using Ops.Cli.Checking;
using Ops.Cli.Output;
using Ops.Specs;

namespace Ops.Cli.Commands;

/// <summary><c>opspec bench editor</c>: what an edit of a spec costs.</summary>
internal static class EditorBench
{
    /// <summary>Measures and prints.</summary>
    public static int Run(Terminal terminal, int rounds, bool json, CancellationToken cancellation)
    {
        if (!BuildKind.IsOptimised)
            throw new OpException("bench", "build", "this build is not optimised, so its numbers would say nothing: use dotnet run -c Release");
        if (rounds < 1)
            throw new OpException("--rounds", "usage", $"wants a number above 0, got {rounds}");
        string root = SpecFiles.Root(Directory.GetCurrentDirectory()) ?? throw new OpException("bench", "usage", "there is no folder 'specs' at or above the working directory");
        IReadOnlyList<EditorRow> rows = EditorBenchmark.Run([.. SpecFiles.In(root).Select(path => (path, SpecFiles.Read(path)))], rounds, terminal.Progress, cancellation);
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
        terminal.WriteLine($"{"among 500 specs",-24} {"median",10} {"files anew",12}");
        foreach (EditorRow row in rows)
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Name,-24} {row.Seconds * 1e3,7:F1} ms {row.Regenerated,12}   {row.Note}"));
        return 0;
    }
}
