using Ops.Specs.Bodies;
using Ops.Specs.Checks;
using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Syntax;
using Ops.Specs.Text;

namespace Ops.Specs.Binding;

/// <summary>The way from a spec's text to its model: parse a file by itself, then bind it against the signatures of the others.</summary>
public static class SpecFrontEnd
{
    /// <summary>Reads a file. Whatever is wrong with it is in the result's diagnostics.</summary>
    /// <param name="path">Where findings say they are; also what <see cref="OpModel.Path"/> is taken from.</param>
    /// <param name="text">The file's text.</param>
    /// <param name="ct">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static SpecSyntax Parse(string path, string text, CancellationToken ct = default)
    {
        var source = new SpecText(path, text);
        var bag = new DiagnosticBag(source);
        List<DocumentSyntax> documents = [];
        try
        {
            IReadOnlyList<YamlNode?> nodes = YamlReader.Read(source, bag, ct, out bool broken);
            var reader = new DocumentReader(source, bag, ct);
            foreach (YamlNode? node in nodes)
                if (node is not null)
                    documents.Add(reader.Read(node, first: documents.Count == 0));
            if (documents.Count == 0 && !broken)
                bag.Report(SpecRules.EmptySpec, source.Span(0, 0), "the file holds no spec; it starts with 'op: Name'", blocking: true);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            bag.Report(SpecRules.Internal, source.Span(0, 0), $"reading failed: {e.GetType().Name}: {e.Message}", blocking: true);
        }
        return new SpecSyntax(source, documents, bag.ToArray());
    }

    /// <summary>Binds a file: merges its versions, resolves names, types expressions, checks everything that can be checked without
    /// running.</summary>
    /// <param name="syntax">The file.</param>
    /// <param name="scope">The other ops.</param>
    /// <param name="ct">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static BoundSpec Bind(SpecSyntax syntax, ISpecScope scope, CancellationToken ct = default) =>
        Bind(syntax, scope, checks: true, repairs: true, ct);

    /// <summary>Binds a file for its declarations: the same model, and of the findings those that binding itself must know.</summary>
    /// <param name="syntax">The file.</param>
    /// <param name="scope">The other ops.</param>
    /// <param name="ct">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static BoundSpec Declare(SpecSyntax syntax, ISpecScope scope, CancellationToken ct = default) =>
        Bind(syntax, scope, checks: false, repairs: false, ct);

