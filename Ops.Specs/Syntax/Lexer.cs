using Ops.Specs.Text;

namespace Ops.Specs.Syntax;

/// <summary>Cuts the text of expressions, declarations and bodies into tokens.</summary>
internal static class Lexer
{
    // The longest first: the first that matches is taken.
    private static readonly ILookup<char, string> Punctuation = new[]
    {
        "...", "..<", "..", "=>", "->", "==", "!=", "<=", ">=", "<", ">", "=", "+", "-", "*", "/", "%", "|",
        "(", ")", "[", "]", "{", "}", ",", ":", "@", "?", ".",
    }.ToLookup(p => p[0]);

    // Of every text only the tokens remain, not the list they were gathered in.
    [ThreadStatic]
    private static List<Token>? gathered;

    private static readonly HashSet<string> Keywords = ["if", "else", "for", "in", "not", "and", "or"];

    internal static bool IsKeyword(string name) => Keywords.Contains(name);

    internal static bool IsName(string text) =>
        text.Length > 0 && IsLetter(text[0]) && text.All(c => IsLetter(c) || IsDigit(c) || c == '_') && !IsKeyword(text);

    internal static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');

    internal static bool IsDigit(char c) => c is >= '0' and <= '9';

    /// <param name="text">The text.</param>
    /// <param name="body">Whether it is a body, which has comments and double quotes.</param>
    internal static Token[] Lex(string text, bool body = false)
    {
        List<Token> tokens = gathered ??= [];
        tokens.Clear();
        int at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            if (body && at < text.Length && text[at] == '#')
            {
                while (at < text.Length && text[at] != '\n')
                    at++;
                continue;
            }
            if (at >= text.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", text.Length, text.Length));
                return tokens.ToArray();
            }
            Token token = Next(text, at, body);
            tokens.Add(token);
            at = token.End;
        }
    }

    private static Token Next(string text, int start, bool body)
    {
        char c = text[start];
        int at = start;
        if (IsLetter(c) || c == '_')
        {
            while (at < text.Length && (IsLetter(text[at]) || IsDigit(text[at]) || text[at] == '_'))
                at++;
            string name = Words.Of(text, start, at - start);
            return c != '_' || (body && name == "_")
                ? new Token(TokenKind.Name, name, start, at)
                : new Token(TokenKind.Error, $"'{name}' is not a name; names start with a letter", start, at);
        }
        if (IsDigit(c))
            return Number(text, start);
        if (c == '\'' || (c == '"' && body))
            return Quoted(text, start, c);
        if (c == '"')
            return new Token(TokenKind.Error, "text stands between single quotes: 'text'", start, start + 1);
        foreach (string p in Punctuation[c])
            if (string.CompareOrdinal(text, start, p, 0, p.Length) == 0)
                return new Token(TokenKind.Punctuation, p, start, start + p.Length);
        int length = char.IsHighSurrogate(c) && start + 1 < text.Length ? 2 : 1;
        string hint = c switch
        {
            '!' => "; 'not' negates",
            '&' => "; 'and' joins conditions",
            '^' or '~' => "; the language has no such operator",
            '#' => "; a comment needs a space before '#' and is not part of the value",
            _ => "",
        };
        return new Token(TokenKind.Error, $"'{text.Substring(start, length)}' cannot stand here{hint}", start, start + length);
    }

    private static Token Number(string text, int start)
    {
        int at = Digits(text, start);
        // `1..` is a range that starts at 1, not the number `1.`.
        if (at + 1 < text.Length && text[at] == '.' && IsDigit(text[at + 1]))
            at = Digits(text, at + 1);
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            int exponent = at + 1 < text.Length && text[at + 1] is '-' or '+' ? at + 2 : at + 1;
            if (exponent < text.Length && IsDigit(text[exponent]))
                at = Digits(text, exponent);
        }
        if (at < text.Length && (IsLetter(text[at]) || text[at] == '_'))
        {
            while (at < text.Length && (IsLetter(text[at]) || IsDigit(text[at]) || text[at] == '_'))
                at++;
            return new Token(TokenKind.Error,
                $"'{text.Substring(start, at - start)}' is neither a number nor a name; a product is written with '*'", start, at);
        }
        return new Token(TokenKind.Number, Words.Of(text, start, at - start), start, at);
    }

    private static int Digits(string text, int at)
    {
        while (at < text.Length && IsDigit(text[at]))
            at++;
        return at;
    }

    private static Token Quoted(string text, int start, char quote)
    {
        for (int at = start + 1; at < text.Length && text[at] != '\n'; at++)
            if (text[at] == '\\' && quote == '"')
                at++;
            else if (text[at] == quote)
                return new Token(TokenKind.String, text.Substring(start + 1, at - start - 1), start, at + 1);
        return new Token(TokenKind.Error, $"the quote {quote} opened here is never closed", start, start + 1);
    }
}
