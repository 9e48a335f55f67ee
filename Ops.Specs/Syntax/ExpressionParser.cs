using Ops.Specs.Diagnostics;
using Ops.Specs.Text;

namespace Ops.Specs.Syntax;

/// <summary>Recursive descent over the expression grammar; a method per production.</summary>
internal class ExpressionParser : TokenReader
{
    internal ExpressionParser(MappedText text, DiagnosticBag bag, bool blocking = false) : base(text, bag, SpecRules.Syntax, blocking)
    {
    }

    protected ExpressionParser(MappedText text, DiagnosticBag bag, SpecRule rule) : base(text, bag, rule, blocking: false, body: true)
    {
    }

    /// <summary>A whole scalar as one value; null when it does not parse.</summary>
    internal ExprSyntax? ParseWholeValue()
    {
        ExprSyntax value = ParseValue();
        ExpectEnd();
        return Failed ? null : value;
    }

    protected void ExpectEnd()
    {
        if (!AtEnd)
            Fail(At("=") ? "'=' cannot stand here; equality is written '=='" : $"'{Current.Text}' is not expected here");
    }

    /// <summary>value = expr [binders].</summary>
    protected ExprSyntax ParseValue()
    {
        int start = Position;
        ExprSyntax value = ParseExpression();
        if (!TryTake("for"))
            return value;
        List<BinderSyntax> binders = [];
        do
            binders.Add(ParseBinder());
        while (TryTake(",") && !Failed);
        return Bounded(new ComprehensionSyntax(SpanFrom(start), value, binders.ToArray()));
    }

    private BinderSyntax ParseBinder()
    {
        Token name = ExpectName("the name of a variable");
        ExprSyntax? limit = null, source = null, condition = null;
        if (TryTake("<"))
            limit = ParseOr();
        else if (TryTake("in"))
            source = ParseOr();
        else
            Fail($"'<' or 'in' is expected after '{name.Text}'{Found}");
        if (TryTake("if"))
            condition = ParseOr();
        return new BinderSyntax(name.Text, Span(name), limit, source, condition);
    }

    /// <summary>expr = or ["if" or ["else" expr]].</summary>
    protected ExprSyntax ParseExpression()
    {
        if (!Enter())
            return new ErrorSyntax(Here);
        ExprSyntax then = ParseOr();
        if (TryTake("if"))
        {
            ExprSyntax condition = ParseOr();
            ExprSyntax? otherwise = TryTake("else") ? ParseExpression() : null;
            then = Bounded(new ConditionalSyntax(then, condition, otherwise));
        }
        Leave();
        return then;
    }

    protected ExprSyntax ParseOr()
    {
        ExprSyntax left = ParseAnd();
        while (At("or"))
            left = Bounded(new BinarySyntax(left, Take().Text, ParseAnd()));
        return left;
    }

    private ExprSyntax ParseAnd()
    {
        ExprSyntax left = ParseNot();
        while (At("and"))
            left = Bounded(new BinarySyntax(left, Take().Text, ParseNot()));
        return left;
    }

    private ExprSyntax ParseNot()
    {
        int start = Position;
        if (!TryTake("not"))
            return ParseComparison();
        if (!Enter())
            return new ErrorSyntax(Here);
        ExprSyntax operand = ParseNot();
        Leave();
        return Bounded(new UnarySyntax(SpanFrom(start), "not", operand));
    }

    private ExprSyntax ParseComparison()
    {
        ExprSyntax first = ParseAlternatives();
        List<(string, ExprSyntax)>? links = null;
        while (ComparisonOperator() is string op)
            (links ??= []).Add((op, ParseAlternatives()));
        return links is null ? first : Bounded(new ComparisonSyntax(first, links.ToArray()));
    }

    private string? ComparisonOperator()
    {
        if (At("not") && Peek().Is("in"))
        {
            Take();
            Take();
            return "not in";
        }
        return Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=" or "in" && Current.Kind is TokenKind.Name or TokenKind.Punctuation
            && !StopsAt(Current)
            ? Take().Text
            : null;
    }

    /// <summary>Lets a body end an expression at a token the expression could go on with.</summary>
    protected virtual bool StopsAt(Token token) => false;

    private ExprSyntax ParseAlternatives()
    {
        ExprSyntax first = ParseRange();
        if (!At("|"))
            return first;
        List<ExprSyntax> parts = [first];
        while (TryTake("|"))
            parts.Add(ParseRange());
        return new AlternativesSyntax(parts.ToArray());
    }

