using System.CommandLine;
using Ops.Cli.Checking;
using Ops.Cli.Conformance;
using Ops.Cli.Explaining;
using Ops.Cli.Output;
using Ops.Schemas;
using Ops.Specs;

namespace Ops.Cli.Commands;

/// <summary><c>opspec status</c>: how mature each op is, by evidence.</summary>
internal static class StatusCommand
{
    private static readonly Argument<string?> Filter = new("GLOB")
    {
        Description = "Only ops whose name fits, with * and ?.", Arity = ArgumentArity.ZeroOrOne
    };

    private static readonly Option<string[]> Specs = new("--specs")
    {
        HelpName = "DIR",
        Description = "A folder with the specs of ops that --ops brings; then only these are looked at. May be given many times. In a project of one's own, its specs folder.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON." };

    /// <summary>The command.</summary>
    public static Command Create() =>
        new ExplainedCommand("status", "Computes how mature each op is, and what is missing for the next rung.", """
        Examples:
          opspec status
          opspec status 'Attention'
          opspec status '*Normalization' --json
          opspec status --ops MyOps.dll --specs my/specs

        The rungs: L0 the spec binds; L1 the op's meaning runs: its body, or the kernel of a primitive; L2 the kernel equals the body on cases
        made from the spec; L3 no such case that breaks a rule is accepted; L4 the body, or the primitive, runs in ONNX Runtime with equal
        results. Nothing is declared. 'compared' counts the generated calls on which kernel and body were held against each other; rules that
        none of the calls broke are listed. Exit code: 0 the table was printed, 2 usage error or unreadable input.
        """)
    { Filter, Specs, Json }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string root = SpecFiles.Root(Directory.GetCurrentDirectory()) ?? SpecFiles.Library
            ?? throw new OpException("status", "specs", "there is no folder 'specs' here or above");
        string[] own = parsed.GetValue(Specs) is { Length: > 0 } given ? given : root == SpecFiles.Library ? [] : [root];
        var models = new SpecModels([.. SpecFiles.Known(root), .. own.Except([root])]);
        OpDefinition[] ops = [.. OpRegistry.All.Where(d => Glob.Fits(parsed.GetValue(Filter), d.Schema.Name)
            && (own.Length == 0 || models.IsFrom(own, d.Schema)))];
        if (ops.Length == 0)
            throw new OpException("status", "ops", own.Length == 0 ? $"no op fits '{parsed.GetValue(Filter)}'{OpSubject.Near(parsed.GetValue(Filter)!, OpRegistry.All.Select(d => d.Schema.Name))}"
                : $"no op of {string.Join(", ", own)} is known{(parsed.GetValue(Filter) is { } glob ? $" that fits '{glob}'" : "")}; --ops FILE.dll names the assembly that was built from them");
        var ladder = new MaturityLadder(models);
        bool json = parsed.GetValue(Json);
        var rows = new List<Maturity>();
        int width = ops.Max(d => d.Schema.ToString().Length);
        if (!json)
            terminal.WriteLine($"{"op".PadRight(width)}  rung  compared  missing for the next");
        foreach (OpDefinition op in ops)
        {
            terminal.Progress(op.Schema.ToString());
            cancellation.ThrowIfCancellationRequested();
            Maturity row = ladder.Of(op, cancellation);
            rows.Add(row);
            if (!json)
            {
                terminal.WriteLine($"{row.Op.PadRight(width)}  L{row.Level}    {row.Compared,8}  {Short(row.Missing)}".TrimEnd());
                if (row.Unbroken.Count > 0)
                    terminal.WriteLine($"{"".PadRight(width)}                  no case breaks {string.Join(", ", row.Unbroken)}");
            }
        }
        if (json)
            Print(terminal, rows);
        else
            terminal.WriteLine(string.Join(", ", rows.GroupBy(r => r.Level).OrderBy(g => g.Key).Select(g => $"{g.Count()} at L{g.Key}")));
        return 0;
    }

    private static string Short(string text) => text.ReplaceLineEndings(" ") is { Length: > 160 } line ? line[..157] + "..." : text.ReplaceLineEndings(" ");

    private static void Print(Terminal terminal, IReadOnlyList<Maturity> rows) => JsonOutput.Write(terminal.Output, writer =>
    {
        writer.WriteStartArray();
        foreach (Maturity row in rows)
        {
            writer.WriteStartObject();
            writer.WriteString("op", row.Op);
            writer.WriteNumber("level", row.Level);
            writer.WriteString("missing", row.Missing);
            writer.WriteNumber("compared", row.Compared);
            writer.WriteStartArray("unbroken_rules");
            foreach (string rule in row.Unbroken)
                writer.WriteStringValue(rule);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    });
}
