using Ops.Specs;

namespace Ops.Schemas;

/// <summary>Every op that has a spec: those of this assembly, which the generator lists, and those that other assemblies add when they are
/// loaded.</summary>
public static partial class OpRegistry
{
    private static readonly Lock Adding = new();
    private static volatile Table known = new(Definitions());

    /// <summary>Every version of every op: this assembly's sorted by domain, name and version, then what was added.</summary>
    public static IReadOnlyList<OpDefinition> All => known.All;

    /// <summary>Every version of an op, oldest first; none when there is no spec for it.</summary>
    public static IReadOnlyList<OpDefinition> Versions(string domain, string name) =>
        known.ByName.GetValueOrDefault((Canonical(domain), name)) ?? [];

    /// <summary>The newest version of an op that an opset has, or null: no spec, or none that old.</summary>
    /// <param name="domain">The domain; empty is <c>ai.onnx</c>.</param>
    /// <param name="name">The op's name.</param>
    /// <param name="opset">The version of the domain that the model imports.</param>
    public static OpDefinition? Find(string domain, string name, long opset) =>
        Versions(domain, name).LastOrDefault(d => d.Schema.Since <= opset);

    /// <summary>The same as <see cref="Find"/>, for a caller that cannot go on without.</summary>
    /// <exception cref="OpException">There is no spec for the op at this opset; the message says which versions there are.</exception>
    public static OpDefinition Get(string domain, string name, long opset) =>
        Find(domain, name, opset)
            ?? throw new OpException($"{Canonical(domain)}.{name}", "no-spec", Versions(domain, name) is { Count: > 0 } versions
            ? $"no version for opset {opset}; specs start at {versions[0].Schema.Since}" : "there is no spec for this op");

    /// <summary>
    /// Adds ops, for graphs that are prepared from now on. An assembly whose specs the generator reads does so itself when it is loaded: it
    /// calls this from its module initializer.
    /// </summary>
    /// <param name="definitions">Versions of ops that are not known yet.</param>
    /// <exception cref="OpException">A version of an op is known already; then none is added.</exception>
    public static void Add(IReadOnlyList<OpDefinition> definitions)
    {
        lock (Adding)
        {
            foreach (IGrouping<(string, string, int), OpDefinition> same in known.All.Concat(definitions)
                .GroupBy(d => (d.Schema.Domain, d.Schema.Name, d.Schema.Since)).Where(g => g.Count() > 1))
                throw new OpException($"{same.Key.Item1}.{same.Key.Item2}", "declared-once",
                    $"version {same.Key.Item3} stands in {string.Join(" and in ", same.Select(d => d.Schema.SpecPath))}");
            known = new Table([.. known.All, .. definitions]);
        }
    }

    private static string Canonical(string domain) => domain.Length == 0 ? "ai.onnx" : domain;

    private static partial IReadOnlyList<OpDefinition> Definitions();

    private sealed class Table(IReadOnlyList<OpDefinition> all)
    {
        public IReadOnlyList<OpDefinition> All { get; } = all;

        public Dictionary<(string Domain, string Name), OpDefinition[]> ByName { get; } =
            all.GroupBy(d => (d.Schema.Domain, d.Schema.Name)).ToDictionary(g => g.Key, g => g.OrderBy(d => d.Schema.Since).ToArray());
    }
}
