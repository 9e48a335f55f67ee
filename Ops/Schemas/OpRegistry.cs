using Ops.Specs;

namespace Ops.Schemas;

/// <summary>Every op that has a spec. The generator adds the list of definitions.</summary>
public static partial class OpRegistry
{
    private static readonly Dictionary<(string Domain, string Name), OpDefinition[]> ByName =
        All.GroupBy(d => (d.Schema.Domain, d.Schema.Name)).ToDictionary(g => g.Key, g => g.OrderBy(d => d.Schema.Since).ToArray());

    /// <summary>Every version of every op, sorted by domain, name and version.</summary>
    public static IReadOnlyList<OpDefinition> All => Definitions();

    /// <summary>Every version of an op, oldest first; none when there is no spec for it.</summary>
    public static IReadOnlyList<OpDefinition> Versions(string domain, string name) => ByName.GetValueOrDefault((Canonical(domain), name)) ?? [];

    /// <summary>The newest version of an op that an opset has, or null: no spec, or none that old.</summary>
    /// <param name="domain">The domain; empty is <c>ai.onnx</c>.</param>
    /// <param name="name">The op's name.</param>
    /// <param name="opset">The version of the domain that the model imports.</param>
    public static OpDefinition? Find(string domain, string name, long opset) =>
        Versions(domain, name).LastOrDefault(d => d.Schema.Since <= opset);

    /// <summary>The same as <see cref="Find"/>, for a caller that cannot go on without.</summary>
    /// <exception cref="OpException">There is no spec for the op at this opset; the message says which versions there are.</exception>
    public static OpDefinition Get(string domain, string name, long opset) =>
        Find(domain, name, opset) ?? throw new OpException($"{Canonical(domain)}.{name}", "no-spec", Versions(domain, name) is { Count: > 0 } versions
            ? $"no version for opset {opset}; specs start at {versions[0].Schema.Since}" : "there is no spec for this op");

    private static string Canonical(string domain) => domain.Length == 0 ? "ai.onnx" : domain;

    private static partial IReadOnlyList<OpDefinition> Definitions();
}
