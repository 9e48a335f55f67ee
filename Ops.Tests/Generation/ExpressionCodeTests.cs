using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;

namespace Ops.Tests.Generation;

/// <summary>What binds compiles: the C# of operators and functions, for each type of operands that they take.</summary>
[TestClass]
public sealed class ExpressionCodeTests
{
    // One name for each type that an expression can have.
    private const string Spec = """
        op: Probe
        since: 1
        summary: A probe of expressions.
        types: { T: float_ir4 }
        inputs:
          - X: T[n, ...d]
          - I: int64[k]
          - F: float[k]
          - B: bool[k]
        outputs:
          - Y: T[n, ...d]
        attributes:
          real: float = 1
          reals: float[] = [1.0, 2.0]
          wholes: int[] = [1, 2]
          text: string = 'a'
          texts: string[]?
          flag: bool = false
          flags: bool[]?
          kind: dtype = float
          kinds: dtype[]?
        let:

        """;

    private static readonly string[] Operands =
        ["n", "d", "real", "reals", "wholes", "text", "texts", "flag", "flags", "kind", "kinds", "I", "F", "B", "X", "2", "2.5", "T"];

    private static readonly string[] Shapes =
    [
        "-a", "not a", "a + b", "a / b", "a % b", "a == b", "a != b", "a < b", "a >= b", "a and b", "a in [b]", "a in b", "a not in b",
        "a in b..", "[a, b]", "[...a, b]", "a | b", "a if flag else b", "a[0]", "a[1:]", "a[n]", "(x for x in a)", "(x + b for x in a)",
        "(a for i < n if i < b)", "len(a)", "sum(a)", "product(a)", "min(a)", "max(a, b)", "min(a, b, 1)", "clamp(a, 0, b)",
        "clamp(a, b, 1.5)", "floor(a)", "ceil(a)", "abs(a)", "sqrt(a)", "broadcast(a, b)", "index(a, b)", "distinct(a)", "any(a)",
        "all(a)", "[a[0], b]", "a[..., 0] in 0..2", "a[0, ...] not in 0..2", "a[0, n]", "a[...]",
    ];

    [TestMethod]
    public void What_binds_compiles()
    {
        // One spec with a definition for each expression: the compiler's work grows with specs far more than with definitions.
        string[] probes = [.. Probes().Where(p => Mistakes(p) is [])];
        Assert.IsGreaterThan(500, probes.Length);
        string spec = Spec + string.Concat(probes.Select((p, i) => $"  p{i}: \"{p}\"\n")) + "kernel: manual\n";
        var errors = GeneratorHost.CompileGenerated([SpecFile.Of("Probe", spec)],
                "global using System; global using System.Linq; global using System.Collections.Generic; global using Ops; global using Ops.Simd;")
            .Where(d => d.Severity == DiagnosticSeverity.Error && d.Id != "CS8795")
            .Select(d => $"{Line(d)}: {d.GetMessage()}").ToArray();
        Assert.IsEmpty(errors, string.Join("\n", errors.Take(40)));

        string Line(Diagnostic error)
        {
            string line = error.Location.SourceTree?.GetText().Lines[error.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim() ?? "";
            return Regex.Match(line, @"\bp(\d+)\b") is { Success: true } name ? $"{probes[int.Parse(name.Groups[1].Value)]} ({line})" : line;
        }
    }

    [TestMethod]
    [DataRow("min(d, 2)", "'d' is a list of integers; a number, as each of several arguments of 'min', is wanted here")]
    [DataRow("clamp(reals, 0, 1)", "'reals' is a list of real numbers; a number, as each of several arguments of 'clamp', is wanted here")]
    [DataRow("distinct(texts)", "'texts' is a list of texts; a list of integers is wanted here")]
    [DataRow("index(reals, 2)", "'reals' is a list of real numbers; a list of integers is wanted here")]
    [DataRow("index(d, 2.5)", "'2.5' is a real number; an integer is wanted here")]
    [DataRow("any(I)", "'I' is a tensor of integers; a list of truth values is wanted here")]
    [DataRow("[...wholes, 2.5]", "'wholes' is a list of integers; a list of real numbers, as the other parts, is wanted here")]
    [DataRow("[F, I]", "'I' is a tensor of integers; a tensor of floats, as the other parts, is wanted here")]
    [DataRow("reals if flag else d", "'d' is a list of integers; a list of real numbers, as before 'if', is wanted here")]
    [DataRow("reals == wholes", "'reals' is a list of real numbers and 'wholes' is a list of integers; they cannot be compared")]
    [DataRow("X[1:, 0]", "a slice stands alone in an index; several axes take a number each")]
    [DataRow("X[..., 0]", "'...' in an index is for tests: 'X[..., 0] in 0..<n'")]
    [DataRow("X[..., 1:2] in 0..2", "a slice stands alone in an index; several axes take a number each")]
    [DataRow("real in wholes", "'real' is a real number; it cannot be in 'wholes', a list of integers")]
    [DataRow("[d, d] + 1", "'[d, d]' is a list of lists of integers; one value or a list is wanted here")]
    public void What_has_no_code_is_refused(string expression, string message) =>
        Assert.Contains(message, string.Join("\n", Mistakes(expression)));

    private static IEnumerable<string> Probes() =>
        from shape in Shapes
        from a in Operands
        from b in Regex.IsMatch(shape, @"\bb\b") ? Operands : ["n"]
        select Regex.Replace(shape, @"\b[ab]\b", m => m.Value == "a" ? a : b);

    private static string[] Mistakes(string expression) =>
    [
        .. SpecFrontEnd.Bind(SpecFrontEnd.Parse("Probe.op.yaml", Spec + $"  probe: \"{expression}\"\nkernel: manual\n"), SpecScope.Empty)
            .Diagnostics.Where(d => d.Rule.Severity == SpecSeverity.Error).Select(d => d.Message),
    ];
}
