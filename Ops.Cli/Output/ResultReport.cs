using Spectre.Console;

namespace Ops.Cli.Output;

/// <summary>Prints the results of tests, one line each, and counts them.</summary>
internal sealed class ResultReport(Terminal terminal, bool json)
{
    private readonly List<TestResult> results = [];

    /// <summary>1 when a test failed, else 0.</summary>
    public int ExitCode => results.Exists(r => r.Outcome == Outcome.Failed) ? 1 : 0;

    /// <summary>The counts, as the last line says them.</summary>
    public string Summary => $"{Count(Outcome.Passed)} passed, {Count(Outcome.Failed)} failed, {Count(Outcome.Skipped)} skipped";

    /// <summary>Takes a result, and prints it.</summary>
    public void Add(TestResult result)
    {
        results.Add(result);
        if (json)
            return;
        terminal.Write(result.Outcome.ToString().ToLowerInvariant(), result.Outcome switch
        {
            Outcome.Passed => Color.Green,
            Outcome.Failed => Color.Red,
            _ => Color.Yellow,
        });
        string detail = result.Detail.ReplaceLineEndings(" ");
        terminal.WriteLine(detail.Length > 0 ? $" {result.Name}: {detail}" : $" {result.Name}");
    }

    /// <summary>Prints the summary, or everything as JSON.</summary>
    public void Finish()
    {
        terminal.EraseProgress();
        if (!json)
        {
            terminal.WriteLine(Summary);
            return;
        }
        JsonOutput.Write(terminal.Output, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("results");
            foreach (TestResult result in results)
            {
                writer.WriteStartObject();
                writer.WriteString("name", result.Name);
                writer.WriteString("outcome", result.Outcome.ToString().ToLowerInvariant());
                if (result.Detail.Length > 0)
                    writer.WriteString("detail", result.Detail);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteStartObject("summary");
            writer.WriteNumber("passed", Count(Outcome.Passed));
            writer.WriteNumber("failed", Count(Outcome.Failed));
            writer.WriteNumber("skipped", Count(Outcome.Skipped));
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private int Count(Outcome outcome) => results.Count(r => r.Outcome == outcome);
}
