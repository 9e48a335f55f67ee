using Ops.Specs.Model;

namespace Ops.Specs.Binding;

/// <summary>Evaluates constant expressions, as far as defaults and presets need it.</summary>
internal static class Constants
{
    /// <summary>The value as text when it, or an element of it, is certainly not in the set; null when it is or nobody knows yet.</summary>
    internal static string? Outside(Expr value, Expr set)
    {
        if (value is ListExpr list && value.Type.Depth > 0)
            return list.Items.Select(i => i.Spread ? null : Outside(i.Value, set)).FirstOrDefault(o => o is not null);
        object? constant = Value(value);
        return constant is not null && Contains(set, constant) == false ? Say(constant) : null;
    }

    /// <summary>A bool, double, string or element type; null when the expression is not constant.</summary>
    internal static object? Value(Expr value) => value switch
    {
        IntLiteral i => (double)i.Value,
        RealLiteral r => r.Value,
        BoolLiteral b => b.Value,
        StringLiteral s => s.Value,
        DtypeLiteral d => d.Value,
        UnaryExpr { Op: UnaryOp.Negate } u when Value(u.Operand) is double d => -d,
        BinaryExpr b when Value(b.Left) is double l && Value(b.Right) is double r => b.Op switch
        {
            BinaryOp.Add => l + r,
            BinaryOp.Subtract => l - r,
            BinaryOp.Multiply => l * r,
            BinaryOp.Divide => l / r,
            _ => null,
        },
        _ => null,
    };

    private static bool? Contains(Expr set, object value)
    {
        if (set is RangeExpr range)
        {
            if (value is not double number)
                return null;
            object? from = range.From is null ? double.NegativeInfinity : Value(range.From),
                to = range.To is null ? double.PositiveInfinity : Value(range.To);
            if ((from is double low && number < low) || (to is double high && (range.HalfOpen ? number >= high : number > high)))
                return false;
            return from is double && to is double ? true : null;
        }
        if (set is not ListExpr list)
            return null;
        bool? contained = false;
        foreach (ListItem item in list.Items)
        {
            bool? here = item.Spread ? Contains(item.Value, value) : Value(item.Value) is { } element ? element.Equals(value) : null;
            if (here == true)
                return true;
            contained = here is null ? null : contained;
        }
        return contained;
    }

    private static string Say(object constant) => constant switch
    {
        string text => $"'{text}'",
        bool truth => truth ? "true" : "false",
        Types.ElementType type => Types.ElementTypes.Name(type),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => "",
    };
}
