using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ops.Specs.Language;
using Ops.Specs.Types;

namespace Ops.Cli.Schema;

/// <summary>
/// The JSON Schema of specs, for editors with a YAML language server: keys, names and words with their help. What is inside an expression
/// the analyzers check.
/// </summary>
internal static class SpecJsonSchema
{
    /// <summary>The schema's file, beside the specs.</summary>
    public const string FileName = "opspec.schema.json";

    private const string Name = "[A-Za-z][A-Za-z0-9_]*";

    private static readonly JsonSerializerOptions Printed = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <summary>The schema's text.</summary>
    /// <param name="ops">The names of all ops there are, which complete <c>like</c>.</param>
    public static string Text(IEnumerable<string> ops) =>
        Root([.. ops.Distinct().Order(StringComparer.Ordinal)]).ToJsonString(Printed).ReplaceLineEndings("\n") + "\n";

    private static JsonObject Root(string[] ops)
    {
        var properties = new JsonObject();
        foreach (SpecKey key in SpecKey.All)
            properties[key.Name] = WithHelp(Of(key, ops), key.Help);
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Op spec",
            ["description"] =
                "One document for an op's first version, one more for each later version with what differs. Written by `opspec schema`.",
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
            ["if"] = Requires(["op"]),
            ["then"] = new JsonObject
            {
                ["if"] = Requires(["like"]),
                ["then"] = Requires(SpecKey.Required(first: true, like: true)),
                ["else"] = Requires(SpecKey.Required(first: true, like: false)),
            },
            ["else"] = Requires(SpecKey.Required(first: false, like: false)),
        };
    }

    private static JsonObject Of(SpecKey key, string[] ops) => key.Form switch
    {
        SpecForm.Name when key.Name == "like" => Texts(new JsonObject { ["enum"] = Strings(ops) }),
        SpecForm.Name => Named(Name, "a name: a letter, then letters, digits and underscores"),
        SpecForm.Domain => Named($@"{Name}(\.{Name})*", "a domain: names joined by dots"),
        SpecForm.Version => new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
        SpecForm.Prose => new JsonObject { ["type"] = "string", ["minLength"] = 1 },
        SpecForm.TypeVariables =>
            Mapping(Name, Texts(new JsonObject { ["enum"] = Strings([.. ElementTypes.Sets.Keys, .. ElementTypes.Names.Keys]) })),
        SpecForm.Ports => Ports(),
        SpecForm.Attributes => Mapping(Name, Attribute()),
        SpecForm.Definitions => Mapping(Name, Leaf()),
        SpecForm.Rules => Mapping("[a-z0-9]+(-[a-z0-9]+)*", Leaf()),
        SpecForm.Docs => Mapping(null, new JsonObject { ["type"] = "string", ["minLength"] = 1 }),
        SpecForm.Body =>
            new JsonObject { ["type"] = "string", ["minLength"] = 1, ["defaultSnippets"] = Snippets(("equations", "|\n  $1")) },
        SpecForm.Kernel => Kernel(),
        SpecForm.Presets => Mapping(Name, new JsonObject
        {
            ["anyOf"] = new JsonArray(new JsonObject { ["const"] = "none" }, Mapping(Name, new JsonObject())),
        }),
        _ => throw new InvalidOperationException($"nothing is known of the key '{key.Name}'"),
    };

    private static JsonObject Ports() => new()
    {
        ["type"] = "array",
        ["items"] = new JsonObject
        {
            ["type"] = "object",
            ["minProperties"] = 1,
            ["maxProperties"] = 1,
            ["propertyNames"] = Named($@"{Name}(\[ *{Name} *< *{Name} *\])?", "a name, or 'name[i < n]' for a family"),
            ["additionalProperties"] = new JsonObject { ["type"] = "string", ["minLength"] = 1 },
        },
    };

    private static JsonObject Attribute() => new()
    {
        ["type"] = "string",
        ["pattern"] = $@"^(none$|(hint +)?(\(|({string.Join("|", AttributeKinds.Help.Keys)})\b))",
        ["patternErrorMessage"] = $"an attribute is [hint] kind [?] [in set] [= default]; kinds are {string.Join(", ", AttributeKinds.Help.Keys)}, or a graph's signature in parentheses",
        ["defaultSnippets"] = new JsonArray(
            [.. AttributeKinds.Help.Select(k => Snippet(k.Key, k.Key == "tensor" || k.Key == "graph" ? k.Key : k.Key + " = $1", k.Value))]),
    };

    private static JsonObject Kernel() => new()
    {
        ["type"] = "string",
        ["pattern"] = $@"^(none|{string.Join("|", KernelPattern.All.Select(Written))})$",
        ["patternErrorMessage"] = $"a kernel is one of {string.Join(", ", KernelPattern.All.Select(p => p.Example))}",
        ["defaultSnippets"] = new JsonArray(
            [.. KernelPattern.All.Select(p => Snippet(p.Name, p.Low == 0 ? p.Name : p.Name + "($1)", $"{p.Example}: {p.Help}"))]),
    };

    private static string Written(KernelPattern pattern) =>
        pattern.Name + (pattern.Low == 0
            ? @"(\( *\))?" : $@"\( *{Name}( *, *{Name}){(pattern.High == int.MaxValue ? "*" : $"{{{pattern.Low - 1}}}")} *\)");

    /// <summary>Text of any kind, of which some words are known.</summary>
    private static JsonObject Texts(JsonObject words) =>
        new() { ["anyOf"] = new JsonArray(words, new JsonObject { ["type"] = "string", ["minLength"] = 1 }) };

    /// <summary>An expression, which YAML may take for a number or truth value.</summary>
    private static JsonObject Leaf() => new() { ["type"] = Strings(["string", "number", "boolean"]), ["minLength"] = 1 };

    private static JsonObject Named(string pattern, string wanted) =>
        new() { ["type"] = "string", ["pattern"] = $"^{pattern}$", ["patternErrorMessage"] = $"this is not {wanted}" };

    private static JsonObject Mapping(string? names, JsonObject value)
    {
        var mapping = new JsonObject { ["type"] = "object", ["additionalProperties"] = value };
        if (names is not null)
            mapping["propertyNames"] = Named(names, names == Name
                ? "a name: a letter, then letters, digits and underscores" : "a rule's name: lower case words joined by hyphens");
        return mapping;
    }

    private static JsonObject Requires(IEnumerable<string> keys) => new() { ["required"] = Strings(keys) };

    private static JsonObject WithHelp(JsonObject schema, string help)
    {
        schema["description"] = help.Replace("`", "");
        schema["markdownDescription"] = help;
        return schema;
    }

    private static JsonArray Snippets(params (string Label, string Body)[] snippets) =>
        new([.. snippets.Select(s => Snippet(s.Label, s.Body, ""))]);

    private static JsonObject Snippet(string label, string body, string help)
    {
        var snippet = new JsonObject { ["label"] = label, ["body"] = body };
        if (help.Length > 0)
            snippet["description"] = help.Replace("`", "");
        return snippet;
    }

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);
}
