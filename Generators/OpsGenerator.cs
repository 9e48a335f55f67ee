using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Ops.Generators.Emit;
using Ops.Specs.Binding;
using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Generators;

/// <summary>
/// Turns every <c>*.op.yaml</c> among the additional files into an op: file -> syntax -> (bound family, findings) -> C#. The family has no
/// positions, so a comment re-emits nothing; a file binds against the signatures it names only, so an edit reaches its callers and no
/// further.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class OpsGenerator : IIncrementalGenerator
{
    internal static readonly string Version = typeof(OpsGenerator).Assembly.GetName().Version.ToString(3);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<(AdditionalText Text, bool IsReferenced)> texts = context.AdditionalTextsProvider
            .Where(static file => SpecFiles.IsSpec(file))
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (pair, _) => (pair.Left, SpecFiles.IsReferenced(pair.Left, pair.Right)));
        IncrementalValuesProvider<(SpecSyntax Spec, bool IsReferenced)> known = texts
            .Select(static (file, cancellation) => (Ahead: AheadOfBinding.Parse(file.Text, cancellation), file.IsReferenced))
            .Select(static (file, cancellation) => (file.Ahead.Result(cancellation), file.IsReferenced));
        IncrementalValuesProvider<SpecSyntax> files = known
            .Where(static file => !file.IsReferenced)
            .Select(static (file, _) => file.Spec);

        // Specs that state their difference from another op need its whole file; there are few of them.
        IncrementalValueProvider<EquatableArray<SpecSyntax>> bases = known
            .Collect()
            .Select(static (all, _) => SpecSlice.BasesOf(all.Select(f => f.Spec)));

        IncrementalValuesProvider<OpSignature> whole = known
            .Where(static file => SpecFrontEnd.Bases(file.Spec).Count == 0)
            .Select(static (file, _) => SpecFrontEnd.Signature(file.Spec))
            .Where(static signature => signature is not null)
            .Select(static (signature, _) => signature!)
            .WithTrackingName(TrackingNames.Signatures);
        IncrementalValuesProvider<OpSignature> different = known
            .Where(static file => SpecFrontEnd.Bases(file.Spec).Count > 0)
            .Combine(bases)
            .Select(static (pair, _) => SpecSlice.SignatureOf(pair.Left.Spec, pair.Right))
            .Where(static signature => signature is not null)
            .Select(static (signature, _) => signature!);
        IncrementalValueProvider<SpecTable> table = whole.Collect()
            .Combine(different.Collect())
            .Select(static (pair, _) => SpecTable.Create(pair.Left.AddRange(pair.Right)));

        IncrementalValuesProvider<(SpecSyntax File, SpecSlice Slice)> inputs = files
            .Combine(table.Combine(bases))
            .Select(static (pair, cancellation) =>
            {
                SpecSlice slice = SpecSlice.Of(pair.Left, pair.Right.Left, pair.Right.Right);
                AheadOfBinding.Begin(pair.Left, slice, cancellation);
                return (pair.Left, slice);
            });

        IncrementalValuesProvider<(string Path, BoundSpec Spec)> bound = inputs
            .Select(static (pair, cancellation) => (pair.File.Path, AheadOfBinding.Bind(pair.File, pair.Slice, cancellation)))
            .WithTrackingName(TrackingNames.Bind);

        IncrementalValueProvider<EquatableArray<DuplicateOp>> duplicates = table.Select(static (t, _) => t.Duplicates());

        IncrementalValuesProvider<OpFamily> families = bound
            .Combine(duplicates)
            .Where(static pair => pair.Left.Spec.Family is not null && pair.Right.All(d => d.Path != pair.Left.Path))
            .Select(static (pair, _) => pair.Left.Spec.Family!)
            .WithTrackingName(TrackingNames.Family);

        IncrementalValuesProvider<EmittedOp> emitted = families
            .Select(static (family, _) => AheadOfBinding.Emit(family))
            .WithTrackingName(TrackingNames.Emit);

        IncrementalValueProvider<bool> registers = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => !options.GlobalOptions.TryGetValue("build_property.RegisterOps", out string? value)
                || !string.Equals(value, "false", StringComparison.OrdinalIgnoreCase));

        // Where names stand matters only to projects that want line numbers; for the others a moved line changes nothing.
        IncrementalValueProvider<bool> wantsLines = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => options.GlobalOptions.TryGetValue("build_property.OpSpecLines", out string? value)
                && string.Equals(value, "true", StringComparison.OrdinalIgnoreCase));
        IncrementalValueProvider<EquatableArray<SpecLinks>> links = files
            .Combine(wantsLines)
            .Where(static pair => pair.Right)
            .Select(static (pair, _) => SpecLinks.Of(pair.Left))
            .Collect()
            .Select(static (all, _) => all.ToEquatableArray());

        context.RegisterSourceOutput(emitted.Combine(links), static (output, pair) =>
        {
            (EmittedOp op, EquatableArray<SpecLinks> links) = pair;
            if (op.Source is not null)
                output.AddSource(op.HintName,
                    SourceText.From(links.FirstOrDefault(l => l.IsOf(op.Path)) is { } link ? link.Resolve(op.Source) : op.Source,
                        Encoding.UTF8));
            else
                output.ReportDiagnostic(Diagnostic.Create(Descriptors.EmitFailed, Descriptors.LocationOf(op.Path, default), op.Failure));
        });

        IncrementalValueProvider<EquatableArray<RegistryEntry>> registry = emitted
            .Where(static op => op.Source is not null)
            .Select(static (op, _) => op.Entry)
            .Collect()
            .Select(static (entries, _) => entries.ToEquatableArray())
            .WithTrackingName(TrackingNames.Registry);

        // The assembly that declares the registry gets its list; others add theirs when they are loaded.
        IncrementalValueProvider<RegistryPlace> place = context.CompilationProvider
            .Combine(registers)
            .Select(static (pair, _) => (pair.Right ? pair.Left.GetTypeByMetadataName("Ops.Schemas.OpRegistry") : null) switch
            {
                null => RegistryPlace.Nowhere,
                var type when SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, pair.Left.Assembly) => RegistryPlace.Here,
                _ => RegistryPlace.Referenced,
            });
        context.RegisterSourceOutput(registry.Combine(place), static (output, pair) =>
        {
            if (RegistryEmitter.Emit(pair.Left, pair.Right) is { } source)
                output.AddSource("OpRegistry.g.cs", SourceText.From(source, Encoding.UTF8));
        });

        // Only what keeps an op from being declared is reported here: then C# may not bind, and the compiler drops what analyzers say.
        IncrementalValuesProvider<SpecDiagnostic> blocking = bound
            .SelectMany(static (bound, _) => bound.Spec.Diagnostics.Where(d => d.Blocking))
            .WithTrackingName(TrackingNames.Blocking);
        context.RegisterSourceOutput(blocking, static (output, finding) => output.ReportDiagnostic(Descriptors.ToDiagnostic(finding)));

        context.RegisterSourceOutput(files.Combine(duplicates), static (output, pair) =>
        {
            if (pair.Left.OpName is { } op && pair.Right.FirstOrDefault(d => d.Path == pair.Left.Path) is { } duplicate)
                output.ReportDiagnostic(Diagnostic.Create(Descriptors.DuplicateOp, Descriptors.LocationOf(pair.Left.Path, default),
                    OpClass.DuplicateMessage(pair.Left.Domain, op, Path.GetFileName(duplicate.First))));
        });
    }
}

/// <summary>One op's generated file, or why there is none.</summary>
internal sealed record EmittedOp(string HintName, string Path, string? Source, string? Failure, RegistryEntry Entry)
{
    public static EmittedOp Create(OpFamily family)
    {
        string hint = $"{OpClass.Namespace(family.Domain)}.{family.Name}.g.cs";
        var entry = new RegistryEntry(Names.Class(family), family.Versions.Select(v => v.Since).ToEquatableArray());
        try
        {
            return new EmittedOp(hint, family.Path, OpEmitter.Emit(family, OpsGenerator.Version), null, entry);
        }
        catch (NotSupportedException e)
        {
            return new EmittedOp(hint, family.Path, null, $"{family.Name}: the generator cannot write {e.Message}", entry);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One op that trips the emitter must not take the others with it: an exception would make every generated file vanish.
            return new EmittedOp(hint, family.Path, null, $"{family.Name}: {e.GetType().Name}: {e.Message}", entry);
        }
    }
}
