using Microsoft.CodeAnalysis;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>The partial methods that a scaffold declares and an author writes.</summary>
internal static class KernelParts
{
    /// <summary>All that are declared, in the op's class and in its bodies.</summary>
    public static IEnumerable<IMethodSymbol> Declared(INamedTypeSymbol op) =>
        new[] { op }.Concat(op.GetTypeMembers("Body")).SelectMany(t => t.GetMembers()).OfType<IMethodSymbol>()
            .Where(m => m is { IsPartialDefinition: true, DeclaredAccessibility: Accessibility.Public or Accessibility.Private });

    /// <summary>Those nobody has written, not even with another signature.</summary>
    public static IEnumerable<IMethodSymbol> Unwritten(INamedTypeSymbol op) =>
        Missing(op).Where(m => !m.ContainingType.GetMembers(m.Name).OfType<IMethodSymbol>()
            .Any(o => !SymbolEqualityComparer.Default.Equals(o, m) && o is { IsPartialDefinition: false, PartialDefinitionPart: null }));

    /// <summary>Those that have no body with their signature.</summary>
    public static IEnumerable<IMethodSymbol> Missing(INamedTypeSymbol op) => Declared(op).Where(m => m.PartialImplementationPart is null);
}
