using System.Diagnostics;
using System.Text;
using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Tests.Specs;

/// <summary>No text makes the front end throw, hang or point outside of the file.</summary>
[TestClass]
public sealed class SpecRobustnessTests
{
    private const string Small = """
        op: Small
        since: 1
        summary: Adds what is scaled.
        types: { T: float | double }
        inputs:
          - X: T[...d@axis, N]
          - Y: T[N]?
        outputs:
          - Z: T[...d, N] = X + 1
        attributes:
          axis: int in -1.. = -1
          mode: hint string in 'a' | 'b' = 'a'
        let:
          r: len(d)
        constraints:
          rank-is-small: r < 5 if has(Y)
        docs:
          N: the last extent
        body: |
          A = Add (X, Y) if has(Y) else Cast <to = @T> (X)
          Z = Mul (A, @[r])
        presets:
          P: { axis: 1, mode: b }
        ---
        since: 2
        attributes:
          mode: none
        presets: { P: none }
        """;

    [TestMethod]
    [DataRow("")]
    [DataRow("   \n\n")]
    [DataRow("# only a comment")]
    [DataRow("---")]
    [DataRow("---\n---\n---")]
    [DataRow("...")]
    [DataRow("just text")]
    [DataRow("- a\n- b")]
    [DataRow("[a, b]")]
    [DataRow("{}")]
    [DataRow("op: [a, b\nname: x")]
    [DataRow("op: {a: b\nname: x")]
    [DataRow("op: 'abc\nsince: 1\n")]
    [DataRow("op: \"abc\nsince: 1\n")]
    [DataRow("op: X\n\tsince: 1")]
    [DataRow("op: X\ninputs:\n\t- A: T[]")]
    [DataRow("op: a: b: c")]
    [DataRow("op: *x")]
    [DataRow("op: &x Y\nsince: *x")]
    [DataRow("op: !!int X")]
    [DataRow("op: !foo X")]
    [DataRow("%YAML 1.2\n---\nop: X")]
    [DataRow("%TAG ! tag:x,2000:\n---\nop: X")]
    [DataRow("<<: {a: b}\nop: X")]
    [DataRow("? [a, b]\n: c")]
    [DataRow("? op\n: X")]
    [DataRow("op: X\nop: Y")]
    [DataRow("op: |\n  a\n b\n")]
    [DataRow("op: >\n  a\n\n  b\n")]
    [DataRow("op: |9\n a")]
    [DataRow("op:\n  - - - - a")]
    [DataRow("inputs: 3\nop: []\nsince: {}")]
    [DataRow("inputs:\n- 3\n- []\n- {}\n- A: []\n- B:")]
    [DataRow("\uFEFFop: X\nsince: 1")]
    [DataRow("op: X\r\nsince: 1\r\ninputs:\r\n  - A: T[\r\n")]
    [DataRow("op: X\rsince: 1\rbody: |\r  Y = F (\r")]
    [DataRow("op: X\0\nsince: 1")]
    [DataRow("op: \u0001")]
    [DataRow("op: \ud800")]
    [DataRow("op: \udc00\ud800")]
    [DataRow("op: \"\\ud800\"")]
    [DataRow("op: \"\\x41\\u0042\\U0001F600\\\n  c\"")]
    [DataRow("op: X\u2028since: 1")]
    [DataRow("op: X\u0085since: 1")]
    [DataRow("@: x")]
    [DataRow("op: @x")]
    [DataRow("op: `x`")]
    [DataRow("a: b\n- c")]
    [DataRow("op: X\n since: 1")]
    [DataRow("types: {T: float | }")]
    [DataRow("let: { a: a, b: c, c: b }\nop: X\nsince: 1\ninputs: []\noutputs: []\nsummary: s\nkernel: manual")]
    [DataRow("op: X\nlike: X\nsince: 1\nsummary: s")]
    public void Odd_files_give_findings(string text)
    {
        BoundSpec bound = Check(text);
        Assert.IsFalse(bound.Diagnostics.Count == 0 && bound.Family is null, "a file without a model has a finding");
    }

    [TestMethod]
    public void Large_files_are_refused() =>
        Assert.AreEqual("OPS0002", Check(new string('a', 10_000_000)).Diagnostics.Single().Rule.Id);

