using Ops.Specs.Bodies;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>
/// Turns the documents of a file into whole versions: each starts from the one before (or from the op it is <c>like</c>) and changes what
/// its document states.
/// </summary>
internal sealed class SpecMerger
{
    private const int MaxLikes = 16;

    private readonly SpecSyntax syntax;
    private readonly ISpecScope scope;
    private readonly DiagnosticBag bag;

    private SpecMerger(SpecSyntax syntax, ISpecScope scope, DiagnosticBag bag)
    {
        this.syntax = syntax;
        this.scope = scope;
        this.bag = bag;
    }

    /// <summary>The versions, oldest first, those that cannot be declared included: they are bound for their other mistakes.</summary>
    internal static IReadOnlyList<MergedSpec> Merge(SpecSyntax syntax, ISpecScope scope, DiagnosticBag bag) =>
        new SpecMerger(syntax, scope, bag).Merge([]);

    private List<MergedSpec> Merge(HashSet<string> likes)
    {
        List<MergedSpec> versions = [];
        if (syntax.Documents.Count == 0)
            return versions;
        DocumentSyntax first = syntax.Documents[0];
        // Without a name or version nothing can be declared; what else the document says is checked all the same.
        var op = first.Op ?? new Located<string>("?", first.Span);
        bool nameless = first.Op is null || first.Since is null;
        MergedSpec? basis = null;
        if (first.Like is { } like)
        {
            basis = Base(like, LikeName.Of(like.Value).Domain is null ? op.Value : $"{first.Domain?.Value ?? "ai.onnx"}.{op.Value}", likes);
            if (basis is null)
                return versions;
            bag.Like = (like.Span, like.Value);
        }
        var current = new MergedSpec
        {
            Name = op.Value,
            NameSpan = op.Span,
            Domain = first.Domain?.Value ?? basis?.Domain ?? "ai.onnx",
            DomainSpan = first.Domain?.Span,
            Path = SpecPath.Relative(syntax.Path),
            Since = first.Since?.Value ?? 1,
            SinceSpan = first.Since?.Span,
            Opset = 0,
            Nameless = nameless,
            Documents = syntax.Documents,
        };
        if (basis is not null)
            current = basis with
            {
                Name = current.Name,
                NameSpan = current.NameSpan,
                Domain = current.Domain,
                DomainSpan = current.DomainSpan,
                Path = current.Path,
                Since = current.Since,
                SinceSpan = current.SinceSpan,
                Nameless = nameless,
                Documents = current.Documents,
                First = null,
                IsNewest = false,
                Overrides = [],
                Bases = [.. basis.Documents, .. basis.Bases]
            };
        // A broken document breaks the versions after it as well, until one replaces what is broken.
        foreach (DocumentSyntax document in syntax.Documents)
        {
            if (document.First)
            {
                current = Apply(current, document, basis is null ? null : "in the op it is like");
                current = current with { Opset = document.Opset?.Value ?? (basis is null ? current.Since : basis.Opset) };
                versions.Add(current);
            }
            else if (document.Since is not { } since)
                continue;
            else if (since.Value == current.Since && document.Opset is { } opset)
                ApplyOverride(versions, ref current, document, opset);
            else if (since.Value <= current.Since)
                bag.Report(SpecRules.VersionOrder, since.Span,
                    $"version {since.Value} follows version {current.Since}; versions ascend, and a version repeats only with a higher 'opset'");
            else
            {
                // It starts from the body that models of its opset get, and its ops resolve at its own number unless some document pinned a
                // later one.
                MergedSpec last = (current.Overrides.LastOrDefault(o => o.Opset <= since.Value) ?? current) with
                {
                    Overrides = [], IsOverride = false
                };
                MergedSpec next = Apply(last, document, $"in version {current.Since}");
                current = next with { First = versions[0], Since = since.Value, SinceSpan = since.Span, Opset = document.Opset?.Value
                    ?? Math.Max(since.Value, current.Opset) };
                versions.Add(current);
            }
        }
        versions[versions.Count - 1] = versions[versions.Count - 1] with { IsNewest = true };
        return versions;
    }

    /// <summary>Whether every declaration of the version could be parsed.</summary>
    internal static bool IsDeclarable(MergedSpec v) =>
        !v.Nameless && !v.Types.Any(t => t.Value is null) && !v.Inputs.Any(p => p.Value is null) && !v.Outputs.Any(p => p.Value is null)
            && !v.Attributes.Any(a => a.Value is null);

