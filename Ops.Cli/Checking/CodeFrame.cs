using System.Globalization;
using System.Text;
using Ops.Specs.Diagnostics;

namespace Ops.Cli.Checking;

/// <summary>A line of a code frame.</summary>
/// <param name="Gutter">Line number and bar.</param>
/// <param name="Text">The source, or the carets below it.</param>
/// <param name="IsMark">Whether it is carets.</param>
internal readonly record struct FrameLine(string Gutter, string Text, bool IsMark);

/// <summary>
/// The source lines of a finding with carets under the exact span. Tabs become spaces and wide characters count two columns, so that the
/// carets stand below what they mean in any terminal.
/// </summary>
internal static class CodeFrame
{
    private const int TabWidth = 4;
    private const int MaxLines = 6;
    private const int MaxColumns = 160;

    // What stays visible before a span far to the right.
    private const int Lead = 40;

    /// <summary>The lines of the frame.</summary>
    public static IReadOnlyList<FrameLine> Of(string text, SpecSpan span)
    {
        int start = Math.Clamp(span.Start, 0, text.Length), end = Math.Clamp(span.Start + span.Length, start, text.Length);
        var lines = new List<FrameLine>();
        int lineStart = LineStart(text, start), number = span.StartLine + 1;
        int last = number + Math.Max(0, span.EndLine - span.StartLine);
        int gutter = Math.Min(last, number + MaxLines).ToString(CultureInfo.InvariantCulture).Length;
        for (int shown = 0; ; shown++, number++)
        {
            int lineEnd = LineEnd(text, lineStart);
            if (shown == MaxLines)
            {
                lines.Add(new FrameLine($"{new string(' ', gutter)} | ", "...", IsMark: false));
                break;
            }
            Add(lines, text.AsSpan(lineStart, lineEnd - lineStart), Math.Max(start, lineStart) - lineStart,
                Math.Min(end, lineEnd) - lineStart, number, gutter);
            int next = NextLine(text, lineEnd);
            if (next >= end || next == lineEnd)
                break;
            lineStart = next;
        }
        return lines;
    }

    private static void Add(List<FrameLine> lines, ReadOnlySpan<char> line, int from, int to, int number, int gutter)
    {
        // Of a very long line only the part around the span is shown.
        int first = from > MaxColumns - Lead ? from - Lead : 0;
        if (first > 0 && char.IsLowSurrogate(line[first]))
            first--;
        var source = new StringBuilder(first > 0 ? "..." : "");
        var mark = new StringBuilder(first > 0 ? "   " : "");
        int column = source.Length;
        bool marked = false;
        for (int i = first; i < line.Length;)
        {
            Rune.DecodeFromUtf16(line[i..], out Rune rune, out int used);
            int width = rune.Value == '\t' ? TabWidth - column % TabWidth : Width(rune);
            if (column + width > MaxColumns)
            {
                source.Append("...");
                break;
            }
            source.Append(rune.Value == '\t' ? new string(' ', width) : Rune.IsControl(rune) ? "." : rune.ToString());
            bool inside = i >= from && i < to;
            // Blanks before a continued line's text are part of the span and would only blur it.
            mark.Append(inside && (marked || !Rune.IsWhiteSpace(rune)) ? '^' : ' ', width);
            marked |= inside && width > 0 && !Rune.IsWhiteSpace(rune);
            column += width;
            i += used;
        }
        if (!marked)
        {
            // An empty span, or one of blanks only, is a place: one caret at its start.
            int place = Columns(line, first, Math.Min(from, line.Length)) + (first > 0 ? 3 : 0);
            mark.Clear().Append(' ', place).Append('^');
        }
        lines.Add(new FrameLine($"{number.ToString(CultureInfo.InvariantCulture).PadLeft(gutter)} | ", source.ToString().TrimEnd(),
            IsMark: false));
        lines.Add(new FrameLine($"{new string(' ', gutter)} | ", mark.ToString().TrimEnd(), IsMark: true));
    }

    private static int Columns(ReadOnlySpan<char> line, int first, int to)
    {
        int column = first > 0 ? 3 : 0, origin = column;
        for (int i = first; i < to;)
        {
            Rune.DecodeFromUtf16(line[i..], out Rune rune, out int used);
            column += rune.Value == '\t' ? TabWidth - column % TabWidth : Width(rune);
            i += used;
        }
        return column - origin;
    }

    private static int Width(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
            return 0;
        return rune.Value is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0x303E or >= 0x3041 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3
            or >= 0xF900 and <= 0xFAFF
            or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F300 and <= 0x1F64F
            or >= 0x1F900 and <= 0x1F9FF
            or >= 0x20000 and <= 0x3FFFD ? 2 : 1;
    }

    private static int LineStart(string text, int at)
    {
        while (at > 0 && text[at - 1] is not ('\n' or '\r'))
            at--;
        return at;
    }

    private static int LineEnd(string text, int at)
    {
        int found = text.AsSpan(at).IndexOfAny('\n', '\r');
        return found < 0 ? text.Length : at + found;
    }

    private static int NextLine(string text, int lineEnd)
    {
        if (lineEnd >= text.Length)
            return lineEnd;
        return text[lineEnd] == '\r' && lineEnd + 1 < text.Length && text[lineEnd + 1] == '\n' ? lineEnd + 2 : lineEnd + 1;
    }
}
