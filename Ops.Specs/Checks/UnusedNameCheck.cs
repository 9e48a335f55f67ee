using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;

namespace Ops.Specs.Checks;

/// <summary>A definition that nothing reads, or a type variable that no port has, says nothing.</summary>
internal static class UnusedNameCheck
{
    internal static void Run(BoundVersion version)
    {
        // A kernel may read a definition, and behind a mistake nobody knows what was read.
        if (version.Bag.HasErrors)
            return;
        foreach (Symbol symbol in version.Symbols.All)
            if (symbol is { Uses: 0, Kind: SymbolKind.TypeVariable }
                || (symbol is { Uses: 0, Kind: SymbolKind.Let } && version.Spec.Kernel is null))
            {
                version.Bag.Report(SpecRules.UnusedName, symbol.Span,
                    $"nothing uses {symbol.Role.Substring(symbol.Role.IndexOf(' ') + 1)} '{symbol.Name}'");
                if (symbol.Kind == SymbolKind.TypeVariable)
                    version.TellReaders(symbol, "inputs", "outputs");
            }
    }
}
