using System.Reflection;
using Microsoft.CodeAnalysis;
using Ops.Cli.Authoring;
using Ops.Cli.Conformance;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Syntax;
using Ops.Tests.Generation;

namespace Ops.Tests.Editor;

/// <summary>What <c>opspec new</c> writes builds without a finding in a project of one's own, which sees the public surface alone, and its
/// kernel computes what its body says.</summary>
[TestClass]
public sealed class NewOpTests
{
    private static readonly SpecFile[] Library = [.. SpecFile.In(RepositoryPaths.Specs)];

    public static IEnumerable<object[]> Patterns => OpTemplate.All.Select(t => new object[] { t.Pattern });

    [TestMethod]
    [DynamicData(nameof(Patterns))]
    public void It_builds_and_passes(string pattern)
    {
        SpecSyntax[] others = [.. Library.Select(f => SpecFrontEnd.Parse(f.Path, f.GetText().ToString()))];
        const string path = "/mine/specs/opspec.experimental/Fresh.op.yaml";
        NewOp made = NewOp.Create("Fresh", "opspec.experimental", 1, OpTemplate.All.Single(t => t.Pattern == pattern), path, others);
        BoundSpec bound = SpecFrontEnd.Bind(SpecFrontEnd.Parse(path, made.Spec), new SpecScope(others));
        Assert.AreEqual("", string.Join("\n", bound.Diagnostics.Concat(bound.Suggestions).Select(d => d.Message)));

        Compilation compilation = GeneratorHost.OwnProject(new SpecFile(path, made.Spec), Library, out Diagnostic[] findings,
            [.. new[] { made.Kernel }.OfType<string>()]);
        Assert.AreEqual("", string.Join("\n",
            findings.Where(f => f.Id.StartsWith("OPS", StringComparison.Ordinal) || f.Severity >= DiagnosticSeverity.Warning)));

        using var image = new MemoryStream();
        Assert.IsTrue(compilation.Emit(image).Success);
        Type type = Assembly.Load(image.ToArray()).GetType("Ops.Experimental.Fresh")!;
        var definition = (OpDefinition)type.GetProperty("Definition1", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
        Assert.AreEqual(made.Kernel is not null, definition.Run is not null);
        if (definition.Run is null)
            return;
        // What is not finite attention leaves out where a query does not see it, and a body does not.
        var generator = new CaseGenerator(bound.Family!.Versions[^1], new Random(7), finite: true);
        int compared = 0;
        for (int i = 0; i < 200; i++)
        {
            if (generator.Make()?.ToCall() is not { } call)
                continue;
            try
            {
                definition.Run(call);
            }
            catch (OpException)
            {
                // Not every case keeps to every rule.
                continue;
            }
            Graph body = definition.Expand!(call.ToInference(), long.MaxValue);
            GraphRun run = new GraphExecutor(body,
                new ExecutionOptions()).Run(body.Inputs.Select((input, at) => (input.Name, call.Inputs[at])).ToDictionary(p => p.Name,
                    p => p.Item2));
            string? difference = BodyComparison.Compare(call.Outputs[0]!, run.Outputs[0]!, call,
                [.. BodyComparison.TypesOf(definition.Schema, call)]);
            Assert.IsNull(difference, $"{string.Join(", ", call.Inputs)}: {difference}");
            compared++;
        }
        Assert.IsGreaterThan(50, compared);
    }
}
