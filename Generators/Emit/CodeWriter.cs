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
        string open = attributes.Length == 0 ? $"<{element}>" : $"<{element} {attributes}>";
        string escaped = Escape(content);
        if (escaped.IndexOf('\n') < 0 && escaped.Length < 110)
            return Line($"/// {open}{escaped}</{element}>");
        Line($"/// {open}");
        foreach (string paragraph in escaped.Split('\n'))
            foreach (string line in Wrap(paragraph, 120))
                Line($"/// {line}".TrimEnd());
        return Line($"/// </{element}>");
    }

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

    private static IEnumerable<string> Wrap(string paragraph, int width)
    {
        var line = new StringBuilder();
        foreach (string word in paragraph.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }
            if (line.Length > 0)
                line.Append(' ');
            line.Append(word);
        }
        yield return line.ToString();
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
