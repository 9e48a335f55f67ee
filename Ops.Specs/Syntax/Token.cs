namespace Ops.Specs.Syntax;

internal enum TokenKind
{
    End,
    Name,
    Number,
    /// <summary>Text between single quotes; in bodies also between double ones.</summary>
    String,
    Punctuation,
    /// <summary>Something no token starts with; <see cref="Token.Text"/> is the message.</summary>
    Error,
}

/// <summary>A token; <paramref name="Start"/> and <paramref name="End"/> count in the scalar's value.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End)
{
    internal bool Is(string text) => Kind is TokenKind.Punctuation or TokenKind.Name && Text == text;
}
