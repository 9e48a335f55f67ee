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
        List<int> starts = [0];
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
                i++;
            else if (text[i] is not ('\n' or '\r'))
                continue;
            starts.Add(i + 1);
        }
        lineStarts = [.. starts];
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
