using Ops.Specs.Binding;
using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Published;

namespace Ops.Specs.Checks;

/// <summary>A version after binding, as the checks see it: what is written, what its names are, what they mean.</summary>
/// <param name="Spec">The version as syntax, with places.</param>
/// <param name="Symbols">Its names, with how often each is used.</param>
/// <param name="Bag">Where findings go.</param>
/// <param name="Model">The model; null when the version cannot be declared.</param>
/// <param name="Lets">The definitions that bind.</param>
/// <param name="Rules">The rules that bind.</param>
/// <param name="Published">What domains have published of their ops.</param>
internal sealed record BoundVersion(MergedSpec Spec, SymbolTable Symbols, DiagnosticBag Bag, OpModel? Model, EquatableArray<Let> Lets,
    EquatableArray<Rule> Rules, PublishedOps Published)
{
    /// <summary>Comparing every name with every other is for specs that people write.</summary>
    private const int MaxNames = 1000;

    /// <summary>Whether there are so many names that only a machine can have written them.</summary>
    internal bool IsHuge => Symbols.All.Count > MaxNames;

    /// <summary>Whether something of it does not parse, so that nobody knows what it names.</summary>
    internal bool HasUnparsed =>
        Spec.BodyBroken || Spec.Inputs.Concat(Spec.Outputs).Any(p => p.Value is null) || Spec.Attributes.Any(a => a.Value is null)
            || Spec.Lets.Any(l => l.Value is null)
        || Spec.Constraints.Any(c => c.Value is null) || Bag.Has(SpecRules.Syntax) || Bag.Has(SpecRules.BodySyntax);

    /// <summary>Where a version brings a name that nothing reads, what would read it may be missing from the sections that it takes
    /// over.</summary>
    internal void TellReaders(Symbol symbol, params string[] sections)
    {
        if (Spec.First is not null && Spec.IsOwn(symbol.Span))
            foreach (string section in sections)
                Bag.Report(SpecRules.TakenOver, Spec.PlaceOf(section),
                    $"'{section}' of {Spec.Called} does not read '{symbol.Name}', which the version brings", related: [symbol.Span]);
    }

    /// <summary>Whether <c>docs</c> has a sentence about a name.</summary>
    internal bool IsDocumented(string name) => Spec.Docs.Any(d => d.Name == name);
}

/// <summary>What is asked of a version that binding itself does not need to know. Each check is one rule in a file of its own.</summary>
internal static class VersionChecks
{
    private static readonly Action<BoundVersion>[] All =
    [
        FileNameCheck.Run, NameCaseCheck.Run, SuspiciousDimCheck.Run, LoneDimCheck.Run, UnreadCheck.Run, UnusedNameCheck.Run,
        ConstantRuleCheck.Run,
        UnexplainedRuleCheck.Run, MissingDocCheck.Run, DimOrderCheck.Run, DimPlaceCheck.Run, SameBranchesCheck.Run, KernelShapesCheck.Run,
        PublishedCheck.Run,
        UnfinishedTextCheck.Run, RuleSpellingCheck.Run, RepeatedDimCheck.Run, MissingSentenceCheck.Run, SentenceSpellingCheck.Run,
    ];

    /// <summary>Runs them all.</summary>
    internal static void Run(BoundVersion version)
    {
        foreach (Action<BoundVersion> check in All)
            check(version);
    }
}
