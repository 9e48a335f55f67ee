using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Bodies;

/// <summary>
/// Parses a body's ONNX text. Lines carry no meaning; only after a mistake does the parser go on at the next line that starts an equation.
/// </summary>
internal sealed class BodyParser(MappedText text, DiagnosticBag bag) : ExpressionParser(text, bag, SpecRules.BodySyntax)
{
    private readonly MappedText value = text;

    internal BodySyntax ParseBody()
    {
        List<EquationSyntax> equations = [];
        ParseEquations(equations, inGraph: false);
        return new BodySyntax(equations.ToArray());
    }

    /// <summary>A graph alone: <c>name (inputs) => (outputs) { equations }</c>; null after a mistake.</summary>
    internal GraphSyntax? ParseWholeGraph()
    {
        GraphSyntax graph = ParseGraph(Position);
        if (!AtEnd && !Failed)
            Fail($"the graph ends before '{Current.Text}'");
        return Failed ? null : graph;
    }

    /// <summary>In a body a parenthesis calls a function only where it touches the name, as in <c>@sqrt(scale)</c>.</summary>
    protected override bool CallsHere(Token name, Token parenthesis) => name.End == parenthesis.Start;

    private void ParseEquations(List<EquationSyntax> equations, bool inGraph)
    {
        while (!AtEnd && !(inGraph && At("}")))
        {
            int before = Position;
            EquationSyntax equation = ParseEquation();
            equations.Add(equation);
            if (Failed)
            {
                // Inside a graph the whole equation that holds it is given up: its braces cannot be trusted.
                if (inGraph)
                    return;
                Synchronize(Math.Max(before + 1, FailedAt));
            }
        }
    }

    /// <summary>Goes to the next token that starts a line with <c>name =</c> or <c>name,</c> outside of braces opened on the way.</summary>
    private void Synchronize(int from)
    {
        Resume(from);
        int depth = 0;
        while (!AtEnd)
        {
            if (At("{"))
                depth++;
            else if (At("}"))
                depth = Math.Max(0, depth - 1);
            else if (depth == 0 && AtName && (Peek().Is("=") || Peek().Is(",")) && StartsLine(Current))
                return;
            Position++;
            Resume(Position);
        }
    }

    private bool StartsLine(Token token)
    {
        int at = token.Start - 1;
        while (at >= 0 && value.Text[at] is ' ' or '\t')
            at--;
        // Equations of a body stand at its left edge; deeper ones belong to a graph that was given up.
        return at < 0 || (value.Text[at] == '\n' && token.Start - at - 1 == 0);
    }

    private NameSyntax Name(string role)
    {
        Token name = ExpectName(role);
        return new NameSyntax(Span(name), name.Text);
    }

    private EquationSyntax ParseEquation()
    {
        int start = Position;
        List<NameSyntax> outputs = [];
        do
            outputs.Add(Name("the name of a value"));
        while (TryTake(",") && !Failed);
        Expect("=", $"after '{outputs[outputs.Count - 1].Name}'");
        OperandSyntax right = ParseOperandOrCall();
        if (!Failed && !AtEnd && !At("}") && !(AtName && (Peek().Is("=") || Peek().Is(","))))
            Fail($"'{Current.Text}' is not expected here");
        return new EquationSyntax(SpanFrom(start), outputs.ToArray(), right, Failed);
    }

    private OperandSyntax ParseOperandOrCall()
    {
        int start = Position;
        if (!Enter())
            return new AbsentOperand(Here);
        OperandSyntax operand = ParseSimpleOperand();
        if (TryTake("if"))
        {
            ExprSyntax condition = ParseOr();
            Expect("else", "and another right side");
            OperandSyntax otherwise = ParseOperandOrCall();
            operand = new ConditionalOperand(SpanFrom(start), operand, condition, otherwise);
        }
        Leave();
        return operand;
    }

