using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;

namespace Ops.Specs.Checks;

/// <summary>A dim misspelt where it would be born is a new dim; one that is used nowhere else and looks like another name is
/// suspicious.</summary>
internal static class SuspiciousDimCheck
{
    internal static void Run(BoundVersion version)
    {
        if (version.IsHuge)
            return;
        foreach (Symbol symbol in version.Symbols.All)
            if (IsLone(symbol, version) && Near(symbol, version) is { } near)
                version.Bag.Report(SpecRules.SuspiciousDim, symbol.Span,
                    $"the dim '{symbol.Name}' is used only here; did you mean '{near.Name}'? A sentence in 'docs' says that it is meant",
                    related: [near.Span]);
    }

    /// <summary>Whether a dim stands once in the whole spec, and nobody says why.</summary>
    internal static bool IsLone(Symbol symbol, BoundVersion version) =>
        symbol.Dim is not (null or DimKind.FamilyCount or DimKind.Fresh) && symbol.Uses <= 1 && !version.IsDocumented(symbol.Name);

    /// <summary>A name that the dim's may have been meant to be.</summary>
    internal static Symbol? Near(Symbol symbol, BoundVersion version) =>
        version.Symbols.All.FirstOrDefault(s => s != symbol && (s.Uses > 1 || s.Dim is null) && LooksLike(symbol.Name, s.Name));

    private static bool LooksLike(string name, string other)
    {
        int length = Math.Min(name.Length, other.Length);
        if (string.Equals(name, other, StringComparison.OrdinalIgnoreCase))
            return length > 1;
        if (length < 2 || (length == 2 && (name.Length != other.Length || name[0] != other[0])))
            return false;
        return DidYouMean.Distance(name, other) <= (length >= 6 ? 2 : 1);
    }
}
