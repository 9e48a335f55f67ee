using System.CommandLine;
using System.CommandLine.Invocation;
using Ops.Cli.Execution;

namespace Ops.Cli.Commands;

/// <summary>The command <c>opspec</c>.</summary>
internal static class OpspecCommand
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The arguments behind <c>opspec</c>.</param>
    /// <param name="output">Standard output; the console's when null.</param>
    /// <param name="error">Standard error; the console's when null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>0 when all is well, 1 when there are failures or findings, 2 for a usage error or unreadable input.</returns>
    public static async Task<int> Run(IReadOnlyList<string> arguments, TextWriter? output = null, TextWriter? error = null,
        CancellationToken cancellation = default)
    {
        var root = new RootCommand("Runs, tests and checks ops that are stated as YAML specs.")
        {
            RunCommand.Create(),
            TestCommand.Create(),
            InferCommand.Create(),
            NewCommand.Create(),
            CheckCommand.Create(),
            FixCommand.Create(),
            ExplainCommand.Create(),
            ExportCommand.Create(),
            SchemaCommand.Create(),
            BenchCommand.Create(),
            StatusCommand.Create(),
            OpLibraries.Option,
        };
        HelpExamples.AddTo(root);
        var streams = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        streams.Output = output ?? streams.Output;
        streams.Error = error ?? streams.Error;
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            streams.Error.WriteLine($"opspec: {UsageMistake.Of(parsed)}");
            return CommandGuard.Unusable;
        }
        if (UsageMistake.UnknownOption(parsed) is { } unknown)
        {
            streams.Error.WriteLine($"opspec: {unknown}");
            return CommandGuard.Unusable;
        }
        return await parsed.InvokeAsync(streams, cancellation);
    }
}