    private OperandSyntax ParseSimpleOperand()
    {
        int start = Position;
        if (At("@"))
        {
            ExprSyntax constant = ParseConstant();
            return new ConstantOperand(SpanFrom(start), constant);
        }
        if (At(",") || At(")"))
            return new AbsentOperand(Here);
        if (TryTake("("))
        {
            OperandSyntax inner = ParseOperandOrCall();
            Expect(")");
            return inner;
        }
        if (Current.Kind is TokenKind.Number or TokenKind.String || At("[") || At("-"))
        {
            Fail($"a constant operand is marked with '@': @{Current.Text}");
            return new AbsentOperand(Here);
        }
        NameSyntax name = Name("a value, a call or '@'");
        bool attributed = At("<");
        if (!attributed && !At("("))
            return new ValueOperand(name);
        List<AttributeArgument> attributes = [];
        if (TryTake("<") && !TryTake(">"))
        {
            do
                attributes.Add(ParseAttribute());
            while (TryTake(",") && !Failed);
            Expect(">", "to close the attributes");
        }
        List<OperandSyntax> operands = [];
        Expect("(", $"before the operands of '{name.Name}'");
        if (!TryTake(")"))
        {
            do
                operands.Add(ParseOperandOrCall());
            while (TryTake(",") && !Failed);
            Expect(")", $"to close the operands of '{name.Name}'");
        }
        return new CallOperand(SpanFrom(start), name, attributes.ToArray(), operands.ToArray());
    }

    /// <summary>"@" operand, where a number may have a sign.</summary>
    private ExprSyntax ParseConstant()
    {
        Expect("@");
        int start = Position;
        if (!TryTake("-"))
            return ParseOperand();
        if (Current.Kind != TokenKind.Number)
            Fail($"a number is expected after '@-'{Found}; other expressions stand in parentheses: @(-x)");
        return new UnarySyntax(SpanFrom(start), "-", ParseOperand());
    }

    private AttributeArgument ParseAttribute()
    {
        NameSyntax name = Name("the name of an attribute");
        Expect("=", $"after '{name.Name}'");
        if (At("@"))
            return new AttributeArgument(name, ParseConstant(), computed: true, graph: null);
        if (AtName)
        {
            int start = Position;
            if (!Peek().Is("("))
                Fail($"'{Current.Text}' is neither a literal nor a graph; a name of the spec is marked with '@': @{Current.Text}");
            return new AttributeArgument(name, null, computed: false, ParseGraph(start));
        }
        return new AttributeArgument(name, ParseLiteral(), computed: false, graph: null);
    }

    private ExprSyntax ParseLiteral()
    {
        int start = Position;
        if (TryTake("-"))
        {
            if (Current.Kind != TokenKind.Number)
                Fail($"a number is expected after '-'{Found}");
            return new UnarySyntax(SpanFrom(start), "-", ParseOperand());
        }
        if (Current.Kind is TokenKind.Number or TokenKind.String)
            return ParseOperand();
        if (!TryTake("["))
        {
            Fail($"a literal, '@' or a graph is expected{Found}");
            return new ErrorSyntax(Here);
        }
        List<ElementSyntax> elements = [];
        if (!TryTake("]"))
        {
            if (!Enter())
                return new ErrorSyntax(Here);
            do
                elements.Add(new ElementSyntax(ParseLiteral(), false));
            while (TryTake(",") && !Failed);
            Leave();
            Expect("]");
        }
        return new ListSyntax(SpanFrom(start), elements.ToArray());
    }

    private GraphSyntax ParseGraph(int start)
    {
        NameSyntax name = Name("the name of a graph");
        List<NameSyntax> inputs = ParseNames();
        Expect("=>", "between the graph's inputs and outputs");
        List<NameSyntax> outputs = ParseNames();
        Expect("{");
        List<EquationSyntax> equations = [];
        if (Enter())
        {
            ParseEquations(equations, inGraph: true);
            Leave();
        }
        Expect("}", "to close the graph");
        return new GraphSyntax(SpanFrom(start), name, inputs.ToArray(), outputs.ToArray(), equations.ToArray());
    }

    private List<NameSyntax> ParseNames()
    {
        List<NameSyntax> names = [];
        Expect("(");
        if (TryTake(")"))
            return names;
        do
            names.Add(Name("a name"));
        while (TryTake(",") && !Failed);
        Expect(")");
        return names;
    }
}
