using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;

namespace Ops.Specs.Checks;

/// <summary>A dim that nothing else names checks nothing and gives nothing: most likely another one was meant.</summary>
internal static class LoneDimCheck
{
    internal static void Run(BoundVersion version)
    {
        // What does not parse may have used it.
        if (version.IsHuge || version.HasUnparsed)
            return;
        // A list of dims that nothing names is a way to say 'any'; where a name is missed, it is what was meant.
        bool missed = version.Bag.Has(SpecRules.UnknownName) || version.Bag.Has(SpecRules.UnboundOutput);
        foreach (Symbol symbol in version.Symbols.All)
            if ((symbol.Dim is DimKind.Single or DimKind.Family || (missed && symbol.Dim is DimKind.Rank or DimKind.FamilyRank))
                && SuspiciousDimCheck.IsLone(symbol, version) && SuspiciousDimCheck.Near(symbol, version) is null)
            {
                version.Bag.Report(SpecRules.LoneDim, symbol.Span,
                    $"the dim '{symbol.Name}' is used only here; a sentence in 'docs' says what it is");
                version.TellReaders(symbol, "outputs", "let");
            }
    }
}
