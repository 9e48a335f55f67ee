using Ops.Specs.Bodies;
using Ops.Specs.Diagnostics;
using Ops.Specs.Language;
using Ops.Specs.Text;

namespace Ops.Specs.Syntax;

/// <summary>Makes the sections of one document from its YAML nodes, parsing every leaf.</summary>
internal sealed class DocumentReader(SpecText text, DiagnosticBag bag, CancellationToken ct)
{
    internal DocumentSyntax Read(YamlNode node, bool first)
    {
        var mapping = node as YamlMapping;
        var document = new DocumentSyntax
        {
            Span = node.Span, First = first, Keys = new(mapping?.Entries.Count ?? 0, StringComparer.Ordinal)
        };
        if (mapping is null)
        {
            bag.Report(SpecRules.WrongNode, FirstLine(node.Span), "a spec is a mapping of keys to values", blocking: true);
            document.Unusable = true;
            return document;
        }
        foreach ((YamlScalar key, YamlNode value) in Distinct(mapping))
        {
            ct.ThrowIfCancellationRequested();
            document.Keys[key.Value] = key.Span;
            if (!SpecKey.All.Any(k => k.Name == key.Value))
                ReadMisspelt(document, mapping, key, value);
            else
                ReadKey(document, key, value);
        }
        CheckRequired(document, mapping);
        return document;
    }

    private void ReadKey(DocumentSyntax document, YamlScalar key, YamlNode value)
    {
        switch (key.Value)
        {
            case "op":
                document.Op = Named(key, value);
                break;
            case "domain":
                document.Domain = Domain(key, value);
                break;
            case "since":
                document.Since = Version(key, value);
                break;
            case "opset":
                document.Opset = Version(key, value);
                break;
            case "like":
                document.Like = Domain(key, value);
                break;
            case "summary":
                document.Summary = Text(key, value);
                break;
            case "types":
                document.Types.AddRange(Section(key, value,
                    (text, blocking) => new DeclarationParser(text, bag, blocking).ParseTypeVariable()));
                document.Unusable |= document.Types.Any(IsBroken);
                break;
            case "inputs":
                Ports(document, document.Inputs, key, value, output: false);
                break;
            case "outputs":
                Ports(document, document.Outputs, key, value, output: true);
                break;
            case "attributes":
                document.Attributes.AddRange(Section(key, value,
                    (text, blocking) => new DeclarationParser(text, bag, blocking).ParseAttribute()));
                document.Unusable |= document.Attributes.Any(IsBroken);
                break;
            case "let":
                document.Lets.AddRange(Section(key, value, (text, _) => new ExpressionParser(text, bag).ParseWholeValue()));
                break;
            case "constraints":
                document.Constraints.AddRange(Section(key, value, (text, _) => new ExpressionParser(text, bag).ParseWholeValue(),
                    hyphenated: true));
                break;
            case "docs":
                document.Docs.AddRange(Section(key, value, (text, _) => text, anyName: true));
                break;
            case "kernel":
                document.Kernel = Leaf(key, value, text => new DeclarationParser(text, bag, blocking: false).ParseKernel());
                break;
            case "body":
                document.Body = Leaf(key, value, text => new BodyParser(text, bag).ParseBody());
                break;
            case "presets":
                Presets(document, key, value);
                break;
        }
    }

    /// <summary>Reads what a misspelt key says as the key it was meant to be, so that nothing else is blamed for it.</summary>
    private void ReadMisspelt(DocumentSyntax document, YamlMapping mapping, YamlScalar key, YamlNode value)
    {
        string? meant = DidYouMean.Nearest(key.Value, SpecKey.All.Select(k => k.Name));
        bag.Report(SpecRules.UnknownKey, key.Span,
            $"'{key.Value}' is not a key of a spec{(meant is null ? "" : $"; did you mean '{meant}'?")}");
        if (meant is null || mapping.Entries.Any(e => e.Key.Value == meant) || document.Keys.ContainsKey(meant))
            return;
        document.Keys[meant] = key.Span;
        ReadKey(document, new YamlScalar(key.Span, new MappedText(text, meant, key.Span.Start)), value);
    }

