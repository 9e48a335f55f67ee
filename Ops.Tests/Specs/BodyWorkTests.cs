using System.Diagnostics;
using Ops.Specs.Binding;
using Ops.Specs.Evaluation;
using Ops.Specs.Model;
using Ops.Specs.Syntax;

namespace Ops.Tests.Specs;

/// <summary>How much work the check of bodies is, counted.</summary>
[TestClass]
public sealed class BodyWorkTests
{
    /// <summary>How many calls of ops are inferred for one version of one op at most.</summary>
    private const int MaxCalls = 1500;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Every_body_is_checked_with_some_calls_and_not_with_many()
    {
        SpecSyntax[] specs = [.. Directory.EnumerateFiles(RepositoryPaths.Specs, "*.op.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(f => SpecFrontEnd.Parse(f, File.ReadAllText(f)))];
        var scope = new SpecScope(specs);
        List<string> lines = [], without = [];
        foreach (SpecSyntax spec in specs)
            foreach (OpModel model in SpecFrontEnd.Bind(spec, scope).Family!.Versions.Where(v => v.Body is not null))
            {
                var watch = Stopwatch.StartNew();
                CallInstance[] instances = [.. InstanceMaker.Of(model, [])];
                double making = watch.Elapsed.TotalMilliseconds;
                int calls = 0, known = 0, wanted = 0;
                foreach (CallInstance instance in instances)
                {
                    var evaluator = new BodyEvaluator(model, model.Body!, model.Opset, instance, scope.Models);
                    foreach (Port output in model.Outputs.Where(o => o.Family is null && instance.Present.Contains(o.Name)))
                    {
                        wanted++;
                        if (evaluator[output.Name] is { Dims: { } dims } && dims.All(d => d is not null))
                            known++;
                    }
                    calls += evaluator.Calls;
                }
                lines.Add($"{model.Name} {model.Since}: {instances.Length} instances, {calls} calls, {known} of {wanted} outputs known, {making:F2} + {watch.Elapsed.TotalMilliseconds - making:F2} ms");
                if (instances.Length == 0)
                    without.Add($"{model.Name} {model.Since}");
                Assert.IsLessThanOrEqualTo(MaxCalls, calls, lines[^1]);
            }
        TestContext.WriteLine(string.Join("\n", lines));
        Assert.IsEmpty(without, string.Join(", ", without));
    }
}
