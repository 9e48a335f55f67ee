using System.CommandLine;

namespace Ops.Cli.Commands;

/// <summary>A command whose help ends with a text of its own: examples and exit codes.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does, one line.</param>
/// <param name="explanation">The text.</param>
internal sealed class ExplainedCommand(string name, string description, string explanation) : Command(name, description)
{
    /// <summary>The text.</summary>
    public string Explanation { get; } = explanation;
}
