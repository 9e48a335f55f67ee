using YamlDotNet.Core;

namespace Ops.Specs.Text;

/// <summary>
/// Finds the place in the file of each character of a scalar's value. The YAML parser gives values unfolded and unescaped; walking the raw
/// text beside the value, by the rules of the scalar's style, recovers what it threw away.
/// </summary>
internal static class ScalarMap
{
    internal static MappedText Make(SpecText source, string value, ScalarStyle style, int start, int end)
    {
        string raw = source.Text;
        int quotes = style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted ? 1 : 0;
        // Most values stand in the file as they are: nothing is folded, doubled or escaped.
        if (style is not (ScalarStyle.Literal or ScalarStyle.Folded) && end - start == value.Length + 2 * quotes && end <= raw.Length
            && string.CompareOrdinal(raw, start + quotes, value, 0, value.Length) == 0)
            return new MappedText(source, value, start + quotes);
        int[] map = new int[value.Length + 1];
        switch (style)
        {
            case ScalarStyle.Literal:
                map[value.Length] = WalkLiteral(source, value, start, map);
                break;
            case ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted:
                map[value.Length] = WalkFlow(raw, value, style, Math.Min(start + 1, raw.Length), Math.Min(end, raw.Length), map);
                break;
            case ScalarStyle.Folded:
                map[value.Length] = WalkFolded(raw, value, source.LineEnd(source.LineOf(Math.Min(start, raw.Length))), map);
                break;
            default:
                map[value.Length] = WalkFlow(raw, value, style, start, Math.Min(end, raw.Length), map);
                break;
        }
        return new MappedText(source, value, map);
    }

    /// <summary>Plain and quoted scalars: line breaks fold, quotes double, backslashes escape.</summary>
    private static int WalkFlow(string raw, string value, ScalarStyle style, int at, int end, int[] map)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (style == ScalarStyle.DoubleQuoted)
                at = SkipEscapedBreaks(raw, at, end);
            map[i] = Math.Min(at, raw.Length);
            if (at >= end)
                continue;
            char c = raw[at];
            if (c is ' ' or '\t' or '\r' or '\n' && FoldEnd(raw, at, end, out int breaks) is int next && breaks > 0)
            {
                // One break is a space, n breaks are n - 1 line feeds; all of them stand where the fold begins.
                for (int k = 1; k < breaks - 1 && i + 1 < value.Length; k++)
                    map[++i] = at;
                at = next;
            }
            else if (c == '\'' && style == ScalarStyle.SingleQuoted)
                at += 2;
            else if (c == '\\' && style == ScalarStyle.DoubleQuoted)
            {
                int length = EscapeLength(raw, at);
                // A \U escape beyond the BMP gives two UTF-16 units.
                if (length == 10 && char.IsHighSurrogate(value[i]) && i + 1 < value.Length)
                    map[++i] = at;
                at += length;
            }
            else
                at++;
        }
        return Math.Min(at, raw.Length);
    }

    private static int FoldEnd(string raw, int at, int end, out int breaks)
    {
        breaks = 0;
        while (at < end && raw[at] is ' ' or '\t' or '\r' or '\n')
        {
            if (raw[at] == '\r' && at + 1 < end && raw[at + 1] == '\n')
                at++;
            if (raw[at] is '\r' or '\n')
                breaks++;
            at++;
        }
        return at;
    }

    private static int SkipEscapedBreaks(string raw, int at, int end)
    {
        while (at + 1 < end && raw[at] == '\\' && raw[at + 1] is '\r' or '\n')
            at = FoldEnd(raw, at + 1, end, out _);
        return at;
    }

    private static int EscapeLength(string raw, int at) => at + 1 >= raw.Length ? 1 : raw[at + 1] switch
    {
        'x' => 4,
        'u' => 6,
        'U' => 10,
        _ => 2,
    };

    /// <summary>Literal blocks: each line of the value is a line of the file without its indentation.</summary>
    private static int WalkLiteral(SpecText source, string value, int start, int[] map)
    {
        int header = source.LineOf(Math.Min(start, source.Text.Length));
        int indent = -1, at = 0;
        for (int line = header + 1; at <= value.Length; line++)
        {
            int length = LengthOfLine(value, at), last = Math.Min(line, source.LineCount - 1);
            // The first line that is not empty tells how far the block is indented.
            if (indent < 0 && length > 0 && line < source.LineCount)
                indent = Math.Max(0, source.LineEnd(line) - source.LineStart(line) - length);
            int first = Math.Min(source.LineStart(last) + Math.Max(0, indent), source.LineEnd(last));
            for (int k = 0; k <= length; k++)
                map[at++] = Math.Min(first + k, source.Text.Length);
        }
        return map[map.Length - 1];
    }

    private static int LengthOfLine(string value, int start) =>
        value.IndexOf('\n', start) is >= 0 and int end ? end - start : value.Length - start;

    /// <summary>Folded blocks are prose: following the letters is exact enough.</summary>
    private static int WalkFolded(string raw, string value, int at, int[] map)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (!char.IsWhiteSpace(value[i]))
            {
                int found = raw.IndexOf(value[i], at);
                at = found >= 0 ? found : at;
            }
            map[i] = Math.Min(at, raw.Length);
            if (at < raw.Length && (raw[at] == value[i]))
                at++;
        }
        return Math.Min(at, raw.Length);
    }
}