    private ExprSyntax ParseRange()
    {
        int start = Position;
        ExprSyntax from = ParseSum();
        bool halfOpen = At("..<");
        if (!TryTake("..") && !TryTake("..<"))
            return from;
        ExprSyntax? to = StartsOperand ? ParseSum() : null;
        if (halfOpen && to is null)
            Fail($"an end is expected after '..<'{Found}");
        return Bounded(new RangeSyntax(SpanFrom(start), from, to, halfOpen));
    }

    private bool StartsOperand =>
        Current.Kind is TokenKind.Number or TokenKind.String || AtName || At("(") || At("[") || At("-");

    private ExprSyntax ParseSum()
    {
        ExprSyntax left = ParseTerm();
        while (At("+") || At("-"))
            left = Bounded(new BinarySyntax(left, Take().Text, ParseTerm()));
        return left;
    }

    private ExprSyntax ParseTerm()
    {
        ExprSyntax left = ParseUnary();
        while (At("*") || At("/") || At("%"))
            left = Bounded(new BinarySyntax(left, Take().Text, ParseUnary()));
        return left;
    }

    private ExprSyntax ParseUnary()
    {
        int start = Position;
        if (!TryTake("-"))
            return ParsePostfix();
        if (!Enter())
            return new ErrorSyntax(Here);
        ExprSyntax operand = ParseUnary();
        Leave();
        return Bounded(new UnarySyntax(SpanFrom(start), "-", operand));
    }

    /// <summary>postfix = operand {"[" index {"," index} "]"}.</summary>
    protected ExprSyntax ParsePostfix()
    {
        int start = Position;
        ExprSyntax target = ParseOperand();
        while (At("[") && !Failed)
        {
            Take();
            List<IndexPart> parts = [];
            do
                parts.Add(ParseIndex());
            while (TryTake(",") && !Failed);
            Expect("]");
            target = Bounded(new IndexSyntax(SpanFrom(start), target, parts.ToArray()));
        }
        return target;
    }

    private IndexPart ParseIndex()
    {
        if (TryTake("..."))
            return new IndexPart(null, false, null, Ellipsis: true);
        ExprSyntax? from = At(":") ? null : ParseExpression();
        if (!TryTake(":"))
            return new IndexPart(from, false, null, false);
        ExprSyntax? to = At("]") || At(",") ? null : ParseExpression();
        return new IndexPart(from, true, to, false);
    }

    protected ExprSyntax ParseOperand()
    {
        int start = Position;
        if (!Enter())
            return new ErrorSyntax(Here);
        ExprSyntax operand = ParseOperandInside(start);
        Leave();
        return operand;
    }

    private ExprSyntax ParseOperandInside(int start)
    {
        if (Current.Kind == TokenKind.Number)
        {
            Token number = Take();
            return new NumberSyntax(Span(number), number.Text);
        }
        if (Current.Kind == TokenKind.String)
        {
            Token literal = Take();
            return new StringSyntax(Span(literal), literal.Text);
        }
        if (TryTake("("))
        {
            ExprSyntax inner = ParseValue();
            Expect(")", $"to close the parenthesis");
            return Bounded(new ParenthesizedSyntax(SpanFrom(start), inner));
        }
        if (TryTake("["))
        {
            IReadOnlyList<ElementSyntax> elements = ParseElements("]");
            return Bounded(new ListSyntax(SpanFrom(start), elements));
        }
        if (!AtName)
        {
            Fail($"an expression is expected{Found}");
            return new ErrorSyntax(Here);
        }
        Token name = Take();
        if (name.Text == "csharp" && TryTake("."))
        {
            Token method = ExpectName("the name of a C# method");
            Expect("(");
            return Bounded(new FunctionSyntax(SpanFrom(start), method.Text, Span(method), ParseElements(")"), host: true));
        }
        if (!At("(") || !CallsHere(name, Current))
            return new NameSyntax(Span(name), name.Text);
        Take();
        IReadOnlyList<ElementSyntax> arguments = ParseElements(")");
        return Bounded(new FunctionSyntax(SpanFrom(start), name.Text, Span(name), arguments, host: false));
    }

    /// <summary>Whether the parenthesis behind a name calls it; a body puts a space before the operands of an op.</summary>
    protected virtual bool CallsHere(Token name, Token parenthesis) => true;

    private ElementSyntax[] ParseElements(string close)
    {
        if (TryTake(close))
            return [];
        List<ElementSyntax> elements = [];
        do
        {
            bool spread = TryTake("...");
            elements.Add(new ElementSyntax(spread ? ParsePostfix() : ParseValue(), spread));
        }
        while (TryTake(",") && !Failed);
        Expect(close);
        return elements.ToArray();
    }
}
