using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>The names an expression reads, its own variables left out, in order of appearance and with repetitions.</summary>
internal static class FreeNames
{
    internal static IReadOnlyList<string> Of(ExprSyntax syntax)
    {
        if (syntax is NameSyntax name)
            return [name.Name];
        List<string> names = [];
        Add(syntax, names);
        return names;
    }

    private static void Add(ExprSyntax syntax, List<string> names)
    {
        if (syntax is NameSyntax name)
            names.Add(name.Name);
        int before = names.Count;
        foreach (ExprSyntax child in syntax.Children)
            Add(child, names);
        if (syntax is not ComprehensionSyntax comprehension)
            return;
        for (int i = names.Count - 1; i >= before; i--)
            if (comprehension.Binders.Any(b => b.Name == names[i]))
                names.RemoveAt(i);
    }
}
