namespace Ops.Specs.Language;

/// <summary>The kinds of attributes.</summary>
public static class AttributeKinds
{
    /// <summary>The word for each kind, and what it holds.</summary>
    public static IReadOnlyDictionary<string, string> Help { get; } = new Dictionary<string, string>
    {
        ["int"] = "A 64-bit integer; `int[]` is a list, `int[n]` one of n.",
        ["float"] = "A number in binary32; `float[]` is a list.",
        ["string"] = "Text; `string in 'a' | 'b'` is an enumeration.",
        ["bool"] = "An ONNX INT of 0 or 1.",
        ["dtype"] = "An ONNX INT that names an element type.",
        ["tensor"] = "A tensor.",
        ["graph"] = "A graph whose signature nobody checks; a checked one is `(T[n] -> T[n])`.",
    };
}
