using Ops.Specs.Binding;

namespace Ops.Tests.Specs;

/// <summary>Findings stand at the smallest exact place, in every style YAML has for text.</summary>
[TestClass]
public sealed class DiagnosticSpanTests
{
    private const string Base = """
        op: Scale
        since: 1
        summary: Multiplies.
        types: { T: float | double }
        inputs:
          - X: T[...d@axis, N]
          - S: int64[n]?
        outputs:
          - Y: T[...d, N]
        attributes:
          axis: int = -1
          mode: string in 'up' | 'down' = 'up'
          sizes: int[]?
        let:
          r: len(d)
        constraints:
          short: r < 9
          few: n < 9
        kernel: rows(N)

        """;

    private static string With(string old, string changed)
    {
        Assert.Contains(old, Base);
        return Base.Replace(old, changed);
    }

    [TestMethod]
    public void A_misspelt_key_is_the_only_finding_about_what_stands_in_it()
    {
        BoundSpec bound = SpecFixture.Bind(With("attributes:", "atributes:"));
        Assert.AreEqual("OPS0004", bound.Diagnostics.Single().Rule.Id, SpecFixture.Show(bound.Diagnostics));
        // Where the right key stands too, the other one is no second of it.
        bound = SpecFixture.Bind(With("attributes:", "atributes: { other: int = 1 }\nattributes:"));
        Assert.AreEqual("OPS0004", bound.Diagnostics.Single().Rule.Id, SpecFixture.Show(bound.Diagnostics));
    }

    [TestMethod]
    [DataRow("gate (X)", true)]
    [DataRow("gate (X) if has(gate) else X", false)]
    [DataRow("X if not has(gate) else gate (X)", false)]
    [DataRow("gate (X) if not has(gate) else X", true)]
    [DataRow("gate (X) if given else X", false)]
    public void A_graph_that_may_be_absent_is_asked_for_before_it_is_called(string right, bool found)
    {
        BoundSpec bound = SpecFixture.Bind($"""
            op: Gated
            domain: com.example
            since: 1
            opset: 20
            summary: Applies a gate.
            types: {"{"} T: float | double {"}"}
            inputs:
              - X: T[...d]
            outputs:
              - Y: T[...d]
            attributes:
              gate: (T[...d] -> T[...d])?
            let:
              given: has(gate)
            body: |
              Y = {right}

            """);
        Assert.AreEqual(found, bound.Diagnostics.Any(d => d.Rule.Id == "OPS0208"), SpecFixture.Show(bound.Diagnostics));
    }