    /// <param name="syntax">The file.</param>
    /// <param name="scope">The other ops.</param>
    /// <param name="checks">Whether to ask what binding itself need not know.</param>
    /// <param name="repairs">Whether to try what would mend a mistake, to tell where it is.</param>
    /// <param name="ct">Stops the work.</param>
    private static BoundSpec Bind(SpecSyntax syntax, ISpecScope scope, bool checks, bool repairs, CancellationToken ct)
    {
        var bag = new DiagnosticBag(syntax.Source);
        bag.AddRange(syntax.Diagnostics);
        List<OpModel> models = [];
        try
        {
            foreach (MergedSpec version in SpecMerger.Merge(syntax, scope, bag))
            {
                ct.ThrowIfCancellationRequested();
                bag.Version = version;
                if (new SpecBinder(version, scope, bag, ct).Bind(checks) is not { } model)
                    continue;
                // Behind a mistake nobody knows what was meant to differ.
                if (models.Count > 0 && !bag.HasErrors && !bag.Has(SpecRules.NoDifference) && models[models.Count - 1] is var last
                    && last with { Since = model.Since, Opset = model.Opset } == model && version.SinceSpan is { } since)
                    bag.Report(SpecRules.NoDifference, since, $"version {model.Since} means what version {last.Since} means already");
                models.Add(models.Count == 0 ? model : model.Sharing(models[models.Count - 1]));
            }
            bag.Version = null;
            if (checks)
            {
                UndeclaredNameCheck.Run(syntax, bag);
                if (repairs)
                    DimSwapCheck.Run(syntax, bag,
                        other => Bind(other, scope, checks: true, repairs: false, ct).Diagnostics
                            .All(d => d.Rule.Severity != SpecSeverity.Error));
                Suppressions.Apply(syntax, bag);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            bag.Report(SpecRules.Internal, syntax.Source.Span(0, 0), $"binding failed: {e.GetType().Name}: {e.Message}", blocking: true);
        }
        if (models.Count == 0)
            bag.Block();
        OpFamily? family = models.Count == 0 ? null
            : new OpFamily(models[0].Name, models[0].Domain, models[0].Path, models.ToEquatableArray());
        EquatableArray<SpecDiagnostic> found = bag.ToArray().Select(d => RelatedPlaces.AddTo(d, syntax)).ToEquatableArray();
        return new BoundSpec(family, found.Where(d => d.Rule.Severity != SpecSeverity.Suggestion).ToEquatableArray())
        {
            Suggestions = found.Where(d => d.Rule.Severity == SpecSeverity.Suggestion).ToEquatableArray(),
        };
    }

    /// <summary>
    /// What callers may know of the op, without positions and without looking at other ops; null when it has no name. An op that is
    /// <c>like</c> another tells only what it states itself; <see cref="Signature(SpecSyntax, ISpecScope)"/> tells all.
    /// </summary>
    public static OpSignature? Signature(SpecSyntax syntax) => syntax.Signature ??= Signature(syntax, SpecScope.Empty);

    /// <summary>What callers may know of the op, with what it takes from the op it is <c>like</c>; null when it has no name.</summary>
    public static OpSignature? Signature(SpecSyntax syntax, ISpecScope scope)
    {
        if (syntax.OpName is not { } name)
            return null;
        // Binding reports; this only reads.
        var silent = new DiagnosticBag(syntax.Source);
        IEnumerable<VersionSignature> versions = SpecMerger.Merge(syntax, scope, silent).Where(SpecMerger.IsDeclarable).Select(SignatureOf);
        return new OpSignature(name, syntax.Domain, syntax.Path, versions.ToEquatableArray());
    }

    /// <summary>
    /// The versions of an op as far as calls of it are concerned, oldest first: without bodies, docs and presets, so that editing those
    /// touches no caller.
    /// </summary>
    public static IReadOnlyList<OpModel> CallModels(SpecSyntax syntax, ISpecScope scope)
    {
        var silent = new DiagnosticBag(syntax.Source);
        try
        {
            return [.. SpecMerger.Merge(syntax, scope, silent).Select(v => new SpecBinder(v, scope, silent, default).BindCalls())
                .OfType<OpModel>()];
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Binding the file itself tells.
            return [];
        }
    }

    /// <summary>The names of the ops a file needs to know: those its bodies call, and the one it is <c>like</c>. Sorted, without
    /// duplicates.</summary>
    public static EquatableArray<string> References(SpecSyntax syntax) => (syntax.References ??= FindReferences(syntax)).ToEquatableArray();

    private static string[] FindReferences(SpecSyntax syntax)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (DocumentSyntax document in syntax.Documents)
        {
            if (document.Like is { } like)
                names.Add(LikeName.Of(like.Value).Name);
            if (document.Body?.Value is { } body)
                foreach (CallOperand call in BodyWalker.Calls(body.Equations))
                    names.Add(call.Op.Name);
            foreach (Entry<AttributeSyntax> attribute in document.Attributes)
                if (attribute.Value?.Arrows.Count > 0)
                    names.Remove(attribute.Name);
        }
        return [.. names];
    }

    /// <summary>The names of the ops whose whole files this one needs: those it is <c>like</c>.</summary>
    public static IReadOnlyList<string> Bases(SpecSyntax syntax) => syntax.Bases;

    /// <summary>Whether a file is the one that another names as what it is <c>like</c>.</summary>
    public static bool IsMeant(string like, SpecSyntax file) => LikeName.Fits(like, file);

    private static VersionSignature SignatureOf(MergedSpec version) => new(
        version.Since,
        version.Inputs.Select(Port).ToEquatableArray(),
        version.Outputs.Select(Port).ToEquatableArray(),
        version.Attributes.Select(Attribute).ToEquatableArray());

    // An input with a default may be left out; an output's value says nothing about that.
    private static PortSignature Port(Entry<PortSyntax> port) =>
        new(port.Name, port.Value is { MayBeAbsent: true }, port.Family is not null);

    private static AttributeSignature Attribute(Entry<AttributeSyntax> attribute) => attribute.Value is { } a
        ? new AttributeSignature(attribute.Name, a.Kind, a.IsList, Required: !a.Optional && a.Default is null)
        : new AttributeSignature(attribute.Name, AttributeKind.Int, false, Required: false);
}
