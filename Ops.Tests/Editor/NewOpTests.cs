using System.Reflection;
using Microsoft.CodeAnalysis;
using Ops.Cli.Authoring;
using Ops.Cli.Testing;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Binding;
using Ops.Specs.Syntax;
using Ops.Tensors;
using Ops.Tests.Generation;
using Ops.Tests.Schemas;

namespace Ops.Tests.Editor;

/// <summary>What <c>opspec new</c> writes builds without a finding, and its kernel computes what its body says.</summary>
[TestClass]
public sealed class NewOpTests
{
    public static IEnumerable<object[]> Patterns => OpTemplate.All.Select(t => new object[] { t.Pattern });

    [TestMethod]
    [DynamicData(nameof(Patterns))]
    public void It_builds_and_passes(string pattern)
    {
        SpecSyntax[] others = [.. SpecFile.In(RepositoryPaths.Specs).Select(f => SpecFrontEnd.Parse(f.Path, f.GetText().ToString()))];
        const string path = "/repo/specs/opspec.experimental/Fresh.op.yaml";
        NewOp made = NewOp.Create("Fresh", "opspec.experimental", 1, OpTemplate.All.Single(t => t.Pattern == pattern), path, others);
        BoundSpec bound = SpecFrontEnd.Bind(SpecFrontEnd.Parse(path, made.Spec), new SpecScope(others));
        Assert.IsEmpty(bound.Diagnostics.Concat(bound.Suggestions).Select(d => d.Message));

        SpecFile[] specs = [new SpecFile(path, made.Spec), .. others.Where(o => bound.Family!.Versions[0].Body!.Calls.Contains(o.OpName!)).Select(o => new SpecFile(o.Path, o.Text))];
        // The ops its body calls need their kernels to compile; they run as the project's own.
        string[] kernels = [.. specs[1..].Select(s => Path.Combine(RepositoryPaths.Root, "Ops", "Kernels", Path.GetFileName(s.Path).Replace(".op.yaml", ".cs", StringComparison.Ordinal))).Where(File.Exists).Select(File.ReadAllText)];
        Compilation compilation = GeneratorHost.Updated([specs[0], .. specs[1..]], [.. kernels, .. new[] { made.Kernel }.OfType<string>()]).WithAssemblyName("Ops.Benchmarks");
        using var image = new MemoryStream();
        Diagnostic[] errors = [.. compilation.Emit(image).Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning && d.Id != "CS0436")];
        Assert.AreEqual("", string.Join("\n", errors.AsEnumerable()));

        Type type = Assembly.Load(image.ToArray()).GetType("Ops.Experimental.Fresh")!;
        var definition = (OpDefinition)type.GetProperty("Definition1", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;
        Assert.AreEqual(made.Kernel is not null, definition.Run is not null);
        if (definition.Run is null)
            return;
        int compared = 0;
        var random = new Random(7);
        for (int i = 0; i < 4000 && compared < 50; i++)
        {
            OpCall call = RandomCall.Make(definition.Schema, random, mild: true).Concrete;
            try
            {
                definition.Run(call);
            }
            catch (OpException)
            {
                continue;
            }
            Graph body = definition.Expand!(call.ToInference(), long.MaxValue);
            GraphRun run = new GraphExecutor(body, new ExecutionOptions()).Run(body.Inputs.Select((input, at) => (input.Name, call.Inputs[at])).ToDictionary(p => p.Name, p => p.Item2));
            string? difference = TensorComparer.Compare(run.Outputs[0]!, call.Outputs[0]!, new Tolerance(2e-2, 2e-2));
            Assert.IsNull(difference, $"{string.Join(", ", call.Inputs)}: {difference}");
            compared++;
        }
        Assert.IsGreaterThan(10, compared);
    }
}
