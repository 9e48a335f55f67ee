using System.CommandLine;
using System.CommandLine.Parsing;
using Ops.Graphs;

namespace Ops.Cli.Commands;

/// <summary><c>--path</c>: how composite ops run.</summary>
internal static class PathOption
{
    /// <summary>The option.</summary>
    public static Option<ExecutionPath> Create()
    {
        var option = new Option<ExecutionPath>("--path")
        {
            HelpName = "auto|fused|decomposed",
            Description = "How ops with a body of other ops run: by their kernel where there is one (auto), by nothing but it (fused), or by the body.",
            CustomParser = Parse,
        };
        option.CompletionSources.Add("auto", "fused", "decomposed");
        return option;
    }

    private static ExecutionPath Parse(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "auto":
                return ExecutionPath.Auto;
            case "fused":
                return ExecutionPath.Fused;
            case "decomposed":
                return ExecutionPath.Decomposed;
            default:
                result.AddError($"--path wants auto, fused or decomposed, got '{result.Tokens[0].Value}'");
                return default;
        }
    }
}
