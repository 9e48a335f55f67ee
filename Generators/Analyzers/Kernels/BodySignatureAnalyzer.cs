using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>OPS1002: The hand-written part of a kernel has another signature than its spec gives it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BodySignatureAnalyzer() : KernelAnalyzer(KernelRules.BodySignature)
{
    /// <summary>The property that has the signature wanted.</summary>
    public const string Wanted = "Wanted";

    private static readonly SymbolDisplayFormat Format = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType,
        parameterOptions: SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeParamsRefOut,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    /// <inheritdoc/>
    private protected override void Register(AnalysisContext context) => context.RegisterSymbolAction(symbol =>
    {
        if (symbol.Symbol is not IMethodSymbol { PartialDefinitionPart: null, IsPartialDefinition: false } method
            || KernelSymbols.OpClassOf(method) is not { } op)
            return;
        if (method.ContainingType is not { } type || !(SymbolEqualityComparer.Default.Equals(type, op) || KernelSymbols.IsVectorBody(type)))
            return;
        IMethodSymbol? wanted = KernelParts.Missing(op)
            .FirstOrDefault(m => m.Name == method.Name && SymbolEqualityComparer.Default.Equals(m.ContainingType, type));
        if (wanted is null)
            return;
        string signature = wanted.ToDisplayString(Format);
        symbol.ReportDiagnostic(Found(method.Locations[0], $"the spec of {op.Name} gives '{signature}'",
            properties: ImmutableDictionary<string, string?>.Empty.Add(Wanted, signature)));
    }, SymbolKind.Method);
}
