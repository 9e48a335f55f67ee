using System.CommandLine;
using System.Globalization;
using Ops.Cli.Execution;
using Ops.Cli.Explaining;
using Ops.Cli.Output;
using Ops.Onnx;
using Ops.Specs;

namespace Ops.Cli.Commands;

/// <summary><c>opspec explain</c>: tells what an op is and how it runs, or how a model will run and what became of the graphs its nodes are
/// given.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Subject = new("SUBJECT") { Description = $"{OpSubject.Form}, or an ONNX model." };

    private static readonly Option<string[]> Dim = new("--dim")
    {
        HelpName = "NAME=N",
        Description = "The size of a named dim of the model's inputs. May be given many times.",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON." };

    /// <summary>The command.</summary>
    public static Command Create() => new ExplainedCommand("explain", "Tells what an op is and how it runs, or how a model will run.", """
        Examples:
          opspec explain Attention
          opspec explain Softmax@13 --json
          opspec explain model.onnx
          opspec explain model.onnx --dim batch=1 --dim length=4096 --json

        Of an op: the whole version with what it takes from older ones and the lines it comes from, where each dim gets its value, what is checked,
        and what runs for which element types.
        Of a model: each node's op, in the bodies of If, Loop and Scan too, and whether it runs fused (by its kernel) or decomposed (by its body).
        For graphs that modify attention: the tier (T0 nothing, T1 pointwise, T2 by position, T3 by whole rows, T4 decomposed) and its reason,
        the functor the graph became, the tiles that are left out or need no test, and the estimated time as a multiple of attention without
        modifiers. Where the model leaves extents open and no --dim gives them, the reason says which ones are assumed.
        Exit code: 0, or 2 for a usage error, a broken spec or an unreadable model.
        """)
    { Subject, Dim, Json }.Runs(Run);

    private static int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string subject = parsed.GetValue(Subject)!;
        bool json = parsed.GetValue(Json);
        if (subject.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) || File.Exists(subject))
        {
            ModelReport model = ModelReport.Of(OnnxModel.Load(subject).Graph, Sizes(parsed));
            if (json) model.PrintJson(terminal);
            else model.Print(terminal);
            return 0;
        }
        OpReport report = OpReport.Of(subject, cancellation);
        if (json) report.PrintJson(terminal);
        else report.Print(terminal);
        return 0;
    }

    private static Dictionary<string, long> Sizes(ParseResult parsed)
    {
        var sizes = new Dictionary<string, long>();
        foreach (string argument in parsed.GetValue(Dim) ?? [])
        {
            int at = argument.LastIndexOf('=');
            if (at <= 0 || !long.TryParse(argument[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long size))
                throw new OpException("--dim", "usage", $"wants NAME=N, got '{argument}'");
            sizes[argument[..at]] = size;
        }
        return sizes;
    }
}
