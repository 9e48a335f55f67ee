using Microsoft.CodeAnalysis.CSharp;
using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>How names of a spec appear in C#.</summary>
internal static class Names
{
    /// <summary>Names that generated methods use themselves; a spec's name that is one of them gets an underscore.</summary>
    private static readonly HashSet<string> Reserved = ["inference", "args", "cursor", "extent", "origin", "call", "truth", "inputs", "outputs", "item", "Args", "V"];

    /// <summary>A spec's name as a C# variable, parameter or field.</summary>
    public static string Local(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None
            ? "@" + name : Reserved.Contains(name) ? name + "_" : name;

    /// <summary>The parameter that holds what the caller gave for an optional attribute; null when nothing.</summary>
    public static string Given(string attribute) => attribute + "Given";

    /// <summary>The elements of an input as a list.</summary>
    public static string Elements(string port) => port + "Elements";

    /// <summary>Whether an optional port or attribute is there.</summary>
    public static string Has(string port) => "Has" + port;

    /// <summary>The shape of an output.</summary>
    public static string ShapeOf(string output) => output + "Shape";

    /// <summary>The namespace of a domain's ops: <c>Ops</c> for ai.onnx, <c>Ops.Preview</c> for ai.onnx.preview, <c>Ops.Experimental</c> for opspec.experimental.</summary>
    public static string Namespace(string domain)
    {
        if (domain == "ai.onnx")
            return "Ops";
        string tail = domain.StartsWith("ai.onnx.", StringComparison.Ordinal) ? domain.Substring("ai.onnx.".Length)
            : domain.StartsWith("opspec.", StringComparison.Ordinal) ? domain.Substring("opspec.".Length) : domain;
        return "Ops." + string.Join(".", tail.Split('.').Where(p => p.Length > 0).Select(Pascal));
    }

    /// <summary>The full name of an op's class.</summary>
    public static string Class(OpFamily family) => $"global::{Namespace(family.Domain)}.{family.Name}";

    private static string Pascal(string part)
    {
        string clean = new([.. part.Where(c => char.IsLetterOrDigit(c) || c == '_')]);
        return clean.Length == 0 || char.IsDigit(clean[0]) ? "_" + clean : char.ToUpperInvariant(clean[0]) + clean.Substring(1);
    }
}