    private MergedSpec? Base(Located<string> like, string self, HashSet<string> likes)
    {
        if (like.Value == self || !likes.Add(self) || likes.Contains(like.Value) || likes.Count > MaxLikes)
        {
            bag.Report(SpecRules.LikeBase, like.Span,
                like.Value == self ? "an op cannot be like itself" : $"'{like.Value}' is, over others, like this op again", blocking: true);
            return null;
        }
        if (scope.TryGetSyntax(like.Value) is not { } file)
        {
            bag.Report(SpecRules.LikeBase, like.Span,
                $"there is no spec of an op '{like.Value}'{DidYouMean.Hint(like.Value, scope.OpNames)}", blocking: true);
            return null;
        }
        List<MergedSpec> versions = new SpecMerger(file, scope, new DiagnosticBag(file.Source)).Merge(likes);
        versions.RemoveAll(v => !IsDeclarable(v));
        if (versions.Count == 0)
            bag.Report(SpecRules.LikeBase, like.Span, $"the spec of '{like.Value}' is broken itself", blocking: true);
        return versions.Count == 0 ? null : versions[versions.Count - 1];
    }

    private void ApplyOverride(List<MergedSpec> versions, ref MergedSpec current, DocumentSyntax document, Located<int> opset)
    {
        int before = current.Overrides.Count > 0 ? current.Overrides[current.Overrides.Count - 1].Opset : current.Opset;
        if (opset.Value <= before)
        {
            bag.Report(SpecRules.VersionOrder, opset.Span,
                $"opset {opset.Value} follows opset {before}; a document that repeats 'since' has a higher one");
            return;
        }
        if (document.Types.Count + document.Inputs.Count + document.Outputs.Count + document.Attributes.Count + document.Lets.Count
            + document.Constraints.Count + document.Docs.Count + document.Presets.Count > 0 || document.Kernel is not null
            || document.Summary is not null)
            bag.Report(SpecRules.VersionKey, document.Since!.Span,
                $"a document that repeats version {current.Since} changes only the body");
        MergedSpec last = current.Overrides.Count > 0 ? current.Overrides[current.Overrides.Count - 1] : current;
        MergedSpec body = ApplyBody(last with
        {
            Opset = opset.Value, Overrides = [], Document = document, First = versions[0], IsOverride = true
        }, document);
        if (document.Body is null)
            bag.Report(SpecRules.NoDifference, document.Since!.Span, "this document changes nothing: it states no body");
        current = current with { Overrides = [.. current.Overrides, body] };
        versions[versions.Count - 1] = current;
    }

    /// <param name="basis">The version changed.</param>
    /// <param name="document">What changes.</param>
    /// <param name="where">How messages name the version changed; null when there is none.</param>
    private MergedSpec Apply(MergedSpec basis, DocumentSyntax document, string? where)
    {
        MergedSpec merged = ApplyBody(basis, document) with
        {
            Document = document,
            Summary = document.Summary ?? basis.Summary,
            Types = Merge(basis.Types, document.Types, where),
            Inputs = Ordered(Merge(basis.Inputs, document.Inputs, where), document, document.Inputs),
            Outputs = Ordered(Merge(basis.Outputs, document.Outputs, where), document, document.Outputs),
            Attributes = Merge(basis.Attributes, document.Attributes, where),
            Lets = Merge(basis.Lets, document.Lets, where),
            Constraints = Merge(basis.Constraints, document.Constraints, where),
            Presets = Merge(basis.Presets, document.Presets, where),
            Kernel = document.Kernel is null ? basis.Kernel : document.Kernel.Removed ? null : document.Kernel,
        };
        if (document.First)
        {
            WholeOrDifferent(basis.Inputs, document.Inputs, document, "inputs");
            WholeOrDifferent(basis.Outputs, document.Outputs, document, "outputs");
        }
        // What a version removes needs no sentence any more.
        HashSet<string> removed = [.. Removed(document.Types), .. Removed(document.Inputs), .. Removed(document.Outputs),
            .. Removed(document.Attributes), .. Removed(document.Lets), .. Removed(document.Constraints)];
        merged = merged with { Docs = Merge(removed.Count == 0 ? basis.Docs : [.. basis.Docs.Where(d => !removed.Contains(d.Name))],
            document.Docs, where) };
        if (where is not null && !document.First && Silent(document))
            bag.Report(SpecRules.NoDifference, document.Since!.Span,
                $"version {document.Since.Value} changes nothing: it says only 'since'");
        return merged;
    }

    private static IEnumerable<string> Removed<T>(List<Entry<T>> entries)
        where T : class => entries.Where(e => e.Removed).Select(e => e.Name);

    private static bool Silent(DocumentSyntax d) =>
        d.Summary is null && d.Kernel is null && d.Body is null && d.Opset is null && !d.Unusable
        && d.Types.Count + d.Inputs.Count + d.Outputs.Count + d.Attributes.Count + d.Lets.Count + d.Constraints.Count + d.Docs.Count
            + d.Presets.Count == 0;

