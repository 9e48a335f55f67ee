using System.Globalization;
using System.Text;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>Expressions for people: <c>where(j &lt;= i, s, -inf)</c>.</summary>
public static class ModifierPrinter
{
    private const int MaxLength = 2000;

    private static readonly string[] Axes = ["j", "i", "h", "b"];

    /// <summary>The text of an expression, cut off where it gets long.</summary>
    public static string Print(ModifierExpr expr)
    {
        var text = new StringBuilder();
        Print(expr, text, 0);
        return text.Length > MaxLength ? text.ToString(0, MaxLength) + "..." : text.ToString();
    }

    private static void Print(ModifierExpr e, StringBuilder text, int level)
    {
        if (text.Length > MaxLength)
            return;
        switch (e.Op)
        {
            case ModifierOp.Constant: text.Append(Constant(e)); break;
            case ModifierOp.Coordinate: text.Append(e.Axis < 4 ? Axes[e.Axis] : $"x{e.Axis}"); break;
            case ModifierOp.Extent: text.Append(e.Extent); break;
            case ModifierOp.Read when e.Source!.Kind == ModifierTensorKind.Score: text.Append(e.Source.Label); break;
            case ModifierOp.Read: Call(e.Source!.Name.Length > 0 ? e.Source.Name : "table", e.Arguments, text, '[', ']'); break;
            case ModifierOp.Reduce:
                text.Append("row_").Append(e.Reduction.ToString().ToLowerInvariant()).Append('(');
                Print(e.Body!, text, 0);
                text.Append(')');
                break;
            case ModifierOp.Linear: Linear(e, text, level); break;
            case ModifierOp.Add: Infix(e, " + ", 3, text, level); break;
            case ModifierOp.Subtract: Infix(e, " - ", 3, text, level); break;
            case ModifierOp.Multiply: Infix(e, " * ", 4, text, level); break;
            case ModifierOp.Divide: Infix(e, e.IsInteger ? " // " : " / ", 4, text, level); break;
            case ModifierOp.Modulo: Infix(e, " % ", 4, text, level); break;
            case ModifierOp.Less: Infix(e, " < ", 2, text, level); break;
            case ModifierOp.LessOrEqual: Infix(e, " <= ", 2, text, level); break;
            case ModifierOp.Equal: Infix(e, " == ", 2, text, level); break;
            case ModifierOp.And: Infix(e, " and ", 1, text, level); break;
            case ModifierOp.Or: Infix(e, " or ", 1, text, level); break;
            case ModifierOp.Xor: Infix(e, " xor ", 1, text, level); break;
            case ModifierOp.Negate or ModifierOp.Not:
                text.Append(e.Op == ModifierOp.Not ? "not " : "-");
                Print(e.Arguments[0], text, 5);
                break;
            case ModifierOp.ToReal: Call(e.Type.Name(), e.Arguments, text); break;
            case ModifierOp.ToInteger: Call("int", e.Arguments, text); break;
            default: Call(e.Op.ToString().ToLowerInvariant(), e.Arguments, text); break;
        }
    }

    private static string Constant(ModifierExpr e) =>
        e.IsTruth ? e.Integer != 0 ? "true" : "false"
        : e.IsInteger ? e.Integer.ToString(CultureInfo.InvariantCulture)
        : double.IsInfinity(e.Real) ? e.Real > 0 ? "inf" : "-inf"
        : double.IsNaN(e.Real) ? "nan"
        : e.Type == ElementType.Double
        ? e.Real.ToString("R", CultureInfo.InvariantCulture) : ((float)e.Real).ToString("R", CultureInfo.InvariantCulture);

    private static void Linear(ModifierExpr e, StringBuilder text, int level)
    {
        if (level > 3) text.Append('(');
        for (int i = 0; i < e.Arguments.Count; i++)
        {
            long factor = e.Factors[i];
            text.Append(i > 0 ? factor < 0 ? " - " : " + " : factor < 0 ? "-" : "");
            if (Math.Abs((double)factor) != 1)
                text.Append(Math.Abs((double)factor).ToString(CultureInfo.InvariantCulture)).Append(" * ");
            Print(e.Arguments[i], text, 5);
        }
        if (e.Integer != 0)
            text.Append(e.Integer < 0 ? " - " : " + ").Append(Math.Abs((double)e.Integer).ToString(CultureInfo.InvariantCulture));
        if (level > 3) text.Append(')');
    }

    private static void Infix(ModifierExpr e, string op, int own, StringBuilder text, int level)
    {
        if (level >= own) text.Append('(');
        Print(e.Arguments[0], text, own - 1);
        text.Append(op);
        Print(e.Arguments[1], text, own);
        if (level >= own) text.Append(')');
    }

    private static void Call(string name, IReadOnlyList<ModifierExpr> arguments, StringBuilder text, char open = '(', char close = ')')
    {
        text.Append(name).Append(open);
        for (int i = 0; i < arguments.Count; i++)
        {
            if (i > 0) text.Append(", ");
            Print(arguments[i], text, 0);
        }
        text.Append(close);
    }
}
