using System.Text.RegularExpressions;
using Ops.Specs.Binding;
using Ops.Specs.Collections;
using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Published;
using Ops.Specs.Syntax;

namespace Ops.Tests.Specs;

/// <summary>What the tests of the front end share.</summary>
internal static class SpecFixture
{
    /// <summary>Signatures of the primitives the drafts call: inputs (`?` optional, `*` variadic), outputs, attributes (`!`
    /// required).</summary>
    private static readonly string[] PrimitiveTable =
    [
        "Add A B -> C", "Sub A B -> C", "Mul A B -> C", "Div A B -> C", "Mod A B -> C | fmod", "MatMul A B -> Y", "Exp input -> output",
        "Sqrt X -> Y", "Tanh input -> output",
        "Sigmoid X -> Y", "Relu X -> Y", "Softplus X -> Y", "Swish X -> Y | alpha", "Gelu X -> Y | approximate", "Reciprocal X -> Y",
        "Identity input -> output", "Round X -> Y",
        "Cast input -> output | to! saturate", "Reshape data shape -> reshaped | allowzero", "Transpose data -> transposed | perm",
        "Expand input shape -> output",
        "Unsqueeze data axes -> expanded", "Squeeze data axes? -> squeezed", "Concat inputs* -> concat_result | axis!",
        "Range start limit delta -> output",
        "Where condition X Y -> output", "Less A B -> C", "LessOrEqual A B -> C", "GreaterOrEqual A B -> C", "Equal A B -> C",
        "And A B -> C", "Min data* -> min", "Max data* -> max",
        "Clip input min? max? -> output", "Slice data starts ends axes? steps? -> output", "Pad data pads value? axes? -> output | mode",
        "Softmax input -> output | axis",
        "ReduceMax data axes? -> reduced | axes keepdims noop_with_empty_axes",
        "ReduceMean data axes? -> reduced | axes keepdims noop_with_empty_axes",
        "ReduceSum data axes? -> reduced | keepdims noop_with_empty_axes",
        "ReduceLogSumExp data axes? -> reduced | keepdims noop_with_empty_axes", "TopK X K -> Values Indices | axis largest sorted",
        "ScatterElements data indices updates -> output | axis reduction", "ScatterND data indices updates -> output | reduction",
        "GatherElements data indices -> output | axis",
        "Gather data indices -> output | axis", "Shape data -> shape | start end", "Compress input condition -> output | axis",
        "DequantizeLinear x scale zero? -> y | axis block_size", "Scan inputs* -> outputs* | body! num_scan_inputs!",
        "Loop M? cond? v* -> outputs* | body!", "GroupedMatMul input weights group_indices bias? -> output",
    ];

    private static readonly Dictionary<string, OpSignature> Primitives = PrimitiveTable.Select(Signature).ToDictionary(s => s.Name);

    /// <summary>The project's own specs, which say what the primitives do with shapes.</summary>
    private static readonly Lazy<SpecScope> Project = new(() => new SpecScope(
        Directory.EnumerateFiles(RepositoryPaths.Specs, "*.op.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => SpecFrontEnd.Parse(f, File.ReadAllText(f)))));

    /// <summary>Where the drafts are; null when they are not at hand.</summary>
    internal static string? DraftFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("OPSPEC_SPEC_DRAFTS") is { Length: > 0 } given)
                return Directory.Exists(given) ? given : null;
            string? beside = Root is null ? null : Path.Combine(Root, "..", "shared", "language", "specs");
            return Directory.Exists(beside) ? beside : null;
        }
    }

