using Ops.Specs.Model;

namespace Ops.Specs.Binding;

/// <summary>What the generated class of an op is called, and which files would give the same one.</summary>
public static class OpClass
{
    /// <summary>
    /// The namespace of a domain's ops: <c>Ops</c> for ai.onnx, <c>Ops.Preview</c> for ai.onnx.preview, <c>Ops.Experimental</c> for
    /// opspec.experimental.
    /// </summary>
    public static string Namespace(string domain)
    {
        if (domain == "ai.onnx")
            return "Ops";
        string tail = domain.StartsWith("ai.onnx.", StringComparison.Ordinal) ? domain.Substring("ai.onnx.".Length)
            : domain.StartsWith("opspec.", StringComparison.Ordinal) ? domain.Substring("opspec.".Length) : domain;
        return "Ops." + string.Join(".", tail.Split('.').Where(p => p.Length > 0).Select(Pascal));
    }

    /// <summary>
    /// The files whose op another file declares too, every one but the first by path. Classes that differ only by case count as one:
    /// the names of their generated files would clash.
    /// </summary>
    public static IEnumerable<DuplicateOp> Duplicates(IEnumerable<OpSignature> signatures) => signatures
        .GroupBy(s => $"{Namespace(s.Domain)}.{s.Name}", StringComparer.OrdinalIgnoreCase)
        .Select(g => g.OrderBy(s => s.Path, StringComparer.Ordinal).ToArray())
        .SelectMany(g => g.Skip(1).Select(s => new DuplicateOp(s.Path, g[0].Path)))
        .OrderBy(d => d.Path, StringComparer.Ordinal);

    /// <summary>What a file is told whose op another file declares too.</summary>
    /// <param name="domain">The op's domain.</param>
    /// <param name="op">The op.</param>
    /// <param name="first">The file that declares it, too.</param>
    public static string DuplicateMessage(string domain, string op, string first) =>
        $"{domain}.{op} has a spec already, {first} (names that differ only by case count as one); this one is left out";

    private static string Pascal(string part)
    {
        string clean = new([.. part.Where(c => char.IsLetterOrDigit(c) || c == '_')]);
        return clean.Length == 0 || char.IsDigit(clean[0]) ? "_" + clean : char.ToUpperInvariant(clean[0]) + clean.Substring(1);
    }
}

/// <summary>A file whose op another file declares too.</summary>
/// <param name="Path">The file.</param>
/// <param name="First">The other one, which counts.</param>
public sealed record DuplicateOp(string Path, string First);
