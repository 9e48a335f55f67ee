using System.CommandLine;
using Ops.Cli.Execution;
using Ops.Cli.Output;
using Ops.Specs;

namespace Ops.Cli.Commands;

/// <summary>What all commands share: where they print, and what a failure returns.</summary>
internal static class CommandGuard
{
    /// <summary>The exit code for a usage error or unreadable input.</summary>
    public const int Unusable = 2;

    /// <summary>The exit code of a run that was stopped.</summary>
    public const int Stopped = 130;

    /// <summary>Gives a command its work; an error becomes one line and exit code 2.</summary>
    public static Command Runs(this Command command, Func<ParseResult, Terminal, CancellationToken, int> work)
    {
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, work, cancellation), CancellationToken.None));
        return command;
    }

    /// <summary>The message; of files and command lines without the name of a rule, which would say nothing more.</summary>
    private static string Told(OpException e) => e.Rule is "usage" or "file"
        ? string.Concat(e.Subject, e.Message.AsSpan(e.Subject.Length + 1 + e.Rule.Length)) : e.Message;

    private static int Run(ParseResult parsed, Func<ParseResult, Terminal, CancellationToken, int> work, CancellationToken cancellation)
    {
        InvocationConfiguration streams = parsed.InvocationConfiguration;
        bool interactive = ReferenceEquals(streams.Output, Console.Out) && !Console.IsOutputRedirected;
        var terminal = new Terminal(streams.Output, streams.Error, interactive);
        try
        {
            OpLibraries.Load(parsed.GetValue(OpLibraries.Option) ?? []);
            return work(parsed, terminal, cancellation);
        }
        catch (OpException e)
        {
            terminal.EraseProgress();
            streams.Error.WriteLine($"opspec: {Told(e).ReplaceLineEndings(" ")}");
            return Unusable;
        }
        catch (OperationCanceledException)
        {
            terminal.EraseProgress();
            streams.Error.WriteLine("opspec: stopped");
            return Stopped;
        }
    }
}
