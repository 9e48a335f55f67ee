using Ops.Specs.Diagnostics;
using Ops.Specs.Text;

namespace Ops.Specs.Syntax;

/// <summary>
/// The tokens of one scalar. The first mistake is reported and moves the reader to the end, so that everything above it stops by itself
/// and stays silent.
/// </summary>
internal abstract class TokenReader
{
    /// <summary>How deep expressions and types may nest.</summary>
    internal const int MaxDepth = 100;

    private readonly MappedText text;
    private readonly DiagnosticBag bag;
    private readonly SpecRule rule;
    private readonly bool blocking;
    private readonly Token[] tokens;
    private int depth;

    protected TokenReader(MappedText text, DiagnosticBag bag, SpecRule rule, bool blocking, bool body = false)
    {
        this.text = text;
        this.bag = bag;
        this.rule = rule;
        this.blocking = blocking;
        tokens = Lexer.Lex(text.Text, body);
        SkipErrors();
    }

    /// <summary>Whether a mistake was reported.</summary>
    internal bool Failed { get; private protected set; }

    /// <summary>Where the mistake was; the reader itself stands at the end then.</summary>
    protected int FailedAt { get; private set; }

    protected int Position { get; set; }

    protected Token Current => tokens[Position];

    protected bool AtEnd => tokens[Position].Kind == TokenKind.End;

    protected Token Peek(int ahead = 1) => tokens[Math.Min(Position + ahead, tokens.Length - 1)];

    protected bool At(string what) => tokens[Position].Is(what);

    protected bool AtName => Current.Kind == TokenKind.Name && !Lexer.IsKeyword(Current.Text);

    protected Token Take()
    {
        Token token = Current;
        if (token.Kind != TokenKind.End)
            Position++;
        SkipErrors();
        return token;
    }

    protected bool TryTake(string what)
    {
        if (!At(what))
            return false;
        Take();
        return true;
    }

    protected void Expect(string what, string? after = null)
    {
        if (!TryTake(what))
            Fail($"'{what}' is expected{(after is null ? "" : $" {after}")}{Found}");
    }

    /// <summary>Takes a name, or fails and gives an empty one.</summary>
    protected Token ExpectName(string role)
    {
        if (AtName)
            return Take();
        Fail($"{role} is expected{Found}");
        return new Token(TokenKind.Name, "", Current.Start, Current.Start);
    }

    protected string Found => Current.Kind switch
    {
        TokenKind.End => ", but the text ends here",
        TokenKind.String => $", not text '{Current.Text}'",
        _ => $", not '{Current.Text}'",
    };

    protected SourceSpan Span(Token token) => text.Span(token.Start, token.End);

    protected SourceSpan SpanFrom(int startToken) =>
        text.Span(tokens[startToken].Start, Position > startToken ? tokens[Position - 1].End : tokens[startToken].End);

    protected SourceSpan Here => Current.Kind == TokenKind.End && Position > 0 ? Span(tokens[Position - 1]) : Span(Current);

    protected void Fail(string message) => Fail(rule, Here, message);

    protected void Fail(SpecRule rule, SourceSpan span, string message)
    {
        if (Failed)
            return;
        bag.Report(rule, span.Length == 0 && text.Text.Length > 0 ? text.Whole : span, message, blocking);
        Failed = true;
        FailedAt = Position;
        Position = tokens.Length - 1;
    }

    /// <summary>Goes on behind a mistake.</summary>
    protected void Resume(int position)
    {
        Failed = false;
        Position = Math.Min(position, tokens.Length - 1);
        SkipErrors();
    }

    /// <summary>Enters one level of nesting; false when that is too deep, which is reported.</summary>
    protected bool Enter()
    {
        if (++depth <= MaxDepth)
            return true;
        Fail(SpecRules.TooDeep, Here, $"this nests more than {MaxDepth} levels deep");
        return false;
    }

    protected void Leave() => depth--;

    protected ExprSyntax Bounded(ExprSyntax syntax)
    {
        if (syntax.Depth <= MaxDepth)
            return syntax;
        Fail(SpecRules.TooDeep, Here, $"this expression has more than {MaxDepth} levels; name parts of it with 'let'");
        return new ErrorSyntax(syntax.Span);
    }

    private void SkipErrors()
    {
        if (tokens[Position] is { Kind: TokenKind.Error } token && !Failed)
            Fail(rule, Span(token), token.Text);
        else
            while (tokens[Position].Kind == TokenKind.Error)
                Position++;
    }
}
