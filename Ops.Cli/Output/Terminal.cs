using Spectre.Console;

namespace Ops.Cli.Output;

/// <summary>Where a command prints. Colours and progress exist in a terminal only; elsewhere a line is exactly what was printed.</summary>
internal sealed class Terminal
{
    private readonly IAnsiConsole? console;
    private int progressWidth;

    /// <summary>A place to print.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="interactive">Whether output goes to a terminal.</param>
    public Terminal(TextWriter output, TextWriter error, bool interactive = false)
    {
        Output = output;
        Error = error;
        if (interactive)
            console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
    }

    /// <summary>Standard output.</summary>
    public TextWriter Output { get; }

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; }

    /// <summary>Prints a line.</summary>
    public void WriteLine(string text = "")
    {
        EraseProgress();
        Output.WriteLine(text);
    }

    /// <summary>Prints text, coloured in a terminal.</summary>
    public void Write(string text, Color? colour = null)
    {
        EraseProgress();
        if (console is not null && colour is { } chosen && console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors)
            // A control sequence keeps the text whole; the console's own writer would wrap it.
            Output.Write($"\e[{(chosen == Color.Red ? 31 : chosen == Color.Green ? 32 : chosen == Color.Yellow ? 33 : 90)}m{text}\e[0m");
        else
            Output.Write(text);
    }

    /// <summary>Shows what a long run is at; it is gone with the next line.</summary>
    public void Progress(string text)
    {
        if (console is null || !console.Profile.Capabilities.Ansi)
            return;
        EraseProgress();
        string shown = text.Length < console.Profile.Width ? text : text[..Math.Max(0, console.Profile.Width - 1)];
        Output.Write(shown);
        progressWidth = shown.Length;
    }

    /// <summary>Removes what <see cref="Progress"/> shows.</summary>
    public void EraseProgress()
    {
        if (progressWidth > 0)
            Output.Write("\r\e[2K");
        progressWidth = 0;
    }
}
