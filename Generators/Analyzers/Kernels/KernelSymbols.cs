using Microsoft.CodeAnalysis;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>Tells the hand-written parts of kernels from other code.</summary>
internal static class KernelSymbols
{
    private const string Generator = "Ops.Generators";

    /// <summary>Whether a type is an op's class, part of which is generated from its spec.</summary>
    public static bool IsOpClass(INamedTypeSymbol type) => type.IsStatic && type.ContainingType is null && type.GetAttributes().Any(a =>
        a.AttributeClass?.Name == "GeneratedCodeAttribute" && a.ConstructorArguments.Length > 0
            && a.ConstructorArguments[0].Value is Generator);

    /// <summary>The op's class around a symbol; null when there is none.</summary>
    public static INamedTypeSymbol? OpClassOf(ISymbol symbol)
    {
        INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        while (type?.ContainingType is { } outer)
            type = outer;
        return type is not null && IsOpClass(type) ? type : null;
    }

    /// <summary>
    /// Whether code runs for every vector, row or part: the members of an op's <c>Body&lt;V, T&gt;</c>, which the loops of its pattern
    /// call, and, unless <paramref name="vectorOnly"/>, what a manual kernel hands to the workers.
    /// </summary>
    public static bool IsHotBody(ISymbol symbol, bool vectorOnly)
    {
        if (symbol is not IMethodSymbol)
            return false;
        for (INamedTypeSymbol? type = symbol.ContainingType; type?.ContainingType is { } outer; type = outer)
            if (IsVectorBody(type) || (!vectorOnly && type.AllInterfaces.Any(i => i.Name == "IParallelBody")))
                return OpClassOf(outer) is not null;
        return false;
    }

    /// <summary>Whether a type is the partial class that a pattern calls.</summary>
    public static bool IsVectorBody(INamedTypeSymbol type) =>
        type is { Name: "Body", Arity: 2, IsStatic: true, ContainingType: { } outer } && IsOpClass(outer);
}
