using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>The names an expression reads, its own variables left out, in order of appearance and with repetitions.</summary>
internal static class FreeNames
{
    internal static IEnumerable<string> Of(ExprSyntax syntax) => syntax switch
    {
        NameSyntax name => [name.Name],
        ComprehensionSyntax comprehension => comprehension.Children.SelectMany(Of).Where(n => comprehension.Binders.All(b => b.Name != n)),
        _ => syntax.Children.SelectMany(Of),
    };
}
