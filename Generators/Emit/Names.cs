using Microsoft.CodeAnalysis.CSharp;
using Ops.Specs.Binding;
using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>How names of a spec appear in C#.</summary>
internal static class Names
{
    /// <summary>Names that generated methods use themselves; a spec's name that is one of them gets an underscore.</summary>
    private static readonly HashSet<string> Reserved = ["inference", "args", "cursor", "extent", "origin", "call", "truth", "inputs",
        "outputs", "item", "Args"];

    /// <summary>A spec's name as a C# variable, parameter or field.</summary>
    public static string Local(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None
            ? "@" + name : Reserved.Contains(name) ? name + "_" : name;

    /// <summary>The type of the parameter that holds what is known of an input.</summary>
    public static string TypeOf(Port input) =>
        input.Family is not null ? "IReadOnlyList<TensorType>" : input.Optional ? "TensorType?" : "TensorType";

    /// <summary>A spec's name as a parameter of a body, where V and T are the vector and its elements.</summary>
    public static string BodyParameter(string name) => name is "V" or "T" ? name + "_" : Local(name);

    /// <summary>The parameter that holds what the caller gave for an optional attribute; null when nothing.</summary>
    public static string Given(string attribute) => attribute + "Given";

    /// <summary>A graph attribute, held against its signature.</summary>
    public static string GraphOf(string attribute) => attribute + "Graph";

    /// <summary>The elements of an input as a list.</summary>
    public static string Elements(string port) => port + "Elements";

    /// <summary>Whether an optional port or attribute is there.</summary>
    public static string Has(string port) => "Has" + port;

    /// <summary>The shape of an output.</summary>
    public static string ShapeOf(string output) => output + "Shape";

    /// <summary>The full name of an op's class.</summary>
    public static string Class(OpFamily family) => $"global::{OpClass.Namespace(family.Domain)}.{family.Name}";
}
