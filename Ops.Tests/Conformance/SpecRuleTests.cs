using Ops.Cli.Conformance;
using Ops.Schemas;
using Ops.Specs.Model;

namespace Ops.Tests.Conformance;

/// <summary>What each spec says, against what the code made of it does: on cases made from the spec alone.</summary>
[TestClass]
public sealed class SpecRuleTests
{
    private static readonly SpecModels Models = new(RepositoryPaths.Specs);

    public static IEnumerable<object[]> Ops => OpRegistry.All.Select(d => new object[] { d.Schema.ToString() });

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DynamicData(nameof(Ops))]
    public void Rules_refuse_by_name_what_breaks_them(string op)
    {
        OpDefinition definition = OpRegistry.All.Single(d => d.Schema.ToString() == op);
        OpModel model = Models.Find(definition.Schema)!;
        RuleResult[] results = [.. RuleReport.Of(model, definition)];
        foreach (RuleResult result in results)
            TestContext.WriteLine($"{result.Rule}: {result.Outcome} {result.Detail}");
        Console.WriteLine(string.Join("\n", results.Select(result => $"RULE {op} {result.Rule}: {result.Outcome} {result.Detail}")));
    }
}
