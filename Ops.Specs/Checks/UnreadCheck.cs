using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;

namespace Ops.Specs.Checks;

/// <summary>A body reads all that matters; what it, the rules and the shapes leave out is noise for every caller.</summary>
internal static class UnreadCheck
{
    internal static void Run(BoundVersion version)
    {
        // A kernel without a body may read anything, and behind a mistake nobody knows what was read.
        if (version.Spec.Equations is null || version.Bag.HasErrors)
            return;
        foreach (Symbol symbol in version.Symbols.All)
            if (symbol.Uses == 0 && (symbol.Kind == SymbolKind.Input || symbol is { Kind: SymbolKind.Attribute, Attribute.Hint: false }))
                version.Bag.Report(SpecRules.Unread, symbol.Span, $"nothing reads {symbol.Role.Substring(symbol.Role.IndexOf(' ') + 1)} '{symbol.Name}'{(symbol.Kind == SymbolKind.Attribute ? "; 'hint' marks what may be ignored" : "")}");
    }
}
