namespace Ops.Specs.Bodies;

/// <summary>The values that can be named in a body or in a graph inside it.</summary>
internal sealed class BodyScope(BodyScope? outer, HashSet<string> own)
{
    internal bool Has(string name) => own.Contains(name) || (outer?.Has(name) ?? false);

    internal IEnumerable<string> All => outer is null ? own : own.Concat(outer.All);
}