    [TestMethod]
    [DataRow("OPS0004", "did you mean 'summary'?", "summary: Multiplies.", "summary: Multiplies.\n«sumary»: x")]
    [DataRow("OPS0005", "second time", "  r: len(d)", "  r: len(d)\n  «r»: 2")]
    [DataRow("OPS0006", "'summary'", "op: Scale\nsince: 1\nsummary: Multiplies.", "«op»: Scale\nsince: 1")]
    [DataRow("OPS0007", "list", "  short: r < 9", "  short: «[r, 9]»")]
    [DataRow("OPS0007", "single value", "let:\n  r: len(d)\nconstraints:\n  short: r < 9", "let: «r»\nconstraints:")]
    [DataRow("OPS0007", "'inputs' is a list", "  - X: T[...d@axis, N]\n  - S: int64[n]?", "  «X: T[...d@axis, N]»\n  S: int64[n]?")]
    [DataRow("OPS0007", "'let' is a mapping of names, not a list", "  r: len(d)", "  «- r: len(d)»")]
    [DataRow("OPS0008", "not a version", "kernel: rows(N)", "kernel: rows(N)\nopset: «0»")]
    [DataRow("OPS0008", "no value", "  r: len(d)", "  r: len(d)\n  «q»:")]
    [DataRow("OPS0010", "word of the language", "  r: len(d)", "  r: len(d)\n  «if»: 1")]
    [DataRow("OPS0011", "did you mean 'short-rank'?", "  short:", "  «shortRank»:")]
    [DataRow("OPS0101", "'=='", "r < 9", "r «=» 9")]
    [DataRow("OPS0101", "not 'for'", "r < 9", "r < «for» 9")]
    [DataRow("OPS0101", "text ends", "r < 9", "r «<»")]
    [DataRow("OPS0101", "'not' negates", "r < 9", "'«!» r'")]
    [DataRow("OPS0101", "product", "r < 9", "r < «2r»")]
    [DataRow("OPS0101", "never closed", "r < 9", "mode == «'»up")]
    [DataRow("OPS0103", "64-bit", "r < 9", "r < «99999999999999999999»")]
    [DataRow("OPS0201", "did you mean 'mode'?", "r < 9", "«mod» == 'up'")]
    [DataRow("OPS0201", "did you mean 'axis'?", "@axis", "@«axes»")]
    [DataRow("OPS0202", "is a definition of this spec", "  r: len(d)", "  r: len(d)\n  t: (1 for «r» < 3)")]
    [DataRow("OPS0205", "did you mean 'axis'?", "kernel:", "docs:\n  «axes»: which\nkernel:")]
    [DataRow("OPS0206", "did you mean 'product'?", "len(d)", "«prodct»(d)")]
    [DataRow("OPS0207", "r -> q -> r", "  r: len(d)", "  «r»: q + 1\n  q: r + 1")]
    [DataRow("OPS0208", "has(S)", "Y: T[...d, N]", "Y: T[...d, N * «n»]")]
    [DataRow("OPS0208", "'sizes' is optional", "  axis: int = -1", "  axis: int = -1\n  k: int = len(«sizes»)")]
    [DataRow("OPS0302", "'true' is a truth value", "r < 9", "r < «true»")]
    [DataRow("OPS0302", "'1' is an integer; a truth value", "r < 9", "r < 9 and «1»")]
    [DataRow("OPS0302", "cannot be compared", "r < 9", "mode == «1»")]
    [DataRow("OPS0302", "cannot be in", "r < 9", "mode in «1..3»")]
    [DataRow("OPS0302", "as before 'if'", "  r: len(d)", "  r: len(d) if axis > 0 else «'x'»")]
    [DataRow("OPS0302", "default of 'axis'", "axis: int = -1", "axis: int = «'x'»")]
    [DataRow("OPS0303", "one argument, not 2", "len(d)", "«len(d, d)»")]
    [DataRow("OPS0304", "output", "r < 9", "«Y» > 0")]
    [DataRow("OPS0306", "'sideways'", "= 'up'", "= «'sideways'»")]
    [DataRow("OPS0307", "else", "len(d)", "«1 if axis > 0»")]
    [DataRow("OPS0401", "...e", "X: T[...d@axis, N]", "X: T[...d@axis, N]\n  - Z: T[...c, «...e», N]")]
    [DataRow("OPS0402", "no input binds 'M'", "Y: T[...d, N]", "Y: T[...d, «M»]")]
    [DataRow("OPS0403", "splices", "Y: T[...d, N]", "Y: T[«d», N]")]
    [DataRow("OPS0403", "splices a list", "Y: T[...d, N]", "Y: T[...«r», N]")]
    [DataRow("OPS0403", "'@' fixes", "Y: T[...d, N]", "Y: T[...d@«axis», N]")]
    [DataRow("OPS0405", "did you mean 'X'?", "Y: T[...d, N]", "Y: T[...d, N] aliases «Xs»")]
    [DataRow("OPS0612", "manual", "op: Scale|kernel: rows(N)\n", "op: «Scale»|")]
    [DataRow("OPS0014", "there are no outputs", "outputs:\n  - Y: T[...d, N]", "«outputs»:")]
    [DataRow("OPS0008", "'let' has no entries", "let:\n  r: len(d)\nconstraints:\n  short: r < 9\n", "«let»:\nconstraints:\n")]
    [DataRow("OPS0219", "the same whether or not", "X: T[...d@axis, N]", "X: T[...d@axis, N] if axis > 0 else «T[...d@axis, N]»")]
    [DataRow("OPS0220", "'axis' is not written yet", "kernel:", "docs:\n  axis: «TODO» what giving axis does\nkernel:")]
    [DataRow("OPS0221", "'aixs' in 'aixs-small' looks like 'axis'", "  short:", "  «aixs-small»: axis < 5\n  short:")]
    [DataRow("OPS0210", "'M' is used only here", "S: int64[n]?", "S: int64[n]?\n  - Z: T[«M»]?")]
    [DataRow("OPS0211", "holds for every call", "r < 9", "«r >= 0»")]
    [DataRow("OPS0211", "holds for every call", "r < 9", "«mode == 'up' or mode == mode»")]
    [DataRow("OPS0211", "holds for every call", "r < 9", "«T in float_ir4»")]
    [DataRow("OPS0211", "holds for every call", "r < 9", "«has(X) or rank(S) == 2»")]
    [DataRow("OPS0212", "fails for every call", "r < 9", "«rank(S) == 2»")]
    [DataRow("OPS0212", "fails for every call", "r < 9", "«N + 1 <= 0 and r > 1»")]
    [DataRow("OPS0212", "fails for every call", "r < 9", "«mode == 'sideways'»")]
    [DataRow("OPS0212", "fails for every call", "r < 9", "«T == int64»")]
    [DataRow("OPS0213", "'short' is too involved", "  short: r < 9", "  «short»: all(d[i] > 0 for i < r)")]
    [DataRow("OPS0214", "attribute 'axis'", "  sizes: int[]?\n|kernel: rows(N)\n|  axis: int",
        "|docs: { mode: up or down, S: sizes }\nkernel: rows(N)\n|  «axis»: int")]
    [DataRow("OPS0215", "type variable 'U'", "double }", "double, «U»: int64 }")]
    [DataRow("OPS0701", "did you mean 'rows'?", "rows(N)", "«row»(N)")]
    [DataRow("OPS0702", "'axis' is an attribute", "rows(N)", "rows(«axis»)")]
    [DataRow("OPS0702", "at least 1 argument", "rows(N)", "«rows»")]
    [DataRow("OPS0201", "there is no 'rr'", "rows(N)", "reduce(X, «rr»)")]
    [DataRow("OPS0711", "did you mean 'axis'?", "kernel:", "presets: { P: { «axs»: 1 } }\nkernel:")]
    [DataRow("OPS0712", "did you mean 'down'?", "kernel:", "presets: { P: { mode: «donw» } }\nkernel:")]
    public void A_mistake_is_found_where_it_stands(string id, string message, string old, string changed)
    {
        string text = Base;
        foreach ((string from, string to) in old.Split('|').Length == changed.Split('|').Length && id is "OPS0612" or "OPS0214"
            ? old.Split('|').Zip(changed.Split('|')) : [(old, changed)])
        {
            Assert.Contains(from, text);
            text = text.Replace(from, to);
        }
        SpecFixture.Finds(id, message, text);
    }

