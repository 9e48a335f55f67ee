using System.CommandLine;
using Ops.Cli.Explaining;
using Ops.Cli.Output;

namespace Ops.Cli.Commands;

/// <summary><c>opspec explain</c>: tells what an op is and how it runs.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Subject = new("OP") { Description = "An op, or OP@N for the version that opset N has." };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON." };

    /// <summary>The command.</summary>
    public static Command Create() => new ExplainedCommand("explain", "Tells what an op is and how it runs.", """
        Examples:
          opspec explain Attention
          opspec explain Softmax@13 --json

        Of an op: the whole version with what it takes from older ones and the lines it comes from, where each dim gets its value, what is checked,
        and what runs for which element types. Exit code: 0, or 2 for a usage error or a broken spec.
        """)
    { Subject, Json }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        OpReport report = OpReport.Of(parsed.GetValue(Subject)!, cancellation);
        if (parsed.GetValue(Json)) report.PrintJson(terminal);
        else report.Print(terminal);
        return 0;
    }
}
