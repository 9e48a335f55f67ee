using Ops.Specs.Collections;
using Ops.Specs.Model;

namespace Ops.Generators.Emit.Inference;

/// <summary>Versions that differ only in element types, names of files or docs share one inference method.</summary>
internal sealed class BindGroups
{
    private readonly OpFamily family;
    private readonly Dictionary<int, int> newestOfGroup = [];

    public BindGroups(OpFamily family)
    {
        this.family = family;
        if (family.Versions.Count == 1)
        {
            newestOfGroup[family.Versions[0].Since] = family.Versions[0].Since;
            return;
        }
        var groups = new Dictionary<OpModel, List<int>>();
        foreach (OpModel model in family.Versions)
        {
            OpModel key = Essence(model);
            if (!groups.TryGetValue(key, out List<int> members))
                groups.Add(key, members = []);
            members.Add(model.Since);
        }
        foreach (List<int> members in groups.Values)
            foreach (int since in members)
                newestOfGroup[since] = members[members.Count - 1];
    }

    /// <summary>Whether a version is the newest of its group, and stands for it.</summary>
    public bool IsRepresentative(OpModel model) => newestOfGroup[model.Since] == model.Since;

    /// <summary>What tells the methods of a version's group from those of others: the newest version in it.</summary>
    public string NumberOf(OpModel model) => newestOfGroup[model.Since].ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The name of the inference method that serves a version.</summary>
    public string MethodOf(OpModel model) => "Bind" + NumberOf(model);

    /// <summary>The versions a representative stands for, for documentation.</summary>
    public string Label(OpModel representative)
    {
        int[] members = [.. family.Versions.Where(v => newestOfGroup[v.Since] == representative.Since).Select(v => v.Since)];
        return members.Length == 1 ? $"version {members[0]}" : $"versions {string.Join(", ", members)}";
    }

    /// <summary>A model without what its inference method does not depend on.</summary>
    private static OpModel Essence(OpModel model) => model with
    {
        Since = 0,
        Opset = 0,
        Path = "",
        Summary = "",
        Remarks = "",
        Types = model.Types.Select(t => t with { Allowed = [] }).ToEquatableArray(),
        Docs = [],
        Presets = [],
    };
}
