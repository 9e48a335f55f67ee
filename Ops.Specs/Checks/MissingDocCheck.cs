using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Specs.Checks;

/// <summary>What a caller may choose to give needs a sentence that says what giving it does.</summary>
internal static class MissingDocCheck
{
    internal static void Run(BoundVersion version)
    {
        foreach (Symbol symbol in version.Symbols.All)
            if (Needs(symbol, version) && !version.IsDocumented(symbol.Name))
                version.Bag.Report(SpecRules.MissingDoc, symbol.Span,
                    $"'docs' has no sentence about {symbol.Role.Substring(symbol.Role.IndexOf(' ') + 1)} '{symbol.Name}'");
    }

    /// <summary>Whether a name is of something that a caller may choose to give.</summary>
    internal static bool Needs(Symbol symbol, BoundVersion version) =>
        symbol.Kind == SymbolKind.Attribute || IsOptionalInput(symbol, version);

    private static bool IsOptionalInput(Symbol symbol, BoundVersion version) =>
        symbol.Kind == SymbolKind.Input
            && version.Spec.Inputs.Any((Entry<PortSyntax> i) => i.Name == symbol.Name && i.Value is { MayBeAbsent: true });
}
