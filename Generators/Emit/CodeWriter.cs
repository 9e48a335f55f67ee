using System.Runtime.CompilerServices;
using System.Text;

namespace Ops.Generators.Emit;

/// <summary>Writes indented C#. Lines end with a line feed on every system, so that output is the same everywhere.</summary>
internal sealed class CodeWriter
{
    private const int Roomy = 1 << 16, TooLarge = 1 << 20;

    [ThreadStatic]
    private static StringBuilder? spare;

    private readonly StringBuilder text = Rent();
    private int depth;

    /// <summary>Writes one line, part after part.</summary>
    public CodeWriter Line([InterpolatedStringHandlerArgument("")] ref Parts parts)
    {
        text.Append('\n');
        return this;
    }

    /// <summary>Writes one line; an empty one stays free of spaces.</summary>
    public CodeWriter Line(string line = "")
    {
        if (line.Length > 0)
            text.Append(' ', depth * 4).Append(line);
        text.Append('\n');
        return this;
    }

    /// <summary>Writes an empty line, unless one or an opening brace stands there already.</summary>
    public CodeWriter Section()
    {
        bool open = text.Length >= 2 && text[text.Length - 1] == '\n' && text[text.Length - 2] is '\n' or '{';
        return open ? this : Line();
    }

    /// <summary>Writes each line of <paramref name="block"/>.</summary>
    public CodeWriter Lines(string block)
    {
        if (block.IndexOf('\n') < 0)
            return Line(block.TrimEnd());
        foreach (string line in block.Split('\n'))
            Line(line.TrimEnd());
        return this;
    }

    /// <summary>Writes an optional head line and an opening brace; disposing writes the closing one.</summary>
    public Scope Block(string? head = null, string end = "}")
    {
        if (head is not null)
            Lines(head);
        return Open(end);
    }

    /// <summary>Writes a head line and an opening brace; disposing writes the closing one.</summary>
    public Scope Block([InterpolatedStringHandlerArgument("")] ref Parts head, string end = "}")
    {
        text.Append('\n');
        return Open(end);
    }

    private Scope Open(string end)
    {
        Line("{");
        depth++;
        return new Scope(this, end);
    }

    /// <summary>Indents what is written until disposal, without braces.</summary>
    public Scope Indent()
    {
        depth++;
        return new Scope(this, null);
    }

    /// <summary>Writes an XML documentation element, its text escaped and wrapped.</summary>
    public CodeWriter Doc(string element, string content, string attributes = "")
    {
        string space = attributes.Length == 0 ? "" : " ", escaped = Escape(content);
        if (escaped.IndexOf('\n') < 0 && escaped.Length < 110)
            return Line($"/// <{element}{space}{attributes}>{escaped}</{element}>");
        Line($"/// <{element}{space}{attributes}>");
        for (int start = 0, end; start <= escaped.Length; start = end + 1)
        {
            end = escaped.IndexOf('\n', start) is >= 0 and int found ? found : escaped.Length;
            Wrap(escaped, start, end);
        }
        return Line($"/// </{element}>");
    }

    /// <summary>Writes a paragraph as comment lines, broken between words.</summary>
    private void Wrap(string paragraph, int start, int end)
    {
        const int width = 120;
        while (true)
        {
            int stop = end;
            if (end - start > width)
                stop = paragraph.LastIndexOf(' ', start + width, width) is >= 0 and int space ? space
                    : paragraph.IndexOf(' ', start + width, end - start - width) is >= 0 and int later ? later : end;
            int last = stop;
            while (last > start && paragraph[last - 1] is ' ' or '\r')
                last--;
            text.Append(' ', depth * 4).Append("///").Append(last > start ? " " : "").Append(paragraph, start, last - start).Append('\n');
            if (stop >= end)
                return;
            start = stop + 1;
        }
    }

    /// <summary>How much is written, to ask for what follows by <see cref="Since"/>.</summary>
    public int Mark => text.Length;

    /// <summary>What was written since a mark, to be written again by <see cref="Again"/>.</summary>
    public string Since(int mark) => text.ToString(mark, text.Length - mark);

    /// <summary>Writes whole lines that were written before.</summary>
    public void Again(string lines) => text.Append(lines);

    /// <summary>What was written; the writer is spent then.</summary>
    public string Finish()
    {
        string result = text.ToString();
        if (text.Capacity <= TooLarge)
            spare = text;
        return result;
    }

    private static StringBuilder Rent()
    {
        StringBuilder rented = spare?.Clear() ?? new StringBuilder(Roomy);
        spare = null;
        return rented;
    }

    public static string Escape(string content) => content.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    /// <summary>A C# string literal.</summary>
    public static string Quote(string value)
    {
        bool plain = true;
        foreach (char c in value)
            plain &= c is >= ' ' and <= '~' and not ('"' or '\\');
        if (plain)
            return "\"" + value + "\"";
        var quoted = new StringBuilder("\"");
        foreach (char c in value)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (c is < ' ' or > '~')
                quoted.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            else
                quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>An interpolated line, appended to the text as it is: no string is made of it.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Parts
    {
        private readonly StringBuilder text;

        public Parts(int literals, int holes, CodeWriter writer)
        {
            text = writer.text;
            text.Append(' ', writer.depth * 4);
        }

        public void AppendLiteral(string literal) => text.Append(literal);

        public void AppendFormatted(string? part) => text.Append(part);

        public void AppendFormatted(int number) => text.Append(number);

        public void AppendFormatted<T>(T part) => text.Append(part);
    }

    public readonly struct Scope(CodeWriter writer, string? end) : IDisposable
    {
        public void Dispose()
        {
            writer.depth--;
            if (end is not null)
                writer.Line(end);
        }
    }
}