    [TestMethod]
    [DataRow("[")]
    [DataRow("{a: ")]
    [DataRow("- ")]
    [DataRow("? ")]
    public void Deep_nesting_is_refused(string open)
    {
        string text = string.Concat(Enumerable.Repeat(open, 100_000));
        Assert.AreNotEqual(0, Check(text).Diagnostics.Count);
        Check("op: X\nsince: 1\ninputs: " + string.Concat(Enumerable.Repeat(open + "\n", 10_000)));
    }

    [TestMethod]
    [DataRow("(")]
    [DataRow("[")]
    [DataRow("-")]
    [DataRow("not ")]
    [DataRow("f(")]
    [DataRow("x if y else ")]
    [DataRow("x + ")]
    [DataRow("x and ")]
    [DataRow("x == ")]
    [DataRow("x | ")]
    [DataRow("x[")]
    [DataRow("csharp.f(")]
    [DataRow("seq(")]
    public void Deep_expressions_are_refused(string open)
    {
        string deep = string.Concat(Enumerable.Repeat(open, 20_000)) + "x";
        foreach (string key in new[] { "let: { a: \"$\" }", "attributes: { a: \"int = $\" }", "constraints: { a: \"$\" }",
            "inputs:\n- A: \"$\"", "body: |\n  Y = $", "body: |\n  Y = F (@$)" })
        {
            BoundSpec bound = Check("op: X\nsince: 1\nsummary: s\noutputs: []\n" + key.Replace("$", deep));
            Assert.AreNotEqual(0, bound.Diagnostics.Count, key);
        }
    }

    [TestMethod]
    public void Long_chains_of_definitions_sort()
    {
        var text = new StringBuilder("op: X\nsince: 1\nsummary: s\ninputs: []\noutputs: []\nkernel: manual\nlet:\n");
        for (int i = 0; i < 20_000; i++)
            text.Append($"  v{i}: v{i + 1} + 1\n");
        text.Append("  v20000: 1\n");
        Assert.IsEmpty(Check(text.ToString()).Diagnostics);
    }

    [TestMethod]
    [DataRow("let:\n", "  v{0}: unknown{0} + other{0}\n")]
    [DataRow("constraints:\n", "  r{0}: a + {0} < 3\n")]
    [DataRow("inputs:\n", "  - X{0}: T[a{0}, b{0}]\n")]
    [DataRow("attributes:\n", "  a{0}: int = b{0}\n")]
    [DataRow("docs:\n", "  a{0}: text\n")]
    [DataRow("body: |\n", "  V{0} = Nothing{0} (W{0}, @x{0})\n")]
    [DataRow("body: |\n", "  V = A\n  W{0} = Relu (V{0}, X)\n")]
    [DataRow("presets:\n", "  P{0}: {{ a: {0} }}\n")]
    [DataRow("x:\n", "---\nsince: {0}\n")]
    [DataRow("constraints:\n  a: x in 0", " | {0}")]
    [DataRow("constraints:\n  a: len([0", ", a{0}")]
    public void Large_files_bind_in_bounded_time(string head, string item)
    {
        var text = new StringBuilder("op: X\nsince: 1\nsummary: s\noutputs: []\nkernel: manual\n" + head);
        for (int i = 0; text.Length < 400_000; i++)
            text.AppendFormat(System.Globalization.CultureInfo.InvariantCulture, item, i);
        Check(text.ToString());
    }

