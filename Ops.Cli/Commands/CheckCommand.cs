using System.CommandLine;
using Ops.Cli.Checking;
using Ops.Cli.Output;
using Ops.Specs;
using Ops.Specs.Diagnostics;
using Spectre.Console;

namespace Ops.Cli.Commands;

/// <summary><c>opspec check</c>: prints every mistake in specs.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string[]> Paths = new("FILE|DIR")
    {
        Description = "Spec files, or folders with *.op.yaml at any depth. Without any: the specs folder at or above the working directory.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print findings and summary as JSON." };

    /// <summary>The command.</summary>
    public static Command Create() => new ExplainedCommand("check", "Checks specs and prints every finding with the lines it is about.", """
        Examples:
          opspec check
          opspec check specs/ai.onnx/Gemm.op.yaml
          opspec check ~/draft.op.yaml --json

        A file outside specs may refer to the ops in specs. Exit code: 0 no errors, 1 errors, 2 usage error or unreadable input.
        """)
    { Paths, Json }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string[] given = parsed.GetValue(Paths) ?? [];
        string? root = SpecFiles.Root(Directory.GetCurrentDirectory()) ?? given.Select(p => SpecFiles.Root(Path.GetDirectoryName(Path.GetFullPath(p))!)).FirstOrDefault(r => r is not null);
        if (given.Length == 0 && root is null)
            throw new OpException("check", "usage", "there is no folder 'specs' at or above the working directory; name a FILE or DIR");
        IReadOnlyList<string> others = root is null ? [] : SpecFiles.In(root);
        string[] paths = given.Length == 0 ? [.. others] : [.. given.SelectMany(SpecFiles.Of).DistinctBy(Path.GetFullPath)];
        if (paths.Length == 0)
            throw new OpException("check", "usage", "there is no *.op.yaml to check");
        IReadOnlyList<Finding> findings = SpecChecker.Check(paths, others, cancellation);
        int errors = findings.Count(f => f.Diagnostic.Rule.Severity == SpecSeverity.Error);
        if (parsed.GetValue(Json))
        {
            PrintJson(terminal, findings, errors, paths.Length);
        }
        else
        {
            foreach (Finding finding in findings)
                Print(terminal, finding);
            terminal.WriteLine($"{Count(errors, "error")}, {Count(findings.Count - errors, "warning")} in {Count(paths.Length, "spec")}");
        }
        return errors > 0 ? 1 : 0;
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Severity(SpecDiagnostic diagnostic) => diagnostic.Rule.Severity == SpecSeverity.Error ? "error" : "warning";

    private static void Print(Terminal terminal, Finding finding)
    {
        SpecDiagnostic diagnostic = finding.Diagnostic;
        Color colour = diagnostic.Rule.Severity == SpecSeverity.Error ? Color.Red : Color.Yellow;
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

    private static void PrintJson(Terminal terminal, IReadOnlyList<Finding> findings, int errors, int specs) => JsonOutput.Write(terminal.Output, writer =>
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
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartObject("summary");
        writer.WriteNumber("errors", errors);
        writer.WriteNumber("warnings", findings.Count - errors);
        writer.WriteNumber("specs", specs);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