    /// <summary>The root of the repository.</summary>
    internal static string? Root
    {
        get
        {
            for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "Ops.sln")))
                    return folder.FullName;
            return Environment.GetEnvironmentVariable("OPS_REPOSITORY");
        }
    }

    internal static SpecSyntax[] Drafts()
    {
        if (DraftFolder is not { } folder)
            throw new AssertInconclusiveException("the draft specs are neither in OPSPEC_SPEC_DRAFTS nor beside the repository");
        return [.. Directory.GetFiles(folder, "*.op.yaml").Order(StringComparer.Ordinal)
            .Select(f => SpecFrontEnd.Parse(f, File.ReadAllText(f)))];
    }

    /// <summary>The given specs, and the primitives for what they do not declare.</summary>
    internal static ISpecScope Scope(params SpecSyntax[] specs) => new PrimitiveScope(new SpecScope(specs), SpecScope.Empty);

    internal static BoundSpec Bind(string text, params SpecSyntax[] others)
    {
        SpecSyntax syntax = SpecFrontEnd.Parse("specs/Test.op.yaml", text);
        return SpecFrontEnd.Bind(syntax, new PrimitiveScope(new SpecScope([.. others, syntax]), Project.Value));
    }

    /// <summary>The newest version; a failure with all findings when there is none.</summary>
    internal static OpModel Model(string text)
    {
        BoundSpec bound = Bind(text);
        Assert.IsNotNull(bound.Family, Show(bound.Diagnostics));
        Assert.IsEmpty(bound.Diagnostics, Show(bound.Diagnostics));
        return bound.Family.Versions[^1];
    }

    internal static string Show(IEnumerable<SpecDiagnostic> diagnostics) => string.Join("\n", diagnostics.Select(Show));

    internal static string Show(SpecDiagnostic d) =>
        $"{Path.GetFileName(d.Path)}({d.Span.StartLine + 1},{d.Span.StartColumn + 1}): {(d.Rule.Severity == SpecSeverity.Error ? "error" : "warning")} {d.Rule.Id}: {d.Message}";

    /// <summary>
    /// Checks that the text between <c>«</c> and <c>»</c> is where <paramref name="id"/> is found, with <paramref name="message"/> in its
    /// text, and that nothing else is found.
    /// </summary>
    internal static void Finds(string id, string message, string marked, params SpecSyntax[] others)
    {
        int start = marked.IndexOf('«'), end = marked.IndexOf('»') - 1;
        string text = marked.Replace("«", "").Replace("»", "");
        BoundSpec bound = Bind(text, others);
        string all = Show(bound.Diagnostics);
        if (SpecRules.All.Single(r => r.Id == id).Severity == SpecSeverity.Suggestion)
            bound = bound with { Diagnostics = [.. bound.Diagnostics, .. bound.Suggestions.Where(s => s.Rule.Id == id)] };
        Assert.HasCount(1, bound.Diagnostics.ToArray(), all);
        SpecDiagnostic found = bound.Diagnostics[0];
        Assert.AreEqual(id, found.Rule.Id, all);
        Assert.AreEqual((start, end - start), (found.Span.Start, found.Span.Length),
            $"{all}\nmarks: {text.Substring(found.Span.Start, found.Span.Length)}");
        Assert.AreEqual(text[..start].Count(c => c == '\n'), found.Span.StartLine);
        Assert.AreEqual(start - (text[..start].LastIndexOf('\n') + 1), found.Span.StartColumn);
        Assert.Contains(message, found.Message);
    }

    private static OpSignature Signature(string line)
    {
        Match match = Regex.Match(line, @"^(\w+) (.*?) -> (.*?)( \| (.*))?$");
        EquatableArray<PortSignature> Ports(string list) => list.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => new PortSignature(p.TrimEnd('?', '*'), p.EndsWith('?'), p.EndsWith('*'))).ToEquatableArray();
        EquatableArray<AttributeSignature> attributes = match.Groups[5].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(a => new AttributeSignature(a.TrimEnd('!'), AttributeKind.Int, false, a.EndsWith('!'))).ToEquatableArray();
        return new OpSignature(match.Groups[1].Value, "ai.onnx", "",
            [new VersionSignature(1, Ports(match.Groups[2].Value), Ports(match.Groups[3].Value), attributes)]);
    }

    private sealed class PrimitiveScope(SpecScope specs, SpecScope project) : ISpecScope
    {
        public IEnumerable<string> OpNames => specs.OpNames.Concat(Primitives.Keys).Distinct();

        public bool TryGetSignature(string name, string domain, out OpSignature signature) =>
            domain == "ai.onnx" && Primitives.TryGetValue(name, out signature!) || specs.TryGetSignature(name, domain, out signature!);

        public IReadOnlyList<OpModel> Models(string name, string domain) =>
            specs.Models(name, domain) is { Count: > 0 } own ? own : project.Models(name, domain);

        public SpecSyntax? TryGetSyntax(string op) => specs.TryGetSyntax(op);

        public PublishedOps Published => specs.Published;
    }
}
