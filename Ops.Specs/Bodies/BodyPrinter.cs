using System.Text;
using Ops.Specs.Syntax;

namespace Ops.Specs.Bodies;

/// <summary>Writes equations in one fixed layout, one per line.</summary>
internal static class BodyPrinter
{
    internal static string Print(EquationSyntax equation)
    {
        var text = new StringBuilder();
        Write(text, equation);
        return text.ToString();
    }

    private static void Write(StringBuilder text, EquationSyntax equation)
    {
        SyntaxPrinter.Join(text, equation.Outputs, ", ", SyntaxPrinter.Write);
        text.Append(" = ");
        Write(text, equation.Right);
    }

    private static void Write(StringBuilder text, OperandSyntax operand)
    {
        switch (operand)
        {
            case ValueOperand value:
                text.Append(value.Name);
                break;
            case ConstantOperand constant:
                text.Append('@');
                SyntaxPrinter.Write(text, constant.Value);
                break;
            case ConditionalOperand conditional:
                Write(text, conditional.Then);
                text.Append(" if ");
                SyntaxPrinter.Write(text, conditional.Condition);
                text.Append(" else ");
                Write(text, conditional.Otherwise);
                break;
            case CallOperand call:
                text.Append(call.Op.Name);
                if (call.Attributes.Count > 0)
                {
                    text.Append(" <");
                    SyntaxPrinter.Join(text, call.Attributes, ", ", Write);
                    text.Append('>');
                }
                text.Append(" (");
                SyntaxPrinter.Join(text, call.Operands, ", ", Write);
                text.Append(')');
                break;
        }
    }

    private static void Write(StringBuilder text, AttributeArgument argument)
    {
        text.Append(argument.Name.Name).Append(" = ");
        if (argument.Value is StringSyntax literal && !argument.Computed)
            text.Append('"').Append(literal.Value).Append('"');
        else if (argument.Value is not null)
        {
            text.Append(argument.Computed ? "@" : "");
            SyntaxPrinter.Write(text, argument.Value);
        }
        else if (argument.Graph is { } graph)
        {
            text.Append(graph.Name.Name).Append(" (");
            SyntaxPrinter.Join(text, graph.Inputs, ", ", SyntaxPrinter.Write);
            text.Append(") => (");
            SyntaxPrinter.Join(text, graph.Outputs, ", ", SyntaxPrinter.Write);
            text.Append(") {");
            foreach (EquationSyntax equation in graph.Equations)
            {
                text.Append("\n  ");
                text.Append(Print(equation).Replace("\n", "\n  "));
            }
            text.Append("\n}");
        }
    }
}