    private IReadOnlyList<Entry<T>> Merge<T>(IReadOnlyList<Entry<T>> basis, List<Entry<T>> changes, string? where) where T : class
    {
        if (changes.Count == 0)
            return basis;
        if (basis.Count == 0 && changes.TrueForAll(c => !c.Removed))
            return changes;
        List<Entry<T>?> merged = [.. basis];
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < merged.Count; i++)
            places[merged[i]!.Name] = i;
        foreach (Entry<T> change in changes)
        {
            int index = places.TryGetValue(change.Name, out int place) ? place : -1;
            if (change.Removed)
            {
                if (index >= 0)
                {
                    merged[index] = null;
                    places.Remove(change.Name);
                }
                else
                    bag.Report(SpecRules.NothingToRemove, change.NameSpan,
                        $"there is no '{change.Name}' to remove{(where is null ? "" : " " + where)}{DidYouMean.Hint(change.Name, places.Keys)}");
            }
            else if (index < 0)
            {
                places[change.Name] = merged.Count;
                merged.Add(change);
            }
            else
            {
                // A spec that is like another may repeat ports for the reader's sake.
                if (where is not null && syntax.Documents[0].Like is null && merged[index]!.Text == change.Text && change.Value is not null)
                    bag.Report(SpecRules.NoDifference, change.NameSpan, $"'{change.Name}' says the same {where}");
                merged[index] = change;
            }
        }
        return [.. merged.OfType<Entry<T>>()];
    }

    /// <summary>An op like another one that states all of its ports has them in its own order; a version only adds to the end.</summary>
    private static IReadOnlyList<Entry<T>> Ordered<T>(IReadOnlyList<Entry<T>> merged, DocumentSyntax document, List<Entry<T>> stated)
        where T : class
    {
        if (!document.First || ReferenceEquals(merged, stated))
            return merged;
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Entry<T> entry in stated)
            if (!entry.Removed)
                places[entry.Name] = places.Count;
        return merged.All(e => places.ContainsKey(e.Name)) ? [.. merged.OrderBy(e => places[e.Name])] : merged;
    }

    /// <summary>Ports that say what they say in the op that this one is like are there for the order; between two of them none is left
    /// out.</summary>
    private void WholeOrDifferent(IReadOnlyList<Entry<PortSyntax>> basis, List<Entry<PortSyntax>> stated, DocumentSyntax document,
        string section)
    {
        bool[] there = [.. basis.Select(b => stated.Any(s => s.Name == b.Name))];
        int first = Array.IndexOf(there, true), last = Array.LastIndexOf(there, true);
        if (first >= 0 && stated.FirstOrDefault(s => basis.Any(b => b.Name == s.Name && b.Text == s.Text)) is { } repeated
            && Array.IndexOf(there, false, first, last - first + 1) is >= 0 and int missing)
            bag.Report(SpecRules.NoDifference, document.Keys[section],
                $"'{repeated.Name}' says the same in the op it is like, and '{basis[missing].Name}' is left out; either all ports are stated, in their order, or only what differs");
    }

    private static MergedSpec ApplyBody(MergedSpec basis, DocumentSyntax document)
    {
        MergedEquation[]? inherited = basis.Equations?.Select(e => e with { Own = false }).ToArray();
        if (document.Body is not { } body)
            return basis with { Equations = inherited };
        if (body.Removed)
            return basis with { Equations = null, BodyBroken = false, BodySpan = null };
        if (body.Value is null)
            return basis with { Equations = inherited ?? [], BodyBroken = true, BodySpan = body.NameSpan };
        List<MergedEquation> merged = [.. inherited ?? []];
        HashSet<string> assigned = [];
        foreach (EquationSyntax equation in body.Value.Equations)
        {
            HashSet<string> outputs = [.. equation.Outputs.Select(o => o.Name).Where(n => n != "_")];
            // Only what older documents state is replaced; the same name twice in one document is a mistake the binder reports.
            int index = inherited is null ? -1 : merged.FindIndex(e => !e.Own && e.Syntax.Outputs.Any(o => outputs.Contains(o.Name)));
            if (index >= 0)
                merged.RemoveAll(e => !e.Own && e.Syntax.Outputs.Any(o => outputs.Contains(o.Name)));
            merged.Insert(index >= 0 ? index : merged.Count, new MergedEquation(equation, Own: true));
            assigned.UnionWith(outputs);
        }
        return basis with { Equations = merged, BodySpan = body.NameSpan };
    }
}
