using Ops.Cli.Checking;
using Ops.Specs.Binding;
using Ops.Specs.Checks;
using Ops.Specs.Code;
using Ops.Specs.Diagnostics;
using Ops.Specs.Syntax;

namespace Ops.Tests.Specs;

/// <summary>A spec is held against the C# that completes it.</summary>
[TestClass]
public sealed class OpCodeTests
{
    private const string Spec = """
        op: Ramp
        since: 14
        summary: Adds a ramp.
        types: { T: float | double }
        inputs:
          - X: T[...d]
        outputs:
          - Y: T[...d]
        attributes:
          slope: float = 1
        let:
          steep: slope * csharp.Turns(d)
        docs:
          slope: the rise from one element to the next
        kernel: manual

        """;

    private const string Code = """"
        namespace Ops
        {
            public static partial class Ramp
            {
                // args.comment, csharp.Turn
                private static partial Dim Turns(Seq<Dim> d) => d.Length;
                private static partial void Compute(in Args args, in Operand X, in Operand Y) => Run(args.steep, args.HasX, "args.text", """args.raw""", $"{args.slope}");
            }
        }

        namespace Ops.Preview
        {
            public static partial class Ramp
            {
                private static partial void Compute(in Args args, in Operand X, in Operand Y) => Run(args.other);
            }
        }
        """";

    [TestMethod]
    public void What_fits_is_left_alone() => Assert.IsEmpty(Found(Spec));

    [TestMethod]
    [DataRow("OPS0704", "the spec has no 'kernel'", "op: Ramp|kernel: manual", "op: «Ramp»|body: |\n  Y = Mul (X, @steep)")]
    [DataRow("OPS0705", "no method 'Turn'; did you mean 'Turns'?", "csharp.Turns", "csharp.«Turn»")]
    [DataRow("OPS0706", "reads 'args.steep'", "let:\n  steep: slope * csharp.Turns(d)\ndocs", "«docs»")]
    [DataRow("OPS0707", "the definition 'stepe'; did you mean 'steep'?", "  steep:", "  «stepe»:")]
    public void A_mistake_is_found_where_it_stands(string id, string message, string old, string changed)
    {
        string marked = Spec;
        string[] from = old.Split('|', 2), to = changed.Split('|', 2);
        for (int i = 0; i < from.Length; i++)
        {
            Assert.Contains(from[i], marked);
            marked = marked.Replace(from[i], to[i]);
        }
        int start = marked.IndexOf('«'), length = marked.IndexOf('»') - 1 - start;
        SpecDiagnostic found = Found(marked.Replace("«", "").Replace("»", "")).Single();
        Assert.AreEqual((id, start, length), (found.Rule.Id, found.Span.Start, found.Span.Length), found.Message);
        Assert.Contains(message, found.Message);
    }

    [TestMethod]
    public void A_comment_silences_a_finding_and_one_that_silences_none_is_told()
    {
        Assert.IsEmpty(Found(Spec.Replace("  steep:", "  # ignore OPS0707: another kernel reads it\n  stepe:")));
        Assert.AreEqual("OPS0721", Found(Spec.Replace("  steep:", "  # ignore OPS0707: nothing to silence\n  steep:")).Single().Rule.Id);
    }

    [TestMethod]
    public void The_projects_specs_fit_their_code()
    {
        SpecSyntax[] specs = [.. SpecFiles.In(RepositoryPaths.Specs).Select(f => SpecFrontEnd.Parse(f, File.ReadAllText(f)))];
        var scope = new SpecScope(specs);
        OpCodeFinder finder = OpSources.Beside(RepositoryPaths.Specs);
        (SpecSyntax Spec, OpCode? Code)[] written =
            [.. specs.Select(s => (s, finder.Of(s.Domain, s.OpName!))).Where(s => s.Item2 is not null)];
        Assert.IsGreaterThan(100, written.Length);
        Assert.AreEqual("",
            string.Join("\n",
                written.Select(s => SpecFixture.Show(OpCodeCheck.Run(s.Spec, SpecFrontEnd.Bind(s.Spec, scope), s.Code!)))
                    .Where(t => t.Length > 0)));
    }

    private static SpecDiagnostic[] Found(string text)
    {
        var finder = new OpCodeFinder();
        finder.Add(Code);
        SpecSyntax spec = SpecFrontEnd.Parse("Ramp.op.yaml", text);
        BoundSpec bound = SpecFrontEnd.Bind(spec, SpecFixture.Scope());
        Assert.IsNotNull(bound.Family, SpecFixture.Show(bound.Diagnostics));
        return [.. OpCodeCheck.Run(spec, bound, finder.Of("ai.onnx", "Ramp")!)];
    }
}