    private void CheckRequired(DocumentSyntax document, YamlMapping mapping)
    {
        bool Has(string key) => document.Keys.ContainsKey(key);
        SourceSpan place = mapping.Entries.Count > 0 ? mapping.Entries[0].Key.Span : FirstLine(mapping.Span);
        string[] missing = [.. SpecKey.Required(document.First, Has("like")).Where(key => !Has(key))];
        if (missing.Length > 0)
        {
            string keys = missing.Length == 1 ? $"the key '{missing[0]}' is" : $"the keys '{string.Join("', '", missing)}' are";
            string why = document.First ? "" : "; a later document says from which version on it holds";
            bag.Report(SpecRules.MissingKey, place, $"{keys} missing{why}", blocking: missing.Any(key => key is "op" or "since"));
        }
        document.Unusable |= document.Since is null || (document.First && document.Op is null);
        if (document.First
            && mapping.Entries.FirstOrDefault(e => e.Key.Value == "outputs") is { Key: { } outputs, Value: YamlScalar { Value: "" } })
            bag.Report(SpecRules.NoOutputs, outputs.Span, "there are no outputs; '[]' says that there shall be none");
        if (document.First)
            return;
        foreach ((YamlScalar key, _) in mapping.Entries)
            if (SpecKey.All.Any(k => k.Name == key.Value && k.FirstOnly))
                bag.Report(SpecRules.VersionKey, key.Span,
                    $"'{key.Value}' stands in the first document only; every version of an op shares it");
    }

    /// <summary>The entries of a mapping; of doubled keys the first.</summary>
    private IEnumerable<(YamlScalar Key, YamlNode Value)> Distinct(YamlMapping mapping)
    {
        const int few = 16;
        HashSet<string>? seen = mapping.Entries.Count > few ? [] : null;
        for (int i = 0; i < mapping.Entries.Count; i++)
        {
            (YamlScalar key, YamlNode value) = mapping.Entries[i];
            if (seen?.Add(key.Value) ?? !HasBefore(mapping, i))
                yield return (key, value);
            else
                bag.Report(SpecRules.DuplicateKey, key.Span, $"'{key.Value}' stands here a second time");
        }
    }

    private static bool HasBefore(YamlMapping mapping, int entry)
    {
        for (int i = 0; i < entry; i++)
            if (mapping.Entries[i].Key.Value == mapping.Entries[entry].Key.Value)
                return true;
        return false;
    }

    private SourceSpan FirstLine(SourceSpan span)
    {
        int end = text.LineEnd(text.LineOf(span.Start));
        return text.Span(span.Start, Math.Max(0, Math.Min(span.Length, end - span.Start)));
    }

    private YamlScalar? Scalar(YamlScalar key, YamlNode value, string what, bool blocking = false)
    {
        if (value is YamlScalar scalar)
            return scalar;
        bag.Report(SpecRules.WrongNode, FirstLine(value.Span),
            $"'{key.Value}' is {what}, not a {(value is YamlMapping ? "mapping" : "list")}", blocking);
        return null;
    }

    private Located<string>? Text(YamlScalar key, YamlNode value)
    {
        if (Scalar(key, value, "text") is not { } scalar)
            return null;
        if (scalar.Value.Trim().Length == 0)
            bag.Report(SpecRules.InvalidValue, key.Span, $"'{key.Value}' is empty");
        return new Located<string>(scalar.Value, scalar.Span);
    }

    private Located<string>? Named(YamlScalar key, YamlNode value)
    {
        if (Scalar(key, value, "a name", blocking: key.Value == "op") is not { } scalar)
            return null;
        if (Lexer.IsName(scalar.Value))
            return new Located<string>(scalar.Value, scalar.Span);
        bag.Report(SpecRules.InvalidName, Visible(scalar, key),
            $"'{scalar.Value}' is not a name: a letter, then letters, digits and underscores", blocking: key.Value == "op");
        return null;
    }

    private Located<string>? Domain(YamlScalar key, YamlNode value)
    {
        if (Scalar(key, value, "a name") is not { } scalar)
            return null;
        if (scalar.Value.Split('.').All(Lexer.IsName))
            return new Located<string>(scalar.Value, scalar.Span);
        bag.Report(SpecRules.InvalidName, Visible(scalar, key),
            $"'{scalar.Value}' is not {(key.Value == "like" ? "the name of an op, with or without its domain" : "a domain: names joined by dots")}");
        return null;
    }

    private Located<int>? Version(YamlScalar key, YamlNode value)
    {
        bool blocking = key.Value == "since";
        if (Scalar(key, value, "a version number", blocking) is not { } scalar)
            return null;
        if (int.TryParse(scalar.Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
            out int version) && version > 0)
            return new Located<int>(version, scalar.Span);
        bag.Report(SpecRules.InvalidValue, Visible(scalar, key), $"'{scalar.Value}' is not a version: a whole number from 1", blocking);
        return null;
    }

