using System.CommandLine;
using Ops.Cli.Authoring;
using Ops.Cli.Checking;
using Ops.Cli.Output;
using Ops.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Fixes;
using Ops.Specs.Syntax;
using Spectre.Console;

namespace Ops.Cli.Commands;

/// <summary><c>opspec fix</c>: repairs what can be repaired.</summary>
internal static class FixCommand
{
    // A repair may bring out another mistake, but not for ever.
    private const int MaxRounds = 8;

    private static readonly Argument<string[]> Paths = new("FILE|DIR")
    {
        Description = "Specs, or folders of them. Without any: the specs folder at or above the working directory.",
        Arity = ArgumentArity.ZeroOrMore
    };

    private static readonly Option<string[]> Rules = new("--rule")
    {
        HelpName = "ID",
        Description = $"Only findings of these rules, and for them also repairs that leave something to write: {string.Join(", ", SpecFixes.Rules)}, OPS1001 (the stub of a missing kernel).",
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Print what would be done, and do nothing." };

    private static readonly Option<bool> Json = new("--json") { Description = "Print what was done as JSON." };

    /// <summary>The command.</summary>
    public static Command Create() =>
        new ExplainedCommand("fix",
            "Repairs specs: misspelt names, forgotten '---', useless suppressions; by name also missing sentences and kernels.", """
        Examples:
          opspec fix --dry-run
          opspec fix specs/ai.onnx/Gemm.op.yaml
          opspec fix --rule OPS0214
          opspec fix --rule OPS1001

        Without --rule only repairs that leave nothing to decide are made. Exit code: 0 no errors are left, 1 some are, 2 usage error.
        """)
    { Paths, Rules, DryRun, Json }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string[] rules = parsed.GetValue(Rules) ?? [];
        if (rules.FirstOrDefault(r => r != "OPS1001" && !SpecFixes.Rules.Contains(r)) is { } unknown)
            throw new OpException("--rule", "usage",
                $"nothing repairs {unknown}; there are repairs for {string.Join(", ", SpecFixes.Rules)}, OPS1001");
        bool dry = parsed.GetValue(DryRun);
        var selection = new SpecSelection("fix", parsed.GetValue(Paths) ?? []);
        List<(SpecDiagnostic Finding, string Title)> done = [];
        int errors = 0;
        for (int round = 0; round < MaxRounds; round++)
        {
            IReadOnlyList<string> paths = selection.Chosen();
            terminal.Progress($"checking {paths.Count} specs");
            IReadOnlyList<Finding> findings = SpecChecker.Check(paths, selection.Others(), cancellation, suggestions: rules.Length > 0,
                selection.Published);
            errors = findings.Count(f => f.Diagnostic.Rule.Severity == SpecSeverity.Error);
            if (!Repair(findings, rules, dry, done) || dry)
                break;
        }
        terminal.EraseProgress();
        List<string> stubs = rules.Contains("OPS1001") ? WriteStubs(selection, dry, cancellation) : [];
        if (parsed.GetValue(Json))
            PrintJson(terminal, done, stubs, errors);
        else
            Print(terminal, done, stubs, errors, dry);
        return errors > 0 ? 1 : 0;
    }

    /// <summary>Repairs one round; false when there was nothing to repair.</summary>
    private static bool Repair(IReadOnlyList<Finding> findings, string[] rules, bool dry, List<(SpecDiagnostic, string)> done)
    {
        bool any = false;
        foreach (IGrouping<string, Finding> file in findings.GroupBy(f => f.Diagnostic.Path))
        {
            SpecSyntax spec = SpecFrontEnd.Parse(file.Key, file.First().Text);
            List<TextEdit> edits = [];
            foreach (SpecDiagnostic finding in file.Select(f => f.Diagnostic))
                if ((rules.Length == 0 || rules.Contains(finding.Rule.Id))
                    && SpecFixes.For(finding, spec).FirstOrDefault(f => rules.Length > 0 || f.IsCertain) is { } fix)
                {
                    edits.AddRange(fix.Edits);
                    done.Add((finding, fix.Title));
                }
            if (edits.Count == 0)
                continue;
            any = true;
            if (!dry)
                TextFile.Rewrite(file.Key, SpecFixes.Apply(spec.Text, edits));
        }
        return any;
    }

    /// <summary>Writes the file of every kernel that has none.</summary>
    private static List<string> WriteStubs(SpecSelection selection, bool dry, CancellationToken cancellation)
    {
        List<string> written = [];
        if (SpecFiles.Root(Directory.GetCurrentDirectory()) is not { } root || KernelFolder.Find(root) is not { } folder)
            throw new OpException("fix", "usage", "no project beside the specs has a folder Kernels");
        SpecSyntax[] all = [.. selection.Others().Select(path => SpecFrontEnd.Parse(path, SpecFiles.Read(path), cancellation))];
        var scope = new SpecScope(all);
        foreach (string path in selection.Chosen())
        {
            SpecSyntax spec = SpecFrontEnd.Parse(path, SpecFiles.Read(path), cancellation);
            if (SpecFrontEnd.Bind(spec, scope, cancellation).Family is not { } family
                || KernelFolder.FileOf(folder, family.Name) is not null || MissingKernel.StubOf(family) is not { } text)
                continue;
            string file = Path.Combine(folder, family.Name + ".cs");
            if (!dry)
                TextFile.Write(file, text);
            written.Add(Path.GetRelativePath(Directory.GetCurrentDirectory(), file));
        }
        return written;
    }

    private static void Print(Terminal terminal, List<(SpecDiagnostic Finding, string Title)> done, List<string> stubs, int errors,
        bool dry)
    {
        foreach ((SpecDiagnostic finding, string title) in done)
        {
            terminal.Write($"{finding.Path}:{finding.Span.StartLine + 1}:{finding.Span.StartColumn + 1}: ");
            terminal.Write(finding.Rule.Id, Color.Green);
            terminal.WriteLine($": {title}");
        }
        foreach (string stub in stubs)
            terminal.WriteLine($"{stub}: {(dry ? "would be written" : "written")}");
        terminal.WriteLine($"{done.Count + stubs.Count} {(dry ? "to repair" : "repaired")}, {(errors == 1 ? "1 error" : $"{errors} errors")} {(dry ? "now" : "left")}");
    }

    private static void PrintJson(Terminal terminal, List<(SpecDiagnostic Finding, string Title)> done, List<string> stubs, int errors) =>
        JsonOutput.Write(terminal.Output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("fixes");
        foreach ((SpecDiagnostic finding, string title) in done)
        {
            writer.WriteStartObject();
            writer.WriteString("path", finding.Path);
            writer.WriteNumber("line", finding.Span.StartLine + 1);
            writer.WriteNumber("column", finding.Span.StartColumn + 1);
            writer.WriteString("rule", finding.Rule.Id);
            writer.WriteString("fix", title);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteStartArray("kernels");
        foreach (string stub in stubs)
            writer.WriteStringValue(stub);
        writer.WriteEndArray();
        writer.WriteNumber("errors", errors);
        writer.WriteEndObject();
    });
}
