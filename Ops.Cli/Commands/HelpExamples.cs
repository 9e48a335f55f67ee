using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ops.Cli.Commands;

/// <summary>Help that ends with the text of an <see cref="ExplainedCommand"/>.</summary>
/// <param name="usual">The help the library prints.</param>
internal sealed class HelpExamples(HelpAction usual) : SynchronousCommandLineAction
{
    /// <summary>Makes a command line print such help.</summary>
    public static void AddTo(RootCommand root)
    {
        foreach (Option option in root.Options)
            if (option is HelpOption { Action: HelpAction action } help)
                help.Action = new HelpExamples(action);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExplainedCommand command)
            parseResult.InvocationConfiguration.Output.WriteLine(command.Explanation);
        return code;
    }
}
