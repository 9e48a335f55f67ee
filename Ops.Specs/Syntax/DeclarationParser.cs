using Ops.Specs.Diagnostics;
using Ops.Specs.Language;
using Ops.Specs.Model;
using Ops.Specs.Text;

namespace Ops.Specs.Syntax;

/// <summary>Parses the declarations of ports, attributes, type variables and kernels.</summary>
internal sealed class DeclarationParser(MappedText text, DiagnosticBag bag, bool blocking) : ExpressionParser(text, bag, blocking)
{
    private static readonly string[] Kinds = [.. AttributeKinds.Help.Keys];

    internal PortSyntax? ParsePort(bool output)
    {
        TypeSyntax type = ParseType();
        bool optional = TryTake("?");
        NameSyntax? aliases = null;
        ExprSyntax? @in = null, value = null;
        if (output && TryTake("aliases"))
            aliases = ParseName("the input whose buffer the output takes");
        if (!output && TryTake("in"))
            @in = ParseExpression();
        if (TryTake("="))
            value = output ? ParseValue() : ParseExpression();
        if (!AtEnd && !Failed)
            Fail(At("?") ? "'?' stands directly behind the type"
                : $"'{Current.Text}' is not expected here; a declaration is: {(output ? "type [?] [aliases input] [= value]" : "type [?] [in set] [= default]")}");
        return Failed ? null : new PortSyntax(type, output, optional, aliases, @in, value);
    }

    internal AttributeSyntax? ParseAttribute()
    {
        bool hint = At("hint") && (Peek().Kind == TokenKind.Name || Peek().Is("(")) && TryTake("hint");
        AttributeKind kind = AttributeKind.Graph;
        bool isList = false;
        ExprSyntax? length = null;
        List<ArrowSyntax> arrows = [];
        if (At("("))
        {
            do
                arrows.Add(ParseArrow());
            while (TryTake("|") && !Failed);
        }
        else
        {
            Token name = ExpectName("the kind of the attribute");
            if (!Failed && Array.IndexOf(Kinds, name.Text) is int index)
            {
                if (index < 0)
                    Fail(SpecRules.UnknownElementType, Span(name),
                        $"'{name.Text}' is no kind of attribute{DidYouMean.Hint(name.Text, Kinds)} (one of {string.Join(", ", Kinds)}, or a graph's signature in parentheses)");
                else
                    kind = (AttributeKind)Enum.Parse(typeof(AttributeKind), name.Text, ignoreCase: true);
            }
            if (TryTake("["))
            {
                isList = true;
                if (!At("]"))
                    length = ParseExpression();
                Expect("]");
            }
        }
        bool optional = TryTake("?");
        ExprSyntax? @in = TryTake("in") ? ParseExpression() : null;
        ExprSyntax? value = TryTake("=") ? ParseExpression() : null;
        if (!AtEnd && !Failed)
            Fail(At("?") ? "'?' stands directly behind the kind"
                : $"'{Current.Text}' is not expected here; a declaration is: [hint] kind [?] [in set] [= default]");
        return Failed ? null : new AttributeSyntax(kind, isList, length, arrows.ToArray(), optional, hint, @in, value);
    }

    internal TypeVariableSyntax? ParseTypeVariable()
    {
        ExprSyntax set = ParseExpression();
        ExprSyntax? value = TryTake("=") ? ParseExpression() : null;
        ExpectEnd();
        return Failed ? null : new TypeVariableSyntax(set, value);
    }

    internal KernelSyntax? ParseKernel()
    {
        NameSyntax pattern = ParseName("the name of a kernel pattern");
        List<NameSyntax> arguments = [];
        if (TryTake("(") && !TryTake(")"))
        {
            do
                arguments.Add(ParseName("a name of the spec"));
            while (TryTake(",") && !Failed);
            Expect(")");
        }
        ExpectEnd();
        return Failed ? null : new KernelSyntax(pattern, arguments.ToArray());
    }

