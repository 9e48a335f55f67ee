using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>OPS1011: A kernel keeps mutable static state.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MutableStaticAnalyzer() : KernelAnalyzer(KernelRules.MutableStatic)
{
    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context) => context.RegisterSymbolAction(symbol =>
    {
        bool mutable = symbol.Symbol switch
        {
            IFieldSymbol { IsStatic: true, IsReadOnly: false, IsConst: false, AssociatedSymbol: null } => true,
            // An array may be a table of constants; what grows is not.
            IFieldSymbol { IsStatic: true, Type: { TypeKind: TypeKind.Class, ContainingNamespace: { } space } } =>
                space.ToDisplayString() is "System.Collections.Generic" or "System.Collections.Concurrent",
            IPropertySymbol { IsStatic: true, SetMethod: { IsInitOnly: false } } property => property.ContainingType.GetMembers()
                .OfType<IFieldSymbol>().Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property)),
            _ => false,
        };
        if (mutable && KernelSymbols.OpClassOf(symbol.Symbol) is { } op)
            symbol.ReportDiagnostic(Found(symbol.Symbol.Locations[0],
                $"'{symbol.Symbol.Name}' outlives the call and is shared by all threads that run {op.Name}; an op is a function of its inputs"));
    }, SymbolKind.Field, SymbolKind.Property);
}
