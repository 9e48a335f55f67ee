using Microsoft.CodeAnalysis;

namespace Ops.Tests.Generation;

/// <summary>The generator over the drafts of the language: what they can say, it can write.</summary>
[TestClass]
public sealed class DraftGenerationTests
{
    [TestMethod]
    public void Every_draft_becomes_csharp_that_compiles()
    {
        string drafts = Path.Combine(RepositoryPaths.Require("OPSPEC_SPEC_DRAFTS", "language"), "specs");
        // Kernels that nobody has written (CS8795) and bodies that call ops without a spec (OPS06xx) are not what is asked here.
        string findings = string.Join("\n", GeneratorHost.CompileGenerated(SpecFile.In(drafts))
            .Where(d => d.Id != "CS8795" && !d.Id.StartsWith("OPS06", StringComparison.Ordinal)));
        Assert.AreEqual("", findings);
    }

    [TestMethod]
    [DataRow("int64[]? in -1..1 = -1", "axis % max(len(d), 1)")]
    [DataRow("int64[] = -2", "axis % max(len(d), 1)")]
    [DataRow("int64[]? = len(d) - 1", "axis % max(len(d), 1)")]
    [DataRow("int64[]?", "sum(axis) if has(axis) else -2")]
    [DataRow("int64[n]? = [0]", "sum(axis)")]
    public void A_default_of_an_integer_input_whose_value_is_read_compiles(string type, string at)
    {
        string spec = $"op: Rolled\nsince: 1\nsummary: Reads an input.\ntypes: {{ T: float_ir4 }}\ninputs:\n  - X: T[...d]\n  - axis: {type}\noutputs:\n  - Y: T[...d]\nlet:\n  at: {at}\n"
            + "constraints:\n  small: at >= 0 and at + 1 <= 99 and not at in 7..9\ndocs:\n  axis: an axis\nkernel: manual\n";
        const string written = "using Ops.Kernels; namespace Ops; partial class Rolled { private static partial void Compute(in Args args, in Operand X, in Operand axis, in Operand Y) { } }";
        Assert.AreEqual("", string.Join("\n", GeneratorHost.CompileGenerated([SpecFile.Of("Rolled", spec)], written)));
    }

    [TestMethod]
    public void What_a_spec_leaves_to_csharp_is_declared_and_called()
    {
        const string spec = """
            op: Hosted
            since: 1
            summary: An op whose extent only C# can tell.
            types: { T: float_ir4 }
            inputs:
              - X: T[...d]
              - pattern: int64[n]
            outputs:
              - Y: T[csharp.Extent(X, d, mode), ...csharp.Tail(pattern)]
            attributes:
              mode: string = 'fast'
            let:
              n2: n + 1
            docs:
              n2: unused
            kernel: manual
            """;
        const string written = """
            using Ops.Kernels; using Ops.Specs.Inference; using Ops.Specs.Symbolic;
            namespace Ops;
            partial class Hosted
            {
                private static partial Dim Extent(TensorType X, Seq<Dim> d, string? mode) => Seq.Product(d);
                private static partial Seq<Dim> Tail(TensorType pattern) => default;
                private static partial void Compute(in Args args, in Operand X, in Operand pattern, in Operand Y) { }
            }
            """;
        Assert.AreEqual("", string.Join("\n", GeneratorHost.CompileGenerated([SpecFile.Of("Hosted", spec)], written)));
    }
}
