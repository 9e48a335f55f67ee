using Ops.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Fixes;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Cli.Authoring;

/// <summary>The files of an op to start with.</summary>
/// <param name="Spec">The text of its spec.</param>
/// <param name="Kernel">The text of its kernel; null for an op that runs through its body.</param>
internal sealed record NewOp(string Spec, string? Kernel)
{
    /// <summary>Makes them.</summary>
    /// <param name="op">The op.</param>
    /// <param name="domain">Its domain.</param>
    /// <param name="since">Its version.</param>
    /// <param name="template">What it does at first.</param>
    /// <param name="path">Where its spec will lie.</param>
    /// <param name="others">The specs there are.</param>
    /// <exception cref="OpException">The name or domain cannot be used.</exception>
    public static NewOp Create(string op, string domain, int since, OpTemplate template, string path, IReadOnlyList<SpecSyntax> others)
    {
        // The body resolves at the newest opset that any of the ops there knows.
        int opset = others.Where(o => o.Domain == "ai.onnx").Select(SpecFrontEnd.Signature).OfType<OpSignature>()
            .SelectMany(s => s.Versions).Select(v => v.Since).DefaultIfEmpty(since).Max();
        string head = $"op: {op}\n{(domain == "ai.onnx" ? "" : $"domain: {domain}\n")}since: {since}\n{(since == opset && domain == "ai.onnx" ? "" : $"opset: {opset}\n")}";
        string text = head + template.Spec.ReplaceLineEndings("\n") + "\n";
        SpecSyntax spec = SpecFrontEnd.Parse(path, text);
        BoundSpec bound = SpecFrontEnd.Bind(spec, new SpecScope([spec, .. others]));
        if (bound.Diagnostics.Count > 0 || bound.Family is not { } family)
            throw new OpException("new", "usage", bound.Diagnostics[0].Message);
        if (template.Bodies.Count == 0)
            return new NewOp(text, null);
        Dictionary<string, string> bodies = template.Bodies.ToDictionary(b => b.Key,
            b => b.Value.ReplaceLineEndings("\n").Replace("\"OP\"", $"\"{op}\"", StringComparison.Ordinal));
        return new NewOp(text, KernelStub.Text(GeneratedClass.NamespaceOf(family), op, GeneratedClass.TextOf(family), bodies: bodies));
    }
}
