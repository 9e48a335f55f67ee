using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;

namespace Ops.Specs.Checks;

/// <summary>
/// Finds names that only case tells apart. Single letters are exempt: <c>N</c> beside <c>n</c> and <c>A</c> beside <c>a</c> are the usual
/// way to write an extent and a count, an input and its shape.
/// </summary>
internal static class NameCaseCheck
{
    internal static void Run(BoundVersion version)
    {
        Dictionary<string, Symbol> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (Symbol symbol in version.Symbols.All)
            if (seen.TryGetValue(symbol.Name, out Symbol? other))
            {
                if (symbol.Name.Length > 1)
                    version.Bag.Report(SpecRules.CaseClash, symbol.Span,
                        $"'{symbol.Name}', {symbol.Role}, and '{other.Name}', {other.Role}, differ only by case");
            }
            else
                seen.Add(symbol.Name, symbol);
    }
}
