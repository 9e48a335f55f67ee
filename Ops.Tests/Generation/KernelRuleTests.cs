using Microsoft.CodeAnalysis;
using Ops.Generators.Analyzers.Kernels;
using Ops.Specs.Diagnostics;

namespace Ops.Tests.Generation;

/// <summary>The rules about hand-written kernels, by the examples of their pages and at their exact places.</summary>
[TestClass]
public sealed class KernelRuleTests
{
    private const string Spec = """
        op: Scale
        since: 1
        summary: Multiplies by a factor.
        types: { T: float | double }
        inputs:
          - X: T[...d, N]
          - S: T[...e]?
        outputs:
          - Y: T[...d, N]
        attributes:
          factor: float = 1
        kernel: KERNEL

        """;

    public static IEnumerable<object[]> Ids => KernelRules.All.Select(r => new object[] { r.Id });

    [TestMethod]
    [DynamicData(nameof(Ids))]
    public void Page_has_the_rules_title_and_true_examples(string id)
    {
        SpecRule rule = KernelRules.All.Single(r => r.Id == id);
        string page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "rules", id + ".md"));
        StringAssert.StartsWith(page, $"# {id}: {rule.Title}\n\nSeverity: {rule.Severity.ToString().ToLowerInvariant()}\n");
        string[] Blocks(string language) =>
            [.. page.Split($"```{language}\n").Skip(1).Select(b => b[..b.IndexOf("```", StringComparison.Ordinal)])];
        SpecFile spec = SpecFile.Of("Scale", Blocks("yaml").Single());
        string[] examples = Blocks("csharp");
        Assert.HasCount(2, examples);
        Diagnostic[] wrong = GeneratorHost.AnalyzeKernels([spec], examples[0]), right = GeneratorHost.AnalyzeKernels([spec], examples[1]);
        // The compiler has something to say of partial methods itself.
        CollectionAssert.AreEqual(new[] { id },
            wrong.Select(d => d.Id).Where(i => i.StartsWith("OPS", StringComparison.Ordinal)).Distinct().ToArray(),
            string.Join("\n", wrong.AsEnumerable()));
        Assert.AreEqual("", string.Join("\n",
            wrong.Where(d => !d.Id.StartsWith("OPS", StringComparison.Ordinal) && d.Id is not ("CS8795" or "CS0759" or "CS0169"))));
        Assert.AreEqual("", string.Join("\n", right.AsEnumerable()));
    }

    [TestMethod]
    [DataRow("OPS1002", "elementwise", "'V Apply(in Args args, V X, V S)'",
        "public static partial V «Apply»(in Args args, V X) => X * V.Constant(args.factor);")]
    [DataRow("OPS1003", "elementwise", "attribute 'factor'", "public static partial V Apply(in Args args, V X, V S) => X + S;", "Scale")]
    [DataRow("OPS1003", "elementwise", "input 'S'", "public static partial V Apply(in Args args, V X, V S) => X * V.Constant(args.factor);",
        "Scale")]
    [DataRow("OPS1004", "elementwise", "an array",
        "public static partial V Apply(in Args args, V X, V S) => X * S * V.Constant(args.factor + («new float[3]»)[0]);")]
    [DataRow("OPS1004", "elementwise", "text",
        "public static partial V Apply(in Args args, V X, V S) => X * S * V.Constant(args.factor + («$\"{args.factor}\"»).Length);")]
    [DataRow("OPS1004", "elementwise", "a Object",
        "public static partial V Apply(in Args args, V X, V S) => X * S * V.Constant(args.factor + Helper()); static int Helper() => («new object()»).GetHashCode();")]
    [DataRow("OPS1004", "elementwise", "an array",
        "public static partial V Apply(in Args args, V X, V S) { int[] table = «[1, 2]»; return X * S * V.Constant(args.factor + table[0]); }")]
    [DataRow("OPS1004", "elementwise", "an enumerator",
        "public static partial V Apply(in Args args, V X, V S) { int n = 0; foreach (int i in «Table») n += i; return X * S * V.Constant(args.factor + n); } static readonly IEnumerable<int> Table = [1, 2];")]
    [DataRow("OPS1004", "elementwise", "text",
        "public static partial V Apply(in Args args, V X, V S) => X * S * V.Constant(args.factor + «args.factor.ToString()».Length);")]
    [DataRow("OPS1005", "elementwise", "an object of 'double'",
        "public static partial V Apply(in Args args, V X, V S) => X * S * V.Constant((«(IConvertible)args.factor»).ToDouble(null));")]
    [DataRow("OPS1006", "elementwise", "'Count'",
        "public static partial V Apply(in Args args, V X, V S) => X * S * V.Constant(args.factor + «Enumerable.Count(\"ab\")»);")]
    [DataRow("OPS1007", "elementwise", "a delegate",
        "public static partial V Apply(in Args args, V X, V S) { float f = args.factor; Func<V> g = «() => X * V.Constant(f)»; return g() * S; }")]
    [DataRow("OPS1008", "elementwise", "after validation",
        "public static partial V Apply(in Args args, V X, V S) => args.factor > 0 ? X * S : «throw new NotSupportedException()»;")]
    [DataRow("OPS1008", "elementwise", "after validation",
        "public static partial V Apply(in Args args, V X, V S) { «ArgumentOutOfRangeException.ThrowIfNegative(args.factor)»; return X * S; }")]
    [DataRow("OPS1009", "elementwise", "'Math.Sin'",
        "public static partial V Apply(in Args args, V X, V S) { double x = double.CreateChecked((float)(object)1f!); return X * S * V.Constant(args.factor); } static double Each(T[] t) => «Math.Sin(t.Length + Convert(t[0]))»; static double Convert(T t) => 0;")]
    [DataRow("OPS1010", "elementwise", "'Unsafe.As'",
        "public static partial V Apply(in Args args, V X, V S) => «System.Runtime.CompilerServices.Unsafe.As<V, V>»(ref X) * S * V.Constant(args.factor);")]
    [DataRow("OPS1010", "elementwise", "a pointer",
        "public static unsafe partial V Apply(in Args args, V X, V S) { nint p = (nint)(«void*»)0; return X * S * V.Constant(args.factor + p); }")]
    [DataRow("OPS1011", "elementwise", "'Total'",
        "public static partial V Apply(in Args args, V X, V S) => X * S * V.Constant(args.factor); static int «Total» { get; set; }")]
    [DataRow("OPS1011", "elementwise", "'Seen'",
        "public static partial V Apply(in Args args, V X, V S) => X * S * V.Constant(args.factor); static readonly List<int> «Seen» = [];")]
    public void A_mistake_is_found_where_it_stands(string id, string pattern, string message, string marked, string? named = null)
    {
        string source = "namespace Ops;\npublic static partial class Scale\n{\n    static partial class Body<V, T>\n    {\n        "
            + marked + "\n    }\n}\n";
        int start = source.IndexOf('«'), end = source.IndexOf('»') - 1;
        if (named is not null)
            (start, end) = (source.IndexOf(named, StringComparison.Ordinal),
                source.IndexOf(named, StringComparison.Ordinal) + named.Length);
        Diagnostic[] found =
            [.. GeneratorHost.AnalyzeKernels([SpecFile.Of("Scale", Spec.Replace("KERNEL", pattern, StringComparison.Ordinal))],
            source.Replace("«", "").Replace("»", "")).Where(d => d.Id == id)];
        Assert.HasCount(1, found, string.Join("\n", found.AsEnumerable()));
        StringAssert.Contains(found[0].GetMessage(), message);
        Assert.AreEqual((start, end), (found[0].Location.SourceSpan.Start, found[0].Location.SourceSpan.End),
            source.Replace("«", "").Replace("»", "").Substring(found[0].Location.SourceSpan.Start, found[0].Location.SourceSpan.Length));
    }

    [TestMethod]
    [DataRow("OPS1012", "switch («X.Type») { case ElementType.Float: break; }")]
    [DataRow("OPS1012", "switch («X.Type») { case ElementType.Float: break; default: throw new InvalidOperationException(); }")]
    [DataRow("OPS1012", "int size = «X.Type» switch { ElementType.Float => 4, _ => throw new InvalidOperationException() };")]
    [DataRow("", "int size = X.Type switch { ElementType.Float => 4, _ => 8 };")]
    [DataRow("", "int size = X.Type switch { ElementType.Float or ElementType.Double => 4, _ => throw new InvalidOperationException() };")]
    public void A_type_that_no_case_covers_is_found(string id, string marked)
    {
        string source = "using Ops.Kernels;\nusing Ops.Specs.Types;\nnamespace Ops;\npublic static partial class Scale\n{\n    private static partial void Compute(in Args args, in Operand X, in Operand S, in Operand Y)\n    {\n        "
            + marked + "\n    }\n}\n";
        Diagnostic[] all = GeneratorHost.AnalyzeKernels([SpecFile.Of("Scale", Spec.Replace("KERNEL", "manual", StringComparison.Ordinal))],
            source.Replace("«", "").Replace("»", ""));
        Assert.IsEmpty(all.Where(d => d.Severity == DiagnosticSeverity.Error));
        Diagnostic[] found = [.. all.Where(d => d.Id == "OPS1012")];
        Assert.HasCount(id.Length > 0 ? 1 : 0, found);
        if (id.Length == 0)
            return;
        StringAssert.Contains(found[0].GetMessage(), "allows double for 'X'");
        Assert.AreEqual((source.IndexOf('«'), source.IndexOf('»') - 1),
            (found[0].Location.SourceSpan.Start, found[0].Location.SourceSpan.End));
    }

    [TestMethod]
    public void A_missing_body_is_found_at_the_spec()
    {
        Diagnostic[] found = GeneratorHost.AnalyzeKernels([SpecFile.Of("Scale",
            Spec.Replace("KERNEL", "reduce(X, N)", StringComparison.Ordinal).Replace("kernel: reduce(X, N)", "kernel: elementwise",
                StringComparison.Ordinal))]);
        Diagnostic missing = found.Single(d => d.Id == "OPS1001");
        StringAssert.EndsWith(missing.Location.GetLineSpan().Path, "Scale.op.yaml");
        Assert.AreEqual((11, 0, 6), (missing.Location.GetLineSpan().StartLinePosition.Line,
            missing.Location.GetLineSpan().StartLinePosition.Character, missing.Location.GetLineSpan().EndLinePosition.Character));
    }
}
