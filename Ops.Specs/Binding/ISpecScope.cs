using System.Collections.Concurrent;
using Ops.Specs.Model;
using Ops.Specs.Published;
using Ops.Specs.Syntax;

namespace Ops.Specs.Binding;

/// <summary>What binding may ask about other ops.</summary>
public interface ISpecScope
{
    /// <summary>The signature of an op, if there is a spec for it.</summary>
    bool TryGetSignature(string name, string domain, out OpSignature signature);

    /// <summary>The names of all ops, to find the one a misspelt name means.</summary>
    IEnumerable<string> OpNames { get; }

    /// <summary>The versions of an op as far as calls of it are concerned, oldest first; none when they are not known.</summary>
    IReadOnlyList<OpModel> Models(string name, string domain);

    /// <summary>The file of an op, for specs that are <c>like</c> it; null when there is none.</summary>
    SpecSyntax? TryGetSyntax(string op);

    /// <summary>What domains have published of their ops.</summary>
    PublishedOps Published { get; }
}

/// <summary>A scope over a fixed set of files. Of two files with the same op the first counts.</summary>
public sealed class SpecScope : ISpecScope
{
    private readonly SpecSyntax[] all;
    private readonly Dictionary<string, SpecSyntax> files = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Domain), OpSignature> signatures = [];
    private readonly ConcurrentDictionary<(string Name, string Domain), IReadOnlyList<OpModel>> models = new();

    /// <summary>Makes a scope of <paramref name="specs"/>, which are held against what their domains have
    /// <paramref name="published"/>.</summary>
    public SpecScope(IEnumerable<SpecSyntax> specs, PublishedOps? published = null)
    {
        Published = published ?? PublishedOps.None;
        all = specs.ToArray();
        foreach (SpecSyntax spec in all)
            if (spec.OpName is { } name && !files.ContainsKey(name))
                files.Add(name, spec);
        foreach (SpecSyntax spec in all)
            if (SpecFrontEnd.Signature(spec, this) is { } signature && !signatures.ContainsKey((signature.Name, signature.Domain)))
                signatures.Add((signature.Name, signature.Domain), signature);
    }

    /// <summary>A scope without ops.</summary>
    public static SpecScope Empty { get; } = new([]);

    /// <inheritdoc/>
    public IEnumerable<string> OpNames => files.Keys;

    /// <inheritdoc/>
    public bool TryGetSignature(string name, string domain, out OpSignature signature) =>
        signatures.TryGetValue((name, domain), out signature!);

    /// <inheritdoc/>
    public IReadOnlyList<OpModel> Models(string name, string domain) =>
        models.GetOrAdd((name, domain),
            key => all.FirstOrDefault(s => s.OpName == key.Name && s.Domain == key.Domain) is { } spec
                ? SpecFrontEnd.CallModels(spec, this) : []);

    /// <inheritdoc/>
    public SpecSyntax? TryGetSyntax(string op) =>
        files.TryGetValue(op, out SpecSyntax? syntax) ? syntax : all.FirstOrDefault(s => LikeName.Fits(op, s));

    /// <inheritdoc/>
    public PublishedOps Published { get; }
}
