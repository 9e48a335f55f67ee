using Microsoft.CodeAnalysis;

namespace Ops.Tests.Generation;

/// <summary>The C# of attributes, by what they hold.</summary>
[TestClass]
public sealed class AttributeCodeTests
{
    private const string Usings =
        "global using System; global using System.Linq; global using System.Collections.Generic; global using Ops; global using Ops.Simd;";

    [TestMethod]
    public void Every_kind_compiles_alone_and_as_a_list_required_and_not()
    {
        string[] kinds = ["int", "float", "string", "bool", "dtype", "tensor"];
        string[] declarations =
            [.. kinds.SelectMany(k => k == "tensor" ? new[] { k, k + "?" } : [k, k + "?", k + "[]", k + "[]?", k + "[2]", k + "[2]?"])];
        string spec = $"""
            op: Held
            since: 1
            summary: Holds attributes of every kind.
            types: @T: float_ir4 #
            inputs:
              - X: T[...d]
            outputs:
              - Y: T[...d]
            attributes:
            {string.Join("\n", declarations.Select((d, i) => $"  a{i}: {d}"))}
              slope: float = 1
            let:
              bounded: clamp(slope, 0.5, 2)
            kernel: manual

            """.Replace('@', '{').Replace('#', '}');
        Diagnostic[] wrong = [.. GeneratorHost.CompileGenerated([SpecFile.Of("Held", spec)], Usings)
            .Where(d => d.Severity == DiagnosticSeverity.Error && d.Id != "CS8795")];
        Assert.AreEqual("", string.Join("\n", wrong.Select(d => d.ToString())));
    }
}