    private static SourceSpan Visible(YamlScalar value, YamlScalar key) => value.Span.Length > 0 ? value.Span : key.Span;

    private static bool IsBroken<T>(Entry<T> entry) where T : class => entry.Value is null && !entry.Removed;

    private IEnumerable<Entry<T>> Section<T>(YamlScalar key, YamlNode value, Func<MappedText, bool, T?> parse, bool hyphenated = false,
        bool anyName = false)
        where T : class
    {
        bool blocking = key.Value is "types" or "attributes";
        List<Entry<T>> entries = [];
        if (IsEmpty(key, value))
            return entries;
        if (value is not YamlMapping mapping)
        {
            bag.Report(SpecRules.WrongNode, FirstLine(value.Span),
                $"'{key.Value}' is a mapping of names, not {(value is YamlSequence ? "a list" : "a single value")}", blocking);
            // What it declares is clear from a list of names and values too.
            mapping = new YamlMapping(value.Span,
                value is YamlSequence { Items: var items } ? [.. items.OfType<YamlMapping>().SelectMany(i => i.Entries)] : []);
        }
        foreach ((YamlScalar name, YamlNode node) in Distinct(mapping))
        {
            if (hyphenated ? !IsHyphenated(name.Value) : !anyName && !Lexer.IsName(name.Value))
            {
                if (hyphenated)
                    bag.Report(SpecRules.RuleName, name.Span.Length > 0 ? name.Span : node.Span,
                        $"'{name.Value}' is not a rule's name: lower case words joined by hyphens{Suggestion(name.Value)}");
                else
                    bag.Report(SpecRules.InvalidName, name.Span.Length > 0
                        ? name.Span : node.Span,
                        $"'{name.Value}' is not a name{(Lexer.IsKeyword(name.Value) ? "; it is a word of the language" : ": a letter, then letters, digits and underscores")}",
                        blocking);
                if (!hyphenated)
                    continue;
            }
            entries.Add(Leaf(name, node, text => parse(text, blocking), blocking) is { } entry
                ? entry : new Entry<T>(name.Value, name.Span, node.Span, "", null, false));
        }
        return entries;
    }

    /// <summary>Whether nothing stands behind the key of a section, which is reported: one that shall be empty is left out.</summary>
    private bool IsEmpty(YamlScalar key, YamlNode value)
    {
        if (value is not YamlScalar { Value: "" })
            return false;
        // Of the first outputs another rule speaks.
        if (key.Value != "outputs")
            bag.Report(SpecRules.InvalidValue, key.Span, $"'{key.Value}' has no entries");
        return true;
    }

    private Entry<T>? Leaf<T>(YamlScalar name, YamlNode node, Func<MappedText, T?> parse, bool blocking = false) where T : class
    {
        if (node is not YamlScalar scalar)
        {
            bag.Report(SpecRules.WrongNode, FirstLine(node.Span),
                $"'{name.Value}' is text, not a {(node is YamlMapping ? "mapping" : "list")}", blocking);
            return null;
        }
        if (scalar.Value.Trim().Length == 0)
        {
            bag.Report(SpecRules.InvalidValue, name.Span, $"'{name.Value}' has no value", blocking);
            return new Entry<T>(name.Value, name.Span, name.Span, "", null, false);
        }
        bool removed = scalar.Value == "none";
        return new Entry<T>(name.Value, name.Span, scalar.Span, scalar.Value, removed ? null : parse(scalar.Text), removed);
    }

    private static bool IsHyphenated(string name) =>
        name.Length > 0 && name[0] != '-' && name[name.Length - 1] != '-' && name.IndexOf("--", StringComparison.Ordinal) < 0
        && name.All(c => c is (>= 'a' and <= 'z') or '-' || Lexer.IsDigit(c));

    private static string Suggestion(string name)
    {
        var words = new System.Text.StringBuilder();
        foreach (char c in name)
            if (Lexer.IsDigit(c) || c is >= 'a' and <= 'z')
                words.Append(c);
            else if (c is >= 'A' and <= 'Z')
                words.Append(words.Length > 0 && words[words.Length - 1] != '-' ? "-" : "").Append(char.ToLowerInvariant(c));
            else if (words.Length > 0 && words[words.Length - 1] != '-')
                words.Append('-');
        string suggestion = words.ToString().Trim('-');
        return IsHyphenated(suggestion) ? $"; did you mean '{suggestion}'?" : "";
    }

