using System.CommandLine;
using System.Text.Json;
using Ops.Cli.Checking;
using Ops.Cli.Output;
using Ops.Specs.Diagnostics;
using Spectre.Console;

namespace Ops.Cli.Commands;

/// <summary><c>opspec check</c>: prints every mistake in specs.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string[]> Paths = new("FILE|DIR")
    {
        Description =
            "Spec files, or folders with *.op.yaml at any depth. Without any: the specs folder at or above the working directory.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> Watch = new("--watch") { Description = "Check again whenever a spec changes, until stopped." };

    private static readonly Option<bool> Suggestions =
        new("--suggestions") { Description = "Also print what a spec could tell its readers besides." };

    private static readonly Option<bool> Json = new("--json") { Description = "Print findings and summary as JSON." };

    /// <summary>The command.</summary>
    public static Command Create() => new ExplainedCommand("check", "Checks specs and prints every finding with the lines it is about.", """
        Examples:
          opspec check
          opspec check specs/ai.onnx/Gemm.op.yaml --suggestions
          opspec check --watch
          opspec check ~/draft.op.yaml --json

        A file outside specs may refer to the ops in specs. A comment '# ignore OPS0204: the reason' behind a line or above it silences a warning there.
        Ops of ONNX's domains are held against what ONNX has published; OPSPEC_ONNX_SCHEMAS names a file of newer schemas than those opspec was built with.
        C# below the folder that holds specs is read, too: what it and a spec have to name alike is held against each other.
        'opspec fix' repairs what has only one repair. Exit code: 0 no errors, 1 errors, 2 usage error or unreadable input.
        """)
    { Paths, Watch, Suggestions, Json }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var selection = new SpecSelection("check", parsed.GetValue(Paths) ?? []);
        if (!parsed.GetValue(Watch))
            return CheckOnce(parsed, terminal, selection, cancellation);
        while (true)
        {
            SpecState state = selection.State();
            terminal.WriteLine($"checking {Count(selection.Chosen().Count, "spec")}");
            CheckOnce(parsed, terminal, selection, cancellation);
            terminal.Output.Flush();
            do
                cancellation.WaitHandle.WaitOne(SpecSelection.Interval);
            while (!cancellation.IsCancellationRequested && selection.State() == state);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static int CheckOnce(ParseResult parsed, Terminal terminal, SpecSelection selection, CancellationToken cancellation)
    {
        IReadOnlyList<string> paths = selection.Chosen();
        IReadOnlyList<Finding> findings = SpecChecker.Check(paths, selection.Others(), cancellation, parsed.GetValue(Suggestions),
            selection.Published, selection.Code, selection.Completed);
        int errors = findings.Count(f => f.Diagnostic.Rule.Severity == SpecSeverity.Error),
            warnings = findings.Count(f => f.Diagnostic.Rule.Severity == SpecSeverity.Warning);
        if (parsed.GetValue(Json))
        {
            PrintJson(terminal, findings, errors, warnings, paths.Count);
            return errors > 0 ? 1 : 0;
        }
        foreach (Finding finding in findings)
            Print(terminal, finding);
        string suggestions = parsed.GetValue(Suggestions) ? $" ({Count(findings.Count - errors - warnings, "suggestion")})" : "";
        terminal.WriteLine($"{Count(errors, "error")}, {Count(warnings, "warning")} in {Count(paths.Count, "spec")}{suggestions}");
        return errors > 0 ? 1 : 0;
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Severity(SpecDiagnostic diagnostic) => diagnostic.Rule.Severity.ToString().ToLowerInvariant();

    private static void Print(Terminal terminal, Finding finding)
    {
        SpecDiagnostic diagnostic = finding.Diagnostic;
        Color colour = diagnostic.Rule.Severity switch
        {
            SpecSeverity.Error => Color.Red,
            SpecSeverity.Warning => Color.Yellow,
            _ => Color.Grey
        };
        terminal.Write($"{diagnostic.Path}:{diagnostic.Span.StartLine + 1}:{diagnostic.Span.StartColumn + 1}: ");
        terminal.Write($"{Severity(diagnostic)} {diagnostic.Rule.Id}", colour);
        terminal.WriteLine($": {diagnostic.Message.ReplaceLineEndings(" ")}");
        foreach (FrameLine line in CodeFrame.Of(finding.Text, diagnostic.Span))
        {
            terminal.Write(line.Gutter, Color.Grey);
            terminal.Write(line.Text, line.IsMark ? colour : null);
            terminal.WriteLine();
        }
    }

    private static void PrintJson(Terminal terminal, IReadOnlyList<Finding> findings, int errors, int warnings, int specs) =>
        JsonOutput.Write(terminal.Output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("findings");
        foreach (SpecDiagnostic diagnostic in findings.Select(f => f.Diagnostic))
        {
            writer.WriteStartObject();
            writer.WriteString("path", diagnostic.Path);
            writer.WriteNumber("line", diagnostic.Span.StartLine + 1);
            writer.WriteNumber("column", diagnostic.Span.StartColumn + 1);
            writer.WriteNumber("endLine", diagnostic.Span.EndLine + 1);
            writer.WriteNumber("endColumn", diagnostic.Span.EndColumn + 1);
            writer.WriteString("severity", Severity(diagnostic));
            writer.WriteString("rule", diagnostic.Rule.Id);
            writer.WriteString("message", diagnostic.Message);
            WriteRelated(writer, diagnostic);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartObject("summary");
        writer.WriteNumber("errors", errors);
        writer.WriteNumber("warnings", warnings);
        writer.WriteNumber("specs", specs);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    private static void WriteRelated(Utf8JsonWriter writer, SpecDiagnostic diagnostic)
    {
        if (diagnostic.Related.Count == 0)
            return;
        writer.WriteStartArray("related");
        foreach (SpecSpan place in diagnostic.Related)
        {
            writer.WriteStartObject();
            writer.WriteNumber("line", place.StartLine + 1);
            writer.WriteNumber("column", place.StartColumn + 1);
            writer.WriteNumber("endLine", place.EndLine + 1);
            writer.WriteNumber("endColumn", place.EndColumn + 1);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
