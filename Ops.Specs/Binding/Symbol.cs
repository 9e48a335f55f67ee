using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Binding;

/// <summary>A name of a spec.</summary>
internal sealed class Symbol(string name, SymbolKind kind, SourceSpan span)
{
    internal string Name { get; } = name;
    internal SymbolKind Kind { get; } = kind;
    internal SourceSpan Span { get; } = span;

    /// <summary>The type of its value; null while a mistake keeps it unknown, which silences everything that reads it.</summary>
    internal ExprType? Type { get; set; }

    /// <summary>For dims: what kind.</summary>
    internal DimKind? Dim { get; init; }

    /// <summary>The optional inputs and attributes without which there is no value; empty when there always is one.</summary>
    internal List<string> OnlyWith { get; } = [];

    /// <summary>For dims: the inputs and attributes whose declaration binds it.</summary>
    internal List<string> BoundBy { get; } = [];

    /// <summary>For lets: whether the value reads tensor data.</summary>
    internal bool ReadsData { get; set; }

    /// <summary>For inputs: whether all elements are booleans.</summary>
    internal bool IsBoolTensor { get; set; }

    /// <summary>For lets: the definition.</summary>
    internal ExprSyntax? Definition { get; init; }

    /// <summary>For attributes: the declaration.</summary>
    internal AttributeSyntax? Attribute { get; init; }

    /// <summary>How often the spec names it, declarations of other things than dims left out.</summary>
    internal int Uses { get; set; }

    /// <summary>What messages call it.</summary>
    internal string Role => Kind switch
    {
        SymbolKind.Dim => Dim == DimKind.Fresh ? "a fresh extent" : "a dim",
        SymbolKind.RankVariable => "a rank variable",
        SymbolKind.FamilyDim => "a dim of a family",
        SymbolKind.FamilyCount => "the count of a family",
        SymbolKind.Input => "an input",
        SymbolKind.Output => "an output",
        SymbolKind.Attribute => "an attribute",
        SymbolKind.TypeVariable => "a type variable",
        SymbolKind.Let => "a definition",
        _ => "a variable",
    };
}
