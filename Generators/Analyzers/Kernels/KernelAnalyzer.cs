using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Ops.Specs.Diagnostics;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>What the analyzers of hand-written kernels share. Each is one rule.</summary>
/// <param name="rule">The rule.</param>
public abstract class KernelAnalyzer(SpecRule rule) : DiagnosticAnalyzer
{
    private readonly DiagnosticDescriptor descriptor = Descriptors.Of(rule);

    /// <summary>The rule.</summary>
    internal SpecRule Rule => rule;

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [descriptor];

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        Register(context);
    }

    /// <summary>Says what to look at.</summary>
    private protected abstract void Register(AnalysisContext context);

    /// <summary>A finding.</summary>
    private protected Diagnostic Found(Location location, string message, IEnumerable<Location>? more = null,
        ImmutableDictionary<string, string?>? properties = null) =>
        Diagnostic.Create(descriptor, location, more, properties, message);
}

/// <summary>An analyzer of what is done inside hot bodies.</summary>
/// <param name="rule">The rule.</param>
/// <param name="vectorOnly">Whether only bodies that are generic over the vector count, and not the parts of a manual kernel that run in
/// parallel.</param>
public abstract class HotBodyAnalyzer(SpecRule rule, bool vectorOnly) : KernelAnalyzer(rule)
{
    /// <summary>The operations it looks at.</summary>
    private protected abstract ImmutableArray<OperationKind> Kinds { get; }

    /// <inheritdoc/>
    private protected sealed override void Register(AnalysisContext context) => context.RegisterOperationBlockStartAction(block =>
    {
        if (!KernelSymbols.IsHotBody(block.OwningSymbol, vectorOnly))
            return;
        // A vector body is called in a loop; a part of a manual kernel has its loops itself.
        bool inLoop = EverywhereInParts || KernelSymbols.IsHotBody(block.OwningSymbol, vectorOnly: true);
        block.RegisterOperationAction(operation =>
        {
            if ((inLoop || IsInLoop(operation.Operation)) && Check(operation.Operation) is { } message)
                operation.ReportDiagnostic(Found(PlaceOf(operation.Operation).Syntax.GetLocation(), message));
        }, Kinds);
    });

    /// <summary>Whether it looks at parts of manual kernels outside of their loops too.</summary>
    private protected virtual bool EverywhereInParts => false;

    private static bool IsInLoop(IOperation operation)
    {
        for (IOperation? at = operation.Parent; at is not null; at = at.Parent)
            if (at is ILoopOperation)
                return true;
        return false;
    }

    /// <summary>The part of an operation that is wrong.</summary>
    private protected virtual IOperation PlaceOf(IOperation operation) => operation;

    /// <summary>What is wrong with an operation; null when nothing is.</summary>
    private protected abstract string? Check(IOperation operation);
}
