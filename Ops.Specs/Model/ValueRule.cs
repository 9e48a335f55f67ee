namespace Ops.Specs.Model;

/// <summary>The rule that <c>in</c> states of an attribute's value or of an input's elements; its name is made from theirs.</summary>
internal static class ValueRule
{
    private const string Suffix = "-range";

    /// <summary>The name of the rule about an attribute or input.</summary>
    public static string NameOf(string subject) => subject + Suffix;

    /// <summary>The attribute or input a rule of this name is about; null when it is no such name.</summary>
    public static string? SubjectOf(string rule) =>
        rule.EndsWith(Suffix, StringComparison.Ordinal) ? rule.Substring(0, rule.Length - Suffix.Length) : null;

    /// <summary>What must hold of an attribute's value, or of each element of a list; null when any will do.</summary>
    public static MembershipExpr? Of(AttributeModel attribute) => attribute is { In: { } set, HasValue: true }
        ? new MembershipExpr(new NameExpr(attribute.Name, SymbolKind.Attribute, attribute.ValueType), set, false,
            new ExprType(ExprKind.Bool, attribute.ValueType.Depth))
        : null;

    /// <summary>What must hold of the elements of an input, as a list; null when any will do.</summary>
    public static MembershipExpr? Of(Port input) => input is { In: { } set, Family: null }
        ? new MembershipExpr(new NameExpr(input.Name, SymbolKind.Input, new ExprType(ExprKind.Exact, 1)), set, false,
            new ExprType(ExprKind.Bool, 1))
        : null;

    /// <summary>The names of all that a spec states.</summary>
    public static IEnumerable<string> Names(OpModel model) =>
        model.Attributes.Where(a => Of(a) is not null).Select(a => a.Name)
            .Concat(model.Inputs.Where(i => Of(i) is not null).Select(i => i.Name))
            .Select(NameOf);
}
