using Ops.Specs.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ops.Specs.Syntax;

/// <summary>
/// Says in plain words why a file is not YAML, and where. The parser's own messages speak of tokens and often point behind the cause: for a
/// tab, an open bracket or an open quote the raw text tells more.
/// </summary>
internal static class YamlTrouble
{
    private const string MappingInside = "': ' cannot stand inside a plain value; quote the value, or check the indentation";
    private const string WantsKey = "a key is expected here; check the indentation, and quote values that start with a bracket or a quote";

    /// <summary>The first character that YAML text may not hold.</summary>
    internal static (SourceSpan Span, string Message)? ForbiddenCharacter(SpecText text, int from)
    {
        string raw = text.Text;
        for (int i = from; i < raw.Length; i++)
        {
            char c = raw[i];
            if (char.IsHighSurrogate(c) && i + 1 < raw.Length && char.IsLowSurrogate(raw[i + 1]))
                i++;
            else if (char.IsSurrogate(c))
                return (text.Span(i, 1), $"half of a surrogate pair (U+{(int)c:X4}) is not text");
            else if (c == '\uFFFD')
                return (text.Span(i, 1), "the file is not UTF-8 here");
            else if ((c < ' ' && c is not ('\t' or '\n' or '\r')) || c is '\x7f' or '\uFFFE' or '\uFFFF' or '\uFEFF'
                || (c > '\x7f' && c < '\xa0'))
                return (text.Span(i, 1), $"the character U+{(int)c:X4} cannot stand in a spec");
            // Editors and the YAML parser disagree whether these end a line; then no position would be right.
            else if (c is '\u2028' or '\u2029')
                return (text.Span(i, 1), $"the character U+{(int)c:X4} cannot stand in a spec; use a line feed");
        }
        return null;
    }

    internal static (SourceSpan Span, string Message) Explain(SpecText text, int skipped, Exception e, ParsingEvent? last)
    {
        int failure = e is YamlException { Start: { } mark } && (mark.Index > 0 || e is SyntaxErrorException or SemanticErrorException)
            ? (int)Math.Min(mark.Index + skipped, text.Text.Length)
            : last is not null ? (int)Math.Min(last.End.Index + skipped, text.Text.Length) : 0;
        if (TabIndentation(text, failure) is { } tab)
            return (tab, "a tab is used for indentation; YAML allows only spaces");
        if (Unclosed(text) is { } open)
        {
            char c = text.Text[open.Start];
            string what = c is '"' or '\'' ? "quote" : "bracket";
            return (open, $"the {what} '{c}' opened here is never closed");
        }
        string message = Plain(e.Message);
        // The parser stumbles over the line behind the one that is wrong.
        if (LineBefore(text, text.LineOf(failure)) is { } before)
        {
            string line = text.Text.Substring(before.Start, before.Length);
            if (message == MappingInside && line.IndexOf(": ", StringComparison.Ordinal) < 0
                && !line.EndsWith(":", StringComparison.Ordinal))
                return (before, "a ':' is missing here, between a key and its value");
            if (message == WantsKey && (before.Start - text.LineStart(text.LineOf(before.Start))) % 2 == 1)
                return (before, "a key is expected behind this; check the indentation, which is two spaces for each level");
        }
        return (Word(text, failure), message);
    }

    /// <summary>The text of the nearest line above that says anything.</summary>
    private static SourceSpan? LineBefore(SpecText text, int line)
    {
        while (--line >= 0)
        {
            string content = text.Text.Substring(text.LineStart(line), text.LineEnd(line) - text.LineStart(line)), trimmed = content.Trim();
            if (trimmed.Length > 0 && trimmed[0] != '#')
                return trimmed is "---"
                    ? null : text.Span(text.LineStart(line) + content.IndexOf(trimmed, StringComparison.Ordinal), trimmed.Length);
        }
        return null;
    }

    /// <summary>The parser's message without positions, in the words of a spec's author.</summary>
    private static string Plain(string message)
    {
        if (message.IndexOf("mapping values are not allowed", StringComparison.OrdinalIgnoreCase) >= 0
            || message.IndexOf("found invalid mapping", StringComparison.OrdinalIgnoreCase) >= 0)
            return MappingInside;
        if (message.IndexOf("did not find expected key", StringComparison.OrdinalIgnoreCase) >= 0)
            return WantsKey;
        if (message.IndexOf("could not find expected ':'", StringComparison.OrdinalIgnoreCase) >= 0)
            return "a ':' is missing after this key";
        if (message.IndexOf("'-' indicator", StringComparison.OrdinalIgnoreCase) >= 0
            || message.IndexOf("block sequence entries", StringComparison.OrdinalIgnoreCase) >= 0)
            return "a list item '- ' cannot stand here; check the indentation";
        if (message.IndexOf("cannot start any token", StringComparison.OrdinalIgnoreCase) >= 0)
            return "a plain value cannot start with this character; quote the value";
        if (message.IndexOf("expected <document start>", StringComparison.OrdinalIgnoreCase) >= 0)
            return "this does not belong to the mapping above; check the indentation";
        return "this is not well-formed YAML; check indentation, brackets and quotes near here";
    }

