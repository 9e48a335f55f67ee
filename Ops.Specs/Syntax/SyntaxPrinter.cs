using System.Text;

namespace Ops.Specs.Syntax;

/// <summary>
/// Writes syntax in one fixed layout, so that the texts a model carries for messages and docs do not change when only the layout of the
/// spec does. Printing and parsing again gives the same syntax.
/// </summary>
internal static class SyntaxPrinter
{
    internal static string Print(ExprSyntax syntax)
    {
        // Most expressions are one word.
        if (syntax is NameSyntax { Name: var name })
            return name;
        if (syntax is NumberSyntax { Text: var number })
            return number;
        var text = new StringBuilder();
        Write(text, syntax);
        return text.ToString();
    }

    internal static void Write(StringBuilder text, ExprSyntax syntax)
    {
        switch (syntax)
        {
            case NumberSyntax number:
                text.Append(number.Text);
                break;
            case StringSyntax literal:
                text.Append('\'').Append(literal.Value).Append('\'');
                break;
            case NameSyntax name:
                text.Append(name.Name);
                break;
            case ParenthesizedSyntax parenthesized:
                text.Append('(');
                Write(text, parenthesized.Inner);
                text.Append(')');
                break;
            case UnarySyntax unary:
                text.Append(unary.Op == "not" ? "not " : "-");
                Write(text, unary.Operand);
                break;
            case BinarySyntax binary:
                Write(text, binary.Left);
                text.Append(' ').Append(binary.Op).Append(' ');
                Write(text, binary.Right);
                break;
            case ComparisonSyntax comparison:
                Write(text, comparison.First);
                foreach ((string op, ExprSyntax operand) in comparison.Links)
                {
                    text.Append(' ').Append(op).Append(' ');
                    Write(text, operand);
                }
                break;
            case AlternativesSyntax alternatives:
                Join(text, alternatives.Parts, " | ", Write);
                break;
            case RangeSyntax range:
                Write(text, range.From);
                text.Append(range.HalfOpen ? "..<" : "..");
                if (range.To is not null)
                    Write(text, range.To);
                break;
            case ConditionalSyntax conditional:
                Write(text, conditional.Then);
                text.Append(" if ");
                Write(text, conditional.Condition);
                if (conditional.Otherwise is not null)
                {
                    text.Append(" else ");
                    Write(text, conditional.Otherwise);
                }
                break;
            case ListSyntax list:
                text.Append('[');
                Join(text, list.Elements, ", ", WriteElement);
                text.Append(']');
                break;
            case ComprehensionSyntax comprehension:
                Write(text, comprehension.Value);
                text.Append(" for ");
                Join(text, comprehension.Binders, ", ", WriteBinder);
                break;
            case FunctionSyntax function:
                text.Append(function.Host ? "csharp." : "").Append(function.Name).Append('(');
                Join(text, function.Arguments, ", ", WriteElement);
                text.Append(')');
                break;
            case IndexSyntax index:
                Write(text, index.Target);
                text.Append('[');
                Join(text, index.Parts, ", ", WriteIndex);
                text.Append(']');
                break;
        }
    }

    internal static void Join<T>(StringBuilder text, IReadOnlyList<T> items, string separator, Action<StringBuilder, T> write)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
                text.Append(separator);
            write(text, items[i]);
        }
    }

    private static void WriteElement(StringBuilder text, ElementSyntax element)
    {
        text.Append(element.Spread ? "..." : "");
        Write(text, element.Value);
    }

    private static void WriteBinder(StringBuilder text, BinderSyntax binder)
    {
        text.Append(binder.Name).Append(binder.Limit is null ? " in " : " < ");
        if ((binder.Limit ?? binder.Source) is { } source)
            Write(text, source);
        if (binder.Condition is not null)
        {
            text.Append(" if ");
            Write(text, binder.Condition);
        }
    }

    private static void WriteIndex(StringBuilder text, IndexPart part)
    {
        if (part.Ellipsis)
            text.Append("...");
        if (part.Position is not null)
            Write(text, part.Position);
        if (part.Slice)
            text.Append(':');
        if (part.To is not null)
            Write(text, part.To);
    }
}
