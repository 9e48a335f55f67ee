using System.CommandLine;
using System.CommandLine.Parsing;
using Ops.Specs.Diagnostics;

namespace Ops.Cli.Commands;

/// <summary>What is wrong with a command line, in a line that names what there is instead.</summary>
internal static class UsageMistake
{
    /// <summary>What the parser did not take.</summary>
    public static string Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command is RootCommand root)
        {
            string[] commands = [.. root.Subcommands.Select(c => c.Name)];
            string? given = parsed.Tokens.FirstOrDefault(t => t.Type == TokenType.Argument)?.Value;
            if (given is null || !given.StartsWith('-'))
                return (given is null ? $"a command is missing; there are {string.Join(", ", commands)}"
                    : $"there is no command '{given}'{Hint(given, commands)}") + See(command);
        }
        if (UnknownOption(parsed) is { } unknown)
            return unknown;
        string wrong = parsed.Errors.FirstOrDefault()?.Message ?? "the command line is not understood";
        // The library names a type of C#; all options that are not text are numbers.
        int type = wrong.IndexOf(" as expected type", StringComparison.Ordinal);
        return (type < 0 ? wrong.TrimEnd('.') : wrong[..type] + ": it wants a whole number") + See(command);
    }

    /// <summary>An option that the command does not have, which would pass for a file; null when there is none.</summary>
    public static string? UnknownOption(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string? option = parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash)
            .FirstOrDefault(t => t is { Type: TokenType.Argument, Value: ['-', var next, ..] } && !char.IsDigit(next))?.Value;
        if (option is null)
            return null;
        int value = option.IndexOf('=');
        string name = value < 0 ? option : option[..value];
        IEnumerable<string> known = command.Parents.OfType<Command>().Append(command).SelectMany(c => c.Options)
            .Select(o => o.Name);
        return $"{(command is RootCommand ? "opspec" : command.Name)} has no option '{name}'{Hint(name, known)}{See(command)}";
    }

    private static string Hint(string name, IEnumerable<string> known) => DidYouMean.Hint(name, known);

    private static string See(Command command) => $" (see opspec {(command is RootCommand ? "" : command.Name + " ")}--help)";
}