    private static SourceSpan Word(SpecText text, int at)
    {
        string raw = text.Text;
        // A failure at a line's end or at the file's end belongs to the last word before it.
        while (at > 0 && (at >= raw.Length || raw[at] is '\r' or '\n') && at > text.LineStart(text.LineOf(Math.Min(at, raw.Length))))
            at--;
        int end = at;
        while (end < raw.Length && !char.IsWhiteSpace(raw[end]))
            end++;
        return text.Span(at, Math.Max(Math.Min(1, raw.Length - at), end - at));
    }

    /// <summary>The first indentation with a tab, when the parser failed at it or behind it.</summary>
    private static SourceSpan? TabIndentation(SpecText text, int failure)
    {
        int failedLine = text.LineOf(failure);
        for (int line = 0; line < text.LineCount; line++)
        {
            int at = text.LineStart(line), end = text.LineEnd(line);
            while (at < end && text.Text[at] == ' ')
                at++;
            if (at < end && text.Text[at] == '\t' && text.Text.AsSpan(at, end - at).Trim().Length > 0
                && (line >= failedLine - 1 || failedLine == 0))
                return text.Span(at, 1);
        }
        return null;
    }

    /// <summary>The innermost bracket or quote that a value opens and nothing closes before the next key at the start of a line.</summary>
    private static SourceSpan? Unclosed(SpecText text)
    {
        string raw = text.Text;
        var open = new Stack<int>();
        int block = -1;
        for (int line = 0; line < text.LineCount; line++)
        {
            int start = text.LineStart(line), end = text.LineEnd(line), at = start;
            while (at < end && raw[at] == ' ')
                at++;
            if (at == end)
                continue;
            // Block scalars hold any text: skip what is indented deeper than their key.
            if (block >= 0 && at - start > block)
                continue;
            block = -1;
            if (open.Count > 0 && at == start && LooksLikeKey(raw, at, end))
                return text.Span(open.Peek(), 1);
            bool fresh = true;
            while (at < end)
            {
                char c = raw[at];
                if (c == '#' && (at == start || char.IsWhiteSpace(raw[at - 1])))
                    break;
                if (fresh && c is '"' or '\'' && (fresh || open.Count > 0))
                {
                    int close = CloseQuote(raw, at, out bool crossed);
                    if (close < 0 || (crossed && LooksLikeKeyBetween(text, at, close)))
                        return text.Span(at, 1);
                    while (close >= end && line + 1 < text.LineCount)
                        end = text.LineEnd(++line);
                    at = close + 1;
                    fresh = false;
                    continue;
                }
                if (c is '[' or '{' && (fresh || open.Count > 0))
                {
                    open.Push(at);
                    fresh = true;
                }
                else if (c is ']' or '}' && open.Count > 0)
                {
                    open.Pop();
                    fresh = false;
                }
                else if (c is ',' && open.Count > 0 || (c is ':' or '-' && (at + 1 == end || raw[at + 1] == ' ') && (c == ':' || fresh)))
                    fresh = true;
                else if (fresh && c is '|' or '>' && open.Count == 0 && fresh)
                {
                    block = Indentation(raw, start, end);
                    break;
                }
                else if (c != ' ')
                    fresh = false;
                at++;
            }
        }
        return open.Count > 0 ? text.Span(open.Peek(), 1) : null;
    }

    private static int Indentation(string raw, int start, int end)
    {
        int at = start;
        while (at < end && raw[at] == ' ')
            at++;
        return at - start;
    }

    private static int CloseQuote(string raw, int open, out bool crossed)
    {
        char quote = raw[open];
        crossed = false;
        for (int i = open + 1; i < raw.Length; i++)
        {
            if (raw[i] == '\n')
                crossed = true;
            else if (quote == '"' && raw[i] == '\\')
                i++;
            else if (raw[i] == quote && quote == '\'' && i + 1 < raw.Length && raw[i + 1] == quote)
                i++;
            else if (raw[i] == quote)
                return i;
        }
        return -1;
    }

    private static bool LooksLikeKeyBetween(SpecText text, int from, int to)
    {
        for (int line = text.LineOf(from) + 1; line <= text.LineOf(to); line++)
            if (LooksLikeKey(text.Text, text.LineStart(line), text.LineEnd(line)))
                return true;
        return false;
    }

    private static bool LooksLikeKey(string raw, int at, int end)
    {
        int start = at;
        while (at < end && (char.IsLetterOrDigit(raw[at]) || raw[at] is '_' or '-'))
            at++;
        return at > start && at < end && raw[at] == ':' && (at + 1 == end || raw[at + 1] == ' ');
    }
}
