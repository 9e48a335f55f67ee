using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Published;
using Ops.Specs.Syntax;
using Ops.Specs.Text;
using Ops.Specs.Types;

namespace Ops.Specs.Checks;

/// <summary>
/// A spec of an op that its domain has published has the same inputs, outputs, attributes and types, or models written for the one do not
/// run with the other.
/// </summary>
internal static class PublishedCheck
{
    internal static void Run(BoundVersion version)
    {
        if (version.Spec.Nameless)
            return;
        Versions(version);
        if (version.Published.Find(version.Spec.Name, version.Spec.Domain, version.Spec.Since) is not { } published)
            return;
        Ports(version, "inputs", version.Spec.Inputs, published.Inputs);
        Ports(version, "outputs", version.Spec.Outputs, published.Outputs);
        Attributes(version, published);
        if (version.Model is { } model)
        {
            Types(version, "inputs", model.Inputs, version.Spec.Inputs, published.Inputs);
            Types(version, "outputs", model.Outputs, version.Spec.Outputs, published.Outputs);
        }
        // Older versions may have run by their kernels only.
        if (published.IsFunction && version.Spec.IsNewest && version.Spec.Overrides.All(o => o.Equations is null)
            && version.Spec.Equations is null && !version.Spec.BodyBroken)
            foreach (MergedSpec place in new[] { version.Spec, version.Spec.First ?? version.Spec })
                version.Bag.Report(SpecRules.Published, place.PlaceOf("body"),
                    $"{version.Spec.Domain} has published otherwise: {version.Spec.Name} {published.Since} is a function there, and the spec has no body",
                    stays: true);
    }

    private static void Report(BoundVersion version, SourceSpan place, string message) =>
        version.Bag.Report(SpecRules.Published, place, $"{version.Spec.Domain} has published otherwise: {message}");

    /// <summary>A spec has each version from its first one on. What is newer than anything published is a proposal.</summary>
    private static void Versions(BoundVersion version)
    {
        IReadOnlyCollection<int> published = version.Published.Versions(version.Spec.Name, version.Spec.Domain);
        int since = version.Spec.Since;
        if (published.Count == 0 || since > version.Published.Newest(version.Spec.Domain))
            return;
        SourceSpan place = version.Spec.SinceSpan ?? version.Spec.NameSpan;
        if (!published.Contains(since))
            Report(version, place,
                $"{version.Spec.Name} has no version {since}; there {(published.Count == 1 ? "is" : "are")} {string.Join(", ", published)}");
        int before =
            version.Spec.Documents.Select(d => d.Since?.Value ?? int.MaxValue).Where(s => s < since).DefaultIfEmpty(int.MaxValue).Max();
        if (published.FirstOrDefault(v => before < v && v < since) is > 0 and var skipped)
            Report(version, place, $"{version.Spec.Name} has a version {skipped} before this one");
        if (version.Spec.IsNewest && published.FirstOrDefault(v => v > since) is > 0 and var later)
            Report(version, place, $"{version.Spec.Name} has a version {later} after this one");
    }

    private static void Ports(BoundVersion version, string section, IReadOnlyList<Entry<PortSyntax>> ours,
        IReadOnlyList<PublishedPort> wanted)
    {
        for (int i = 0; i < wanted.Count; i++)
        {
            int at = ours.ToList().FindIndex(p => p.Name == wanted[i].Name);
            if (at == i)
            {
                if (ours[i].Value is { } port && (port.MayBeAbsent != wanted[i].Optional && !(wanted[i].Variadic && section == "outputs")
                    || ours[i].Family is not null != wanted[i].Variadic))
                    Report(version, ours[i].NameSpan,
                        $"'{wanted[i].Name}' {(wanted[i].Variadic ? "is a list" : wanted[i].Optional ? "may be absent" : "is always there")}");
            }
            else if (at >= 0)
                Report(version, ours[at].NameSpan, $"'{wanted[i].Name}' is the {i + 1}. of its {section}, not the {at + 1}.");
            else if (i < ours.Count && wanted.All(w => w.Name != ours[i].Name))
                Report(version, ours[i].NameSpan, $"this is '{wanted[i].Name}'");
            else
                Report(version, version.Spec.PlaceOf(section), $"there is '{wanted[i].Name}' among its {section}");
        }
        foreach (Entry<PortSyntax> extra in ours.Skip(wanted.Count))
            if (wanted.All(w => w.Name != extra.Name))
                Report(version, extra.NameSpan, $"there is no '{extra.Name}' among its {section}");
    }