    private NameSyntax ParseName(string role)
    {
        Token name = ExpectName(role);
        return new NameSyntax(Span(name), name.Text);
    }

    private ArrowSyntax ParseArrow()
    {
        int start = Position;
        Expect("(");
        List<TypeSyntax> inputs = [], outputs = [];
        NameSyntax? rest = null;
        while (!At("->") && !Failed && rest is null)
        {
            if (TryTake("..."))
            {
                Token name = ExpectName("the input whose elements the graph takes besides");
                rest = new NameSyntax(Span(name), name.Text);
            }
            else
            {
                inputs.Add(ParseType());
            }
            if (!TryTake(","))
                break;
        }
        Expect("->", "between the graph's inputs and outputs");
        ParseTypes(outputs);
        Expect(")");
        return new ArrowSyntax(SpanFrom(start), inputs.ToArray(), outputs.ToArray(), rest);
    }

    private void ParseTypes(List<TypeSyntax> types)
    {
        do
            types.Add(ParseType());
        while (TryTake(",") && !Failed);
    }

    private TypeSyntax ParseType()
    {
        int start = Position;
        if (!Enter())
            return new ErrorTypeSyntax(Here);
        TypeSyntax type = ParseSimpleType(start);
        if (TryTake("if"))
        {
            ExprSyntax condition = ParseOr();
            Expect("else", "and another type");
            TypeSyntax otherwise = ParseType();
            type = new ConditionalTypeSyntax(SpanFrom(start), type, condition, otherwise);
        }
        Leave();
        return type;
    }

    private TypeSyntax ParseSimpleType(int start)
    {
        if ((At("seq") || At("optional")) && Peek().Is("("))
        {
            bool sequence = Take().Text == "seq";
            Expect("(");
            TypeSyntax element = ParseType();
            Expect(")");
            return new ContainerTypeSyntax(SpanFrom(start), sequence, element);
        }
        if (At("csharp") && Peek().Is("."))
        {
            if (ParseOperand() is not FunctionSyntax call)
                return new ErrorTypeSyntax(Here);
            NameSyntax? variable = TryTake("in") ? ParseName("a type variable") : null;
            return new HostTypeSyntax(SpanFrom(start), call, variable);
        }
        Token name = ExpectName("a type");
        var elementName = new NameSyntax(Span(name), name.Text);
        NameSyntax? index = null;
        if (At("[") && Peek().Kind == TokenKind.Name && Peek(2).Is("]") && Peek(3).Is("["))
        {
            Take();
            index = ParseName("the family's index");
            Take();
        }
        if (!At("["))
            Fail($"a shape in brackets is expected after '{name.Text}'{Found}; a scalar is {name.Text}[]");
        else
            Take();
        List<ItemSyntax> items = [];
        if (!TryTake("]"))
        {
            do
                items.Add(ParseItem());
            while (TryTake(",") && !Failed);
            Expect("]", "to close the shape");
        }
        return new TensorTypeSyntax(SpanFrom(start), elementName, index, items.ToArray());
    }

    private ItemSyntax ParseItem()
    {
        int start = Position;
        if (TryTake("?"))
        {
            NameSyntax name = ParseName("the name of the extent");
            ExprSyntax? bound = TryTake("<=") ? ParseExpression() : null;
            return new FreshSyntax(SpanFrom(start), name, bound);
        }
        if (!TryTake("..."))
            return new DimSyntax(ParseExpression());
        ExprSyntax? dims = At("]") || At(",") || At("@") ? null : ParsePostfix();
        ExprSyntax? end = TryTake("@") ? (At("-") ? ParseNegative() : ParsePostfix()) : null;
        return new SpliceSyntax(SpanFrom(start), dims, end);
    }

    private ExprSyntax ParseNegative()
    {
        int start = Position;
        Take();
        ExprSyntax operand = ParsePostfix();
        return new UnarySyntax(SpanFrom(start), "-", operand);
    }
}