    [TestMethod]
    public void Deeply_nested_calls_and_graphs_are_refused()
    {
        Check("op: X\nsince: 1\nsummary: s\ninputs: []\noutputs: []\nbody: |\n  Y = " + string.Concat(Enumerable.Repeat("F (", 20_000)));
        Check("op: X\nsince: 1\nsummary: s\ninputs: []\noutputs: []\nbody: |\n  Y = "
            + string.Concat(Enumerable.Repeat("F <g = h () => () { Y = ", 20_000)));
        Check("op: X\nsince: 1\nsummary: s\ninputs: []\noutputs: []\nbody: |\n  Y = " + string.Concat(Enumerable.Repeat("(", 20_000)));
        Check("op: X\nsince: 1\nsummary: s\ninputs: []\noutputs: []\nbody: |\n  Y = F <a = "
            + string.Concat(Enumerable.Repeat("[", 20_000)));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Random_text_is_survived(int seed)
    {
        var random = new Random(seed);
        const string alphabet = "op: since:\n -[]{}()'\"|>&*!%@#?,.=<+-/0123456789abcT\t\r\0\u2028é\ud83d\ude00";
        for (int i = 0; i < 2000; i++)
        {
            char[] text = new char[random.Next(120)];
            for (int k = 0; k < text.Length; k++)
                text[k] = random.Next(20) == 0 ? (char)random.Next(0x10000) : alphabet[random.Next(alphabet.Length)];
            Check(new string(text));
        }
    }

    [TestMethod]
    [DataRow(11)]
    [DataRow(12)]
    [DataRow(13)]
    public void Mutated_specs_are_survived(int seed)
    {
        var random = new Random(seed);
        string[] sources = SpecFixture.DraftFolder is { } folder
            ? [Small, .. Directory.GetFiles(folder, "*.op.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText)]
            : [Small];
        for (int i = 0; i < 600; i++)
        {
            string text = sources[random.Next(sources.Length)];
            for (int k = random.Next(4); k >= 0; k--)
                text = random.Next(2) == 0 ? MutateCharacter(text, random) : MutateLine(text, random);
            Check(text);
        }
    }

    [TestMethod]
    public void Cancellation_is_the_only_exception()
    {
        var stopped = new CancellationToken(canceled: true);
        Assert.ThrowsExactly<OperationCanceledException>(() => SpecFrontEnd.Parse("a.op.yaml", Small, stopped));
        SpecSyntax syntax = SpecFrontEnd.Parse("a.op.yaml", Small);
        Assert.ThrowsExactly<OperationCanceledException>(() => SpecFrontEnd.Bind(syntax, SpecScope.Empty, stopped));
    }

    [TestMethod]
    public void The_small_spec_of_these_tests_is_sound() => Assert.IsEmpty(Check(Small).Diagnostics.Select(SpecFixture.Show).ToArray());

    private static BoundSpec Check(string text)
    {
        var watch = Stopwatch.StartNew();
        SpecSyntax syntax = SpecFrontEnd.Parse("specs/Fuzz.op.yaml", text);
        BoundSpec bound = SpecFrontEnd.Bind(syntax, SpecFixture.Scope(syntax));
        Assert.IsLessThan(20, watch.Elapsed.TotalSeconds);
        foreach (SpecDiagnostic d in bound.Diagnostics)
        {
            Assert.AreNotEqual("OPS0012", d.Rule.Id, d.Message + "\n" + (text.Length < 5000 ? text : ""));
            Assert.IsTrue(d.Span.Start >= 0 && d.Span.Length >= 0 && d.Span.Start + d.Span.Length <= text.Length, d.Message);
            Assert.IsTrue(d.Span.StartLine >= 0 && d.Span.StartColumn >= 0 && d.Span.EndLine >= d.Span.StartLine && d.Message.Length > 0);
        }
        if (bound.Family is null)
            Assert.IsTrue(bound.Diagnostics.Any(d => d.Blocking),
                "only a blocking finding takes the model away\n" + SpecFixture.Show(bound.Diagnostics) + "\n"
                    + (text.Length < 5000 ? text : ""));
        return bound;
    }

    private static string MutateCharacter(string text, Random random)
    {
        int at = random.Next(text.Length);
        const string characters = " \n:-[]{}()'\",.|<=>@?*&#xT1\t";
        return random.Next(3) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, characters[random.Next(characters.Length)].ToString()),
            _ => text.Remove(at, 1).Insert(at, characters[random.Next(characters.Length)].ToString()),
        };
    }

    private static string MutateLine(string text, Random random)
    {
        List<string> lines = [.. text.Split('\n')];
        int at = random.Next(lines.Count);
        switch (random.Next(4))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, lines[random.Next(lines.Count)]);
                break;
            case 2:
                lines[at] = new string(' ', random.Next(6)) + lines[at].TrimStart();
                break;
            default:
                int other = random.Next(lines.Count);
                (lines[at], lines[other]) = (lines[other], lines[at]);
                break;
        }
        return lines.Count == 0 ? "x" : string.Join('\n', lines) is { Length: > 0 } joined ? joined : "x";
    }
}
