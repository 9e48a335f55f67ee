using System.Text;

namespace Ops.Generators.Emit;

/// <summary>Writes indented C#. Lines end with a line feed on every system, so that output is the same everywhere.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder text = new();
    private int depth;

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
        foreach (string line in block.Split('\n'))
            Line(line.TrimEnd());
        return this;
    }

    /// <summary>Writes an optional head line and an opening brace; disposing writes the closing one.</summary>
    public Scope Block(string? head = null, string end = "}")
    {
        if (head is not null)
            Lines(head);
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

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    public static string Escape(string content) => content.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    /// <summary>A C# string literal.</summary>
    public static string Quote(string value)
    {
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
