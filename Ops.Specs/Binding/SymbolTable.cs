using Ops.Specs.Diagnostics;
using Ops.Specs.Types;

namespace Ops.Specs.Binding;

/// <summary>The one namespace of a spec, in order of declaration.</summary>
internal sealed class SymbolTable(DiagnosticBag bag)
{
    private static readonly HashSet<string> Constants = ["true", "false", "inf", "none", "csharp", .. ElementTypes.Names.Keys,
        .. ElementTypes.Sets.Keys];

    private readonly Dictionary<string, Symbol> byName = new(StringComparer.Ordinal);
    private readonly List<Symbol> all = [];

    internal IReadOnlyList<Symbol> All => all;

    internal static IEnumerable<string> ConstantNames => Constants;

    internal static bool IsConstant(string name) => Constants.Contains(name);

    internal Symbol? Find(string name) => byName.TryGetValue(name, out Symbol? symbol) ? symbol : null;

    /// <summary>Declares a name; a clash is reported and leaves the first declaration standing.</summary>
    internal bool Declare(Symbol symbol)
    {
        if (Constants.Contains(symbol.Name))
            bag.Report(SpecRules.NameClash, symbol.Span, $"'{symbol.Name}' is a word of the language; {symbol.Role} needs another name");
        else if (byName.TryGetValue(symbol.Name, out Symbol? other))
            bag.Report(SpecRules.NameClash, symbol.Span,
                $"'{symbol.Name}' is already {other.Role} of this spec; {symbol.Role} needs another name");
        else
        {
            byName.Add(symbol.Name, symbol);
            all.Add(symbol);
            return true;
        }
        return false;
    }

    /// <summary>The names a misspelt one may have meant.</summary>
    internal IEnumerable<string> Candidates => all.Where(s => s.Dim != Model.DimKind.Quantified).Select(s => s.Name);
}
