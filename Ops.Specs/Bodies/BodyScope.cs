using Ops.Specs.Diagnostics;

namespace Ops.Specs.Bodies;

/// <summary>The values that can be named in a body or in a graph inside it.</summary>
/// <param name="outer">The scope around it.</param>
/// <param name="own">Its own values.</param>
/// <param name="unread">Those of its own values that nothing reads: a misspelt name most likely means one of them.</param>
internal sealed class BodyScope(BodyScope? outer, HashSet<string> own, IEnumerable<string> unread)
{
    internal bool Has(string name) => own.Contains(name) || (outer?.Has(name) ?? false);

    internal string Hint(string name) => DidYouMean.Hint(name, Unread) is { Length: > 0 } hint ? hint : DidYouMean.Hint(name, All);

    private IEnumerable<string> All => outer is null ? own : own.Concat(outer.All);

    private IEnumerable<string> Unread => outer is null ? unread : unread.Concat(outer.Unread);
}