    private void Ports(DocumentSyntax document, List<Entry<PortSyntax>> ports, YamlScalar key, YamlNode value, bool output)
    {
        if (value is YamlSequence { Items.Count: 0 } || IsEmpty(key, value))
            return;
        if (value is not YamlSequence)
        {
            bag.Report(SpecRules.WrongNode, FirstLine(value.Span),
                $"'{key.Value}' is a list of '- name: declaration'; its order is the order of the {key.Value}", blocking: true);
            document.Unusable = true;
        }
        HashSet<string> seen = [];
        // What the ports are is clear from a mapping too, and then nothing else is said of their names.
        foreach (YamlNode item in value is YamlSequence list ? list.Items : value is YamlMapping ? [value] : [])
        {
            if (item is not YamlMapping { Entries.Count: > 0 } mapping)
            {
                bag.Report(SpecRules.WrongNode, FirstLine(item.Span), $"an item of '{key.Value}' is 'name: declaration'", blocking: true);
                document.Unusable = true;
                continue;
            }
            if (mapping.Entries.Count > 1 && value is YamlSequence)
                bag.Report(SpecRules.WrongNode, mapping.Entries[1].Key.Span,
                    $"every item of '{key.Value}' is one port; '{mapping.Entries[1].Key.Value}' needs a '- ' of its own", blocking: true);
            foreach (KeyValuePair<YamlScalar, YamlNode> entry in mapping.Entries)
            {
                if (PortName(entry.Key) is not { } name)
                {
                    document.Unusable = true;
                    continue;
                }
                if (!seen.Add(name.Name.Name))
                {
                    bag.Report(SpecRules.DuplicateKey, name.Name.Span, $"'{name.Name.Name}' stands here a second time");
                    continue;
                }
                Entry<PortSyntax>? port = Leaf(entry.Key, entry.Value,
                    text => new DeclarationParser(text, bag, blocking: true).ParsePort(output), blocking: true);
                port ??= new Entry<PortSyntax>("", entry.Key.Span, entry.Value.Span, "", null, false);
                ports.Add(port with
                {
                    Name = name.Name.Name,
                    NameSpan = name.Name.Span,
                    Family = name.Family,
                    Text = entry.Key.Value + ": " + port.Text
                });
                document.Unusable |= IsBroken(port);
            }
        }
    }

    /// <summary>A port's key: <c>X</c> or <c>inputs[i &lt; n]</c>.</summary>
    private (NameSyntax Name, FamilySyntax? Family)? PortName(YamlScalar key)
    {
        if (Lexer.IsName(key.Value))
            return (new NameSyntax(key.Span, key.Value), null);
        return new PortNameParser(key.Text, bag).Parse();
    }

    private void Presets(DocumentSyntax document, YamlScalar key, YamlNode value)
    {
        if (IsEmpty(key, value))
            return;
        if (value is not YamlMapping mapping)
        {
            bag.Report(SpecRules.WrongNode, FirstLine(value.Span), "'presets' is a mapping of names to attribute values");
            return;
        }
        foreach ((YamlScalar name, YamlNode node) in Distinct(mapping))
        {
            if (!Lexer.IsName(name.Value))
                bag.Report(SpecRules.InvalidName, name.Span,
                    $"'{name.Value}' is not a name: a letter, then letters, digits and underscores");
            else if (node is YamlScalar { Value: "none" })
                document.Presets.Add(new Entry<List<Entry<MappedText>>>(name.Value, name.Span, node.Span, "none", null, true));
            else if (node is YamlMapping values)
            {
                List<Entry<MappedText>> entries = [];
                foreach ((YamlScalar attribute, YamlNode leaf) in Distinct(values))
                    if (Leaf(attribute, leaf, text => text) is { } entry)
                        entries.Add(entry);
                document.Presets.Add(new Entry<List<Entry<MappedText>>>(name.Value, name.Span, node.Span,
                    string.Join("\n", entries.Select(e => e.Name + ":" + e.Text)), entries, false));
            }
            else
                bag.Report(SpecRules.WrongNode, FirstLine(node.Span.Length > 0 ? node.Span : name.Span),
                    $"the preset '{name.Value}' is a mapping of attributes to values");
        }
    }
}