    [TestMethod]
    [DataRow("r < 9", "r\n    < «q»")]
    [DataRow("r < 9", "r <\n\n       «q»")]
    [DataRow("r < 9", "'r < «q»'")]
    [DataRow("r < 9", "'mode == ''up'' and r < «q»'")]
    [DataRow("r < 9", "'r <\n    «q»'")]
    [DataRow("r < 9", "\"r \\x3c «q»\"")]
    [DataRow("r < 9", "\"r \\u003c \\\n     «q»\"")]
    [DataRow("r < 9", "|\n    r <\n      «q»\n")]
    [DataRow("r < 9", "|-\n    r\n    < «q»")]
    [DataRow("r < 9", "|2\n    r <\n\n    «q»")]
    [DataRow("r < 9", ">\n    r <\n    «q»\n")]
    [DataRow("constraints:\n  short: r < 9\n  few: n < 9", "constraints: { short: r < «q», few: n < 8 }")]
    [DataRow("constraints:\n  short: r < 9\n  few: n < 9", "constraints: { few: n < 9, short: r <\n  «q» }")]
    public void Any_scalar_style_maps_to_the_file(string old, string changed)
    {
        SpecFixture.Finds("OPS0201", "'q'", With(old, changed));
        string crlf = With(old, changed).Replace("\n", "\r\n");
        if (!changed.Contains("\\\n"))
            SpecFixture.Finds("OPS0201", "'q'", crlf);
        SpecFixture.Finds("OPS0201", "'q'", "\uFEFF" + With(old, changed));
    }

