using System.CommandLine;
using System.Globalization;
using Ops.Cli.Execution;
using Ops.Cli.Output;
using Ops.Onnx;
using Ops.Specs;

namespace Ops.Cli.Commands;

/// <summary><c>opspec explain</c>: tells how a model will run, and what became of the graphs that its nodes are given.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Subject = new("MODEL") { Description = "An ONNX model." };

    private static readonly Option<string[]> Dim = new("--dim")
    {
        HelpName = "NAME=N",
        Description = "The size of a named dim of the model's inputs. May be given many times.",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON." };

    /// <summary>The command.</summary>
    public static Command Create() => new ExplainedCommand("explain", "Tells how every node of a model will run, and why.", """
        Examples:
          opspec explain model.onnx
          opspec explain model.onnx --dim batch=1 --dim length=4096 --json

        For each node: its op, and whether it runs fused (by its kernel) or decomposed (by its body). For graphs that modify attention:
        the tier (T0 nothing, T1 pointwise, T2 by position, T3 by whole rows, T4 decomposed) and its reason, the functor the graph became,
        the tiles that are left out or need no test, and the estimated time as a multiple of attention without modifiers.
        Exit code: 0, or 2 for a usage error or an unreadable model.
        """)
    { Subject, Dim, Json }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var sizes = new Dictionary<string, long>();
        foreach (string argument in parsed.GetValue(Dim) ?? [])
        {
            int at = argument.LastIndexOf('=');
            if (at <= 0 || !long.TryParse(argument[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long size))
                throw new OpException("--dim", "usage", $"wants NAME=N, got '{argument}'");
            sizes[argument[..at]] = size;
        }
        var report = ModelReport.Of(OnnxModel.Load(parsed.GetValue(Subject)!).Graph, sizes);
        if (parsed.GetValue(Json)) report.PrintJson(terminal);
        else report.Print(terminal);
        return 0;
    }
}
