using Ops.Specs.Binding;
using Ops.Specs.Diagnostics;
using Ops.Specs.Fixes;

namespace Ops.Tests.Specs;

/// <summary>A body that gives other shapes or types than its signature is found where it does, with a call as witness.</summary>
[TestClass]
public sealed class BodyShapeTests
{
    private const string Head = """
        op: Mix
        since: 13
        opset: 21
        summary: Mixes.
        types: { T: float | double }
        inputs:
          - X: T[B, L, E]
          - W: T[E, F]
          - past: T[B, P, E]?
        outputs:
          - Y: T[B, L, F]
          - Z: int64[3]?
        attributes:
          mode: string in 'plain' | 'long' = 'plain'
          mod: (T[B, L, F] -> T[B, L, F])?
        let:
          Total: (P if has(past) else 0) + L
        body: |

        """;

    [TestMethod]
    [DataRow("OPS0613", "the body gives Y [2, 7, 3], the signature says [2, 3, 7]",
        "«Y» = Transpose <perm = [0, 2, 1]> (MatMul (X, W))\n  Z = Shape (X)")]
    [DataRow("OPS0613", "the signature says",
        "«Y» = MatMul (Concat <axis = 1> (X, past), W) if has(past) else MatMul (X, W)\n  Z = Shape (X)")]
    [DataRow("OPS0613", "mode = 'long'", "«Y» = Unsqueeze (MatMul (X, W), @[0]) if mode == 'long' else MatMul (X, W)\n  Z = Shape (X)")]
    [DataRow("OPS0613", "the body gives Z [4], the signature says [3]", "Y = MatMul (X, W)\n  «Z» = Concat <axis = 0> (Shape (X), @[F])")]
    [DataRow("OPS0614", "the body gives Y as float, the signature says double",
        "«Y» = Cast <to = @float> (MatMul (X, W))\n  Z = Shape (X)")]
    [DataRow("OPS0614", "the body gives Z as int32, the signature says int64", "Y = MatMul (X, W)\n  «Z» = Cast <to = @int32> (Shape (X))")]
    [DataRow("OPS0615", "K is", "Y = «MatMul» (Transpose <perm = [0, 2, 1]> (X), W)\n  Z = Shape (X)")]
    [DataRow("OPS0615", "do not broadcast", "Product = MatMul (X, W)\n  Y = «Add» (Product, X)\n  Z = Shape (X)")]
    [DataRow("OPS0615", "T is", "Y = MatMul (X, «MatMul» (Cast <to = @int32> (W), W))\n  Z = Shape (X)")]
    [DataRow("OPS0615", "same-size", "Y = MatMul (X, W)\n  Z = «Reshape» (Shape (X), @[2])")]
    [DataRow("OPS0615", "perm", "Y = «Transpose» <perm = [0, 1]> (MatMul (X, W))\n  Z = Shape (X)")]
    [DataRow("OPS0615", "the graph 'mod' does not take", "Y = «mod» (X) if has(mod) else MatMul (X, W)\n  Z = Shape (X)")]
    [DataRow("OPS0615", "has no value", "Y = MatMul (X, W)\n  Z = Add (Shape (X), «@(1 / (F - F))»)")]
    [DataRow("OPS0615", "K is",
        "_, Y = Scan <num_scan_inputs = 1, body = step (s, x) => (next, y) {\n    next = Identity (s)\n    y = «MatMul» (W, x)\n  }> (X, X)\n  Z = Shape (X)")]
    public void A_mistake_is_found_at_its_place(string id, string message, string body)
    {
        string marked = Head + "  " + body, text = marked.Replace("«", "").Replace("»", "");
        int start = marked.IndexOf('«'), length = marked.IndexOf('»') - 1 - start;
        SpecDiagnostic[] found = Found(text);
        string all = SpecFixture.Show(found);
        Assert.HasCount(1, found, all);
        Assert.AreEqual(id, found[0].Rule.Id, all);
        Assert.AreEqual((start, length), (found[0].Span.Start, found[0].Span.Length), all);
        Assert.Contains(message, found[0].Message);
    }

    [TestMethod]
    [DataRow("  - W: T[E, F]", "  - W: T[«F, E»]", "did you mean 'E, F'?")]
    [DataRow("  - Y: T[B, L, F]", "  - Y: T[B, «F, L»]", "these dims of 'Y' fit the body")]
    public void Dims_that_fit_in_the_other_order_are_told(string old, string changed, string message)
    {
        string marked = (Head + "  Y = MatMul (X, W)\n  Z = Shape (X)").Replace(old, changed).Replace("mod: (T[B, L, F] -> T[B, L, F])?",
            "mod: int = 0");
        Assert.Contains(changed, marked);
        string text = marked.Replace("«", "").Replace("»", "");
        BoundSpec bound = SpecFixture.Bind(text);
        SpecDiagnostic? found = bound.Suggestions.SingleOrDefault(d => d.Rule == SpecRules.DimSwap);
        Assert.IsNotNull(found, $"{text}\n{SpecFixture.Show(bound.Diagnostics)}");
        Assert.AreEqual((marked.IndexOf('«'), marked.IndexOf('»') - marked.IndexOf('«') - 1), (found.Span.Start, found.Span.Length));
        Assert.Contains(message, found.Message);
        SpecFix fix = SpecFixes.For(found, SpecFrontEnd.Parse("specs/Test.op.yaml", text)).First();
        Assert.IsEmpty(Found(SpecFixes.Apply(text, fix.Edits)));
    }

    [TestMethod]
    [DataRow("Y = MatMul (X, W)\n  Z = Shape (X)")]
    [DataRow("Y = Reshape (MatMul (X, W), @[B, L, F])\n  Z = Concat <axis = 0> (Gather (Shape (X), @[0]), @[L, E])")]
    [DataRow("Y = Reshape (MatMul (X, W), Concat <axis = 0> (Slice (Shape (X), @[0], @[2]), @[-1]))\n  Z = Shape (X)")]
    [DataRow("All = Concat <axis = 1> (X, past) if has(past) else X\n  Y = Slice (MatMul (All, W), @[Total - L], @[Total], @[1])\n  Z = Shape (X)")]
    [DataRow("Plain = MatMul (X, W)\n  Y = mod (Plain) if has(mod) else Plain\n  Z = Shape (Plain)")]
    public void A_sound_body_is_left_alone(string body) => Assert.IsEmpty(Found(Head + "  " + body));

    [TestMethod]
    public void A_dim_that_only_running_tells_is_not_judged() => Assert.IsEmpty(SpecFixture.Bind("""
        op: Kept
        since: 13
        summary: Keeps the positive elements.
        inputs:
          - X: float[n]
        outputs:
          - Y: float[?k <= n]
        body: |
          Y = Compress (X, Less (@0.0, X))
        """).Diagnostics.ToArray());

    /// <summary>The findings about shapes and types; what the examples do not need is not their point.</summary>
    private static SpecDiagnostic[] Found(string text) =>
        [.. SpecFixture.Bind(text).Diagnostics.Where(d => d.Rule.Severity == SpecSeverity.Error)];
}
