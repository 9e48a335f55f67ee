using Ops.Specs.Diagnostics;

namespace Ops.Specs.Text;

/// <summary>A spec file's text with the starts of its lines. Lines end at LF, CRLF or CR, as in editors.</summary>
internal sealed class SpecText
{
    private readonly int[] lineStarts;

    internal SpecText(string path, string text)
    {
        Path = path;
        Text = text;
        int lines = 1;
        for (int end = NextBreak(0); end >= 0; end = NextBreak(end))
            lines++;
        lineStarts = new int[lines];
        for (int line = 1; line < lines; line++)
            lineStarts[line] = NextBreak(lineStarts[line - 1]);
    }

    internal string Path { get; }

    internal string Text { get; }

    internal int LineCount => lineStarts.Length;

    internal int LineStart(int line) => lineStarts[line];

    /// <summary>Where the text of a line ends, its line break left out.</summary>
    internal int LineEnd(int line)
    {
        int end = line + 1 < lineStarts.Length ? lineStarts[line + 1] : Text.Length;
        while (end > lineStarts[line] && Text[end - 1] is '\n' or '\r')
            end--;
        return end;
    }

    /// <summary>Where the line behind the next line break starts; -1 when there is none.</summary>
    private int NextBreak(int from)
    {
        int at = Text.AsSpan(from).IndexOfAny('\n', '\r');
        if (at < 0)
            return -1;
        at += from + 1;
        return Text[at - 1] == '\r' && at < Text.Length && Text[at] == '\n' ? at + 1 : at;
    }

    internal int LineOf(int offset)
    {
        int index = Array.BinarySearch(lineStarts, offset);
        return index >= 0 ? index : ~index - 1;
    }

    /// <summary>A span of this text, cut to its bounds.</summary>
    internal SourceSpan Span(int start, int length)
    {
        start = Math.Max(0, Math.Min(start, Text.Length));
        return new SourceSpan(this, start, Math.Max(0, Math.Min(length, Text.Length - start)));
    }

    internal SpecSpan Locate(int start, int length)
    {
        int startLine = LineOf(start), endLine = LineOf(start + length);
        return new SpecSpan(start, length, startLine, start - lineStarts[startLine], endLine, start + length - lineStarts[endLine]);
    }
}

/// <summary>A piece of one file. It names its file because a spec that is <c>like</c> another binds syntax of both.</summary>
internal readonly record struct SourceSpan(SpecText Source, int Start, int Length)
{
    internal int End => Start + Length;

    /// <summary>From the start of this span to the end of <paramref name="other"/>.</summary>
    internal SourceSpan To(SourceSpan other) => new(Source, Start, Math.Max(0, other.End - Start));
}
