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
            if (symbol.Uses == 0 && ((symbol.Kind == SymbolKind.Input && !DecidesType(symbol.Name, version.Model))
                || symbol is { Kind: SymbolKind.Attribute, Attribute.Hint: false }))
            {
                version.Bag.Report(SpecRules.Unread, symbol.Span,
                    $"nothing reads {symbol.Role.Substring(symbol.Role.IndexOf(' ') + 1)} '{symbol.Name}'{(symbol.Kind == SymbolKind.Attribute ? "; 'hint' marks what may be ignored" : "")}");
                version.TellReaders(symbol, "let", "body");
            }
    }

    /// <summary>Whether an output has a type that this input alone decides: then its type is read, if nothing else.</summary>
    private static bool DecidesType(string input, OpModel? model) => model is not null
        && VariablesOf(model.Inputs.FirstOrDefault(p => p.Name == input)?.Type)
            .Any(v => model.Inputs.Count(p => VariablesOf(p.Type).Contains(v)) == 1
                && model.Outputs.Any(o => VariablesOf(o.Type).Contains(v)));

    private static IEnumerable<string> VariablesOf(PortType? type) => type switch
    {
        TensorPort { Element: VariableElement variable } => [variable.Name],
        ConditionalPort choice => VariablesOf(choice.Then).Concat(VariablesOf(choice.Otherwise)),
        _ => [],
    };
}