    [TestMethod]
    [DataRow("OPS0601", "marked with '@'", "Y = Add (X, «1»)")]
    [DataRow("OPS0601", "'=' is expected after 'Y'", "Y «:» Add (X, X)")]
    [DataRow("OPS0601", "'else'", "Y = X if rank(X) > 1\n  «Z» = X")]
    [DataRow("OPS0602", "did you mean 'X'?", "Y = Relu («Xx»)")]
    [DataRow("OPS0602", "'@n'", "Y = Add (X, «n»)")]
    [DataRow("OPS0201", "there is no 'k'", "Y = Add (X, @[n, «k»])")]
    [DataRow("OPS0603", "second time", "Y = Relu (X)\n  «Y» = Relu (X)")]
    [DataRow("OPS0603", "is an input", "Y = Relu (X)\n  «X» = Relu (X)")]
    [DataRow("OPS0604", "'Y'", "«Y_» = Relu (X)")]
    [DataRow("OPS0605", "did you mean 'Relu'?", "Y = «Rela» (X)")]
    [DataRow("OPS0606", "one operand, not 2", "Y = Relu (X, «Relu (X)»)")]
    [DataRow("OPS0606", "'B'", "Y = «Add» (X)")]
    [DataRow("OPS0606", "one result", "Y, Z = «Relu» (X)")]
    [DataRow("OPS0607", "did you mean 'axis'?", "Y = Softmax <«axes» = 1> (X)")]
    [DataRow("OPS0608", "'axis'", "Y = «Concat» (X, X)")]
    [DataRow("OPS0609", "'Z'", "«Z» = Relu (X)\n  Y = Relu (X)")]
    [DataRow("OPS0610", "data", "Y = Relu (X) if «X > 0» else X")]
    [DataRow("OPS0611", "A -> B -> A", "«A» = Relu (B)\n  B = Relu (A)\n  Y = Add (A, B)")]
    [DataRow("OPS0602", "there is no value 't'", "Y = Scan <num_scan_inputs = 1, body = g (s) => (o) {\n    o = Relu («t»)\n  }> (X)")]
    public void A_mistake_in_a_body_is_found_where_it_stands(string id, string message, string body) => SpecFixture.Finds(id, message, $$"""
        op: Test
        since: 13
        summary: Tests.
        inputs:
          - X: float[n]
        outputs:
          - Y: float[n]
        body: |
          # comment = Ignored (
          {{body}}
        """);

    [TestMethod]
    [DataRow("op: X\n«\t»since: 1\n", "tab")]
    [DataRow("op: X\nsince: 1\ninputs:\n  - A: T[]\n«\t»- B: T[]\n", "tab")]
    [DataRow("op: X\ntypes: «{» T: float\nsince: 1\n", "'{' opened here")]
    [DataRow("op: «[»a, b\nname: x", "'[' opened here")]
    [DataRow("op: X\nsummary: «\"»never\nsince: 1\n", "'\"' opened here")]
    [DataRow("op: X\nsummary: «'»never\nsince: 1\n", "''' opened here")]
    [DataRow("op: X«\0»\n", "U+0000")]
    [DataRow("op: X\nsummary: A «\uFFFD»t\n", "not UTF-8")]
    [DataRow("op: X\nsummary: A«:» b\n", "quote the value")]
    public void Broken_yaml_is_found_at_its_cause(string marked, string message)
    {
        int start = marked.IndexOf('«'), length = marked.IndexOf('»') - start - 1;
        var bound = SpecFixture.Bind(marked.Replace("«", "").Replace("»", ""));
        var found = bound.Diagnostics.Single(d => d.Rule.Id == "OPS0001");
        Assert.AreEqual((start, length), (found.Span.Start, found.Span.Length), SpecFixture.Show(bound.Diagnostics));
        Assert.Contains(message, found.Message);
        Assert.IsTrue(found.Blocking);
    }

    [TestMethod]
    public void All_mistakes_of_a_file_are_reported_once_and_in_order()
    {
        var bound = SpecFixture.Bind("""
            op: Many
            since: 1
            sumary: x
            summary: Many mistakes.
            types: { T: float | doubel }
            inputs:
              - X: T[...d, N
              - Z: T[N, M * 2]
            outputs:
              - Y: T[Q]
            attributes:
              a: imt
              b: int in 1.. = 0
            let:
              u: u + 1
              v: nothing + 1
              w: v + 1
            constraints:
              BadName: N > 0
              one: w > len(v)
              two: N > true
            docs:
              nobody: x
            body: |
              Y = Rellu (X, @foo)
              Z2 = Relu (W)
            kernel: roows(N)
            ---
            since: 1
            """);
        CollectionAssert.AreEqual(new[]
        {
            "3 OPS0004", "5 OPS0301", "7 OPS0101", "8 OPS0201", "10 OPS0402", "12 OPS0301", "13 OPS0306", "15 OPS0207", "16 OPS0201",
            "19 OPS0011", "21 OPS0302", "23 OPS0205",
            "25 OPS0605", "25 OPS0201", "26 OPS0602", "27 OPS0701", "29 OPS0501",
        }, bound.Diagnostics.Select(d => $"{d.Span.StartLine + 1} {d.Rule.Id}").ToArray(), SpecFixture.Show(bound.Diagnostics));
        Assert.IsNull(bound.Family);
    }
}
