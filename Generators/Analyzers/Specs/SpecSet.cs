using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Ops.Specs.Binding;
using Ops.Specs.Collections;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Generators.Analyzers.Specs;

/// <summary>
/// The specs among the additional files, parsed and bound once for all analyzers. A file stays parsed while its text does, and bound while
/// the signatures it names do, so that an edit costs what it changes.
/// </summary>
internal sealed class SpecSet
{
    private static readonly ConditionalWeakTable<AdditionalText, ParsedSpec> Parsed = new();
    // Many analyzers ask at once; one of them makes the set and the others wait.
    private static readonly ConditionalWeakTable<AnalyzerOptions, Lazy<SpecSet>> Sets = new();

    private readonly ConcurrentDictionary<AdditionalText, BoundSpec> bound = new();
    private readonly SpecTable table;
    private readonly EquatableArray<SpecSyntax> bases;
    private readonly Dictionary<string, ParsedSpec> byPath = [];

    private SpecSet(IEnumerable<ParsedSpec> specs)
    {
        ParsedSpec[] all = [.. specs];
        bases = SpecSlice.BasesOf(all.Select(s => s.Syntax));
        table =
            SpecTable.Create(all.Select(s => SpecFrontEnd.Bases(s.Syntax).Count > 0 ? SpecSlice.SignatureOf(s.Syntax, bases) : s.Signature)
            .OfType<OpSignature>());
        foreach (ParsedSpec spec in all)
            byPath[spec.Syntax.Path] = spec;
    }

    /// <summary>The specs of a compilation.</summary>
    public static SpecSet Of(AnalyzerOptions options, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Sets.GetValue(options,
            static o => new Lazy<SpecSet>(
                () => new SpecSet(o.AdditionalFiles.Where(SpecFiles.IsSpec).Select(f => Parse(f, default))))).Value;
    }

    /// <summary>The op that a generated class is of; null when its spec is broken or not here.</summary>
    public static OpFamily? Family(INamedTypeSymbol type, AnalyzerOptions options, CancellationToken cancellation) =>
        Find(type, options, cancellation)?.Bound.Family;

    /// <summary>The spec that a generated class is of; null when it is not here.</summary>
    public static (SpecSyntax Syntax, BoundSpec Bound)? Find(INamedTypeSymbol type, AnalyzerOptions options, CancellationToken cancellation)
    {
        SpecSet set = Of(options, cancellation);
        string space = type.ContainingNamespace.ToDisplayString();
        foreach (AdditionalText file in options.AdditionalFiles)
            if (SpecFiles.IsSpec(file) && Parse(file, cancellation).Syntax is { } spec && spec.OpName == type.Name
                && OpClass.Namespace(spec.Domain) == space)
                return (spec, set.Bind(file, cancellation));
        return null;
    }

    /// <summary>What the front end makes of one file.</summary>
    public BoundSpec Bind(AdditionalText file, CancellationToken cancellation)
    {
        if (bound.TryGetValue(file, out BoundSpec? known))
            return known;
        ParsedSpec spec = Parse(file, cancellation);
        SpecSlice slice = SpecSlice.Of(spec.Syntax, table, bases);
        return bound.GetOrAdd(file, spec.Bind(slice with { Models = slice.Signatures.Select(Callable).ToEquatableArray() }, cancellation));
    }

    private CallableOp Callable(OpSignature signature)
    {
        ParsedSpec spec = byPath[signature.Path];
        return spec.Callable(SpecFrontEnd.Bases(spec.Syntax).Count > 0 ? SpecSlice.Of(spec.Syntax, table, bases) : SpecSlice.Empty);
    }

    private static ParsedSpec Parse(AdditionalText file, CancellationToken cancellation)
    {
        if (!Parsed.TryGetValue(file, out ParsedSpec? spec))
        {
            var fresh = new ParsedSpec(SpecFiles.Parse(file, cancellation));
            spec = Parsed.GetValue(file, _ => fresh);
        }
        return spec;
    }

    private sealed class ParsedSpec(SpecSyntax syntax)
    {
        private (SpecSlice Slice, BoundSpec Bound)? last;
        private (SpecSlice Slice, CallableOp Op)? lastCallable;

        public SpecSyntax Syntax { get; } = syntax;

        public OpSignature? Signature { get; } = SpecFrontEnd.Signature(syntax);

        public BoundSpec Bind(SpecSlice slice, CancellationToken cancellation)
        {
            lock (this)
            {
                if (last is not { } known || !known.Slice.Equals(slice))
                    last = known = (slice, SpecFrontEnd.Bind(Syntax, slice, cancellation));
                return known.Bound;
            }
        }

        public CallableOp Callable(SpecSlice slice)
        {
            lock (this)
            {
                if (lastCallable is not { } known || !known.Slice.Equals(slice))
                    lastCallable = known = (slice,
                        new CallableOp(Syntax.OpName!, Syntax.Domain, SpecFrontEnd.CallModels(Syntax, slice).ToEquatableArray()));
                return known.Op;
            }
        }
    }
}
