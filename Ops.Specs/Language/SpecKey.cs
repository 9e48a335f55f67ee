namespace Ops.Specs.Language;

/// <summary>What stands behind a key of a spec.</summary>
public enum SpecForm
{
    /// <summary>A name.</summary>
    Name,
    /// <summary>Names joined by dots.</summary>
    Domain,
    /// <summary>A whole number from 1.</summary>
    Version,
    /// <summary>Prose.</summary>
    Prose,
    /// <summary>A mapping of type variables to sets of element types.</summary>
    TypeVariables,
    /// <summary>A list of ports, in the order of the ABI.</summary>
    Ports,
    /// <summary>A mapping of names to declarations of attributes.</summary>
    Attributes,
    /// <summary>A mapping of names to expressions.</summary>
    Definitions,
    /// <summary>A mapping of hyphenated names to predicates.</summary>
    Rules,
    /// <summary>A mapping of any names of the spec to sentences.</summary>
    Docs,
    /// <summary>Equations in ONNX text.</summary>
    Body,
    /// <summary>A kernel pattern with its arguments.</summary>
    Kernel,
    /// <summary>A mapping of names to mappings of attributes to values.</summary>
    Presets,
}

/// <summary>A key of a spec.</summary>
/// <param name="Name">The key.</param>
/// <param name="Form">What stands behind it.</param>
/// <param name="Help">What it says, Markdown.</param>
public sealed record SpecKey(string Name, SpecForm Form, string Help)
{
    /// <summary>Whether every version of an op shares it, so that it stands in the first document only.</summary>
    public bool FirstOnly => Name is "op" or "domain" or "like";

    /// <summary>All keys, in the order in which specs usually have them.</summary>
    public static IReadOnlyList<SpecKey> All { get; } =
    [
        new("op", SpecForm.Name, "The op's name. The file has the same one: `specs/<domain>/<op>.op.yaml`."),
        new("domain", SpecForm.Domain, "The op's domain; `ai.onnx` when it is not given."),
        new("since", SpecForm.Version, "The first opset version of the domain that has this version of the op. Every document has one."),
        new("opset", SpecForm.Version, "The version of ai.onnx at which the body's ops resolve; `since` when it is not given."),
        new("like", SpecForm.Name, "Another op: this spec states only its difference from that one's newest version."),
        new("summary", SpecForm.Prose, "What the op does: one line, and behind it a long description in Markdown."),
        new("types", SpecForm.TypeVariables,
            "Type variables: `T: set [= default]`, where a set is element types joined by `|`, or a name such as `float_ir4`."),
        new("inputs", SpecForm.Ports,
            "The inputs in order: `- name: type[shape] [?] [in set] [= default]`. A dim is born by standing alone in a shape."),
        new("outputs", SpecForm.Ports, "The outputs in order: `- name: type[shape] [?] [aliases input] [= value known at inference]`."),
        new("attributes", SpecForm.Attributes,
            "`name: [hint] kind [?] [in set] [= default]`, or a graph's signature in parentheses. Without `?` and `=` it is required."),
        new("let", SpecForm.Definitions, "Definitions: `name: expression`, in any order."),
        new("constraints", SpecForm.Rules,
            "Rules: `lower-case-name: predicate`. A call that makes one false is refused, with the rule's name and the values seen."),
        new("docs", SpecForm.Docs, "One sentence for any name of the spec: an input, dim, attribute, definition, rule or preset."),
        new("body", SpecForm.Body, "The meaning in other ops, as equations in ONNX text: `Y = Sub (X, ReduceMax (X, @[axis]))`."),
        new("kernel", SpecForm.Kernel,
            "The loops that a hand-written body completes: `pattern(arguments)`. Without it the op runs through its `body`."),
        new("presets", SpecForm.Presets, "Named attribute values: `name: { attribute: value }`."),
    ];

    /// <summary>The keys a document cannot do without.</summary>
    /// <param name="first">Whether it is the first of its file.</param>
    /// <param name="like">Whether it is like another op, whose ports it then takes.</param>
    public static IReadOnlyList<string> Required(bool first, bool like) =>
        !first ? ["since"] : like ? ["op", "since", "summary"] : ["op", "since", "summary", "inputs", "outputs"];
}