    private static void Attributes(BoundVersion version, PublishedOp published)
    {
        foreach (PublishedAttribute wanted in published.Attributes)
        {
            if (version.Spec.Attributes.FirstOrDefault(a => a.Name == wanted.Name) is not { } ours)
            {
                SourceSpan place = version.Spec.Attributes.FirstOrDefault(a => published.Attributes.All(p => p.Name != a.Name)
                    && DidYouMean.Distance(a.Name, wanted.Name) <= 2)?.NameSpan
                    ?? version.Spec.PlaceOf("attributes");
                Report(version, place, $"there is the attribute '{wanted.Name}'");
                continue;
            }
            if (ours.Value is not { } attribute)
                continue;
            string kind = KindOf(attribute);
            if (kind != wanted.Kind)
                Report(version, ours.NameSpan, $"'{wanted.Name}' is of kind {wanted.Kind}, not {kind}");
            if ((!attribute.Optional && attribute.Default is null) != wanted.Required)
                Report(version, ours.NameSpan, $"'{wanted.Name}' is {(wanted.Required ? "required" : "not required")}");
            AttributeModel? model = version.Model?.Attributes.FirstOrDefault(a => a.Name == wanted.Name);
            if (model is not null && Default(model.Default) is var given && given != wanted.Default)
                Report(version, ours.NameSpan,
                    wanted.Default is null ? $"'{wanted.Name}' has no default" : $"the default of '{wanted.Name}' is {wanted.Default}");
        }
        foreach (Entry<AttributeSyntax> extra in version.Spec.Attributes)
            if (published.Attributes.All(a => a.Name != extra.Name))
                Report(version, extra.NameSpan, $"there is no attribute '{extra.Name}'");
    }

    private static void Types(BoundVersion version, string section, IReadOnlyList<Port> models, IReadOnlyList<Entry<PortSyntax>> ports,
        IReadOnlyList<PublishedPort> wanted)
    {
        foreach (PublishedPort port in wanted)
        {
            if (models.FirstOrDefault(m => m.Name == port.Name) is not { } ours
                || ports.FirstOrDefault(p => p.Name == port.Name) is not { } entry || ElementOf(ours.Type) is not { } element)
                continue;
            string[] given = element is VariableElement variable
                ? [.. version.Model!.Types.FirstOrDefault(t => t.Name == variable.Name)?.Allowed.Select(t => t.Name()) ?? []]
                : element is FixedElement one ? [one.Type.Name()] : [];
            string[] missing = [.. port.Types.Except(given)], extra = [.. given.Except(port.Types)];
            if (given.Length == 0 || missing.Length + extra.Length == 0)
                continue;
            string message = missing.Length > 0
                ? $"'{port.Name}' may be {string.Join(", ", missing)} as well" : $"'{port.Name}' is never {string.Join(", ", extra)}";
            if (!version.Spec.IsOwn(entry.NameSpan)
                && (element is FixedElement
                    || version.Model!.Types.Any(t => IsFree(t.Name, version)
                        && new HashSet<string>(t.Allowed.Select(a => a.Name())).SetEquals(port.Types))))
            {
                // There is a variable of these types, which the inherited port does not have.
                Report(version, version.Spec.PlaceOf(section), message);
                continue;
            }
            SourceSpan declared = element is VariableElement named
                && version.Spec.Types.FirstOrDefault(t => t.Name == named.Name) is { } type ? type.NameSpan : entry.Value!.Type.Span;
            // What an older version says rightly, this one should have changed.
            Report(version, version.Spec.IsOwn(declared) ? declared
                : version.Spec.IsOwn(entry.NameSpan) ? entry.NameSpan
                : version.Spec.PlaceOf("types"), message);
        }
    }

    /// <summary>Whether the version brings a type variable that no port has.</summary>
    private static bool IsFree(string variable, BoundVersion version) =>
        version.Symbols.Find(variable) is { Uses: 0 } symbol && version.Spec.IsOwn(symbol.Span);

    private static ElementRef? ElementOf(PortType type) => type switch
    {
        TensorPort tensor => tensor.Element,
        ConditionalPort choice => ElementOf(choice.Then),
        _ => null,
    };

    private static string KindOf(AttributeSyntax attribute) => attribute.Arrows.Count > 0 ? "GRAPH" : (attribute.Kind switch
    {
        AttributeKind.Int or AttributeKind.Bool or AttributeKind.Dtype => "INT",
        var kind => kind.ToString().ToUpperInvariant(),
    }) + (attribute.IsList ? "S" : "");

    private static string? Default(Expr? value) => value is ListExpr list
        ? list.Items.Select(i => Default(i.Value)).ToArray() is var items && items.Contains(null) ? null : $"[{string.Join(", ", items)}]"
        : value is null ? null : Constants.Value(value) switch
        {
            null => null,
            ElementType type => PublishedValue.Say((int)type),
            var constant => PublishedValue.Say(constant),
        };
}
