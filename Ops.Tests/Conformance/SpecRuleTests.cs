using Ops.Cli.Conformance;
using Ops.Graphs;
using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Evaluation;
using Ops.Specs.Model;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Conformance;

/// <summary>What each spec says, against what the code made of it does: on cases made from the spec alone.</summary>
[TestClass]
public sealed class SpecRuleTests
{
    private const int Cases = 150;

    private static readonly SpecModels Models = new(RepositoryPaths.Specs);

    public static IEnumerable<object[]> Ops => OpRegistry.All.Select(d => new object[] { d.Schema.ToString() });

    [TestMethod]
    [DynamicData(nameof(Ops))]
    public void Cases_that_break_no_rule_are_accepted_and_run(string op)
    {
        (OpDefinition definition, OpModel model) = Find(op);
        var generator = new CaseGenerator(model, new Random(op.Length));
        int accepted = 0;
        for (int i = 0; i < 40 * Cases && accepted < Cases; i++)
        {
            if (generator.Make() is not { } made || ChoiceRules.Failing(made).Any())
                continue;
            string? said = RuleReport.Refusal(definition, made);
            // C# has its own rules, and a graph its own types.
            if (said is not null
                && (ChoiceRules.LeavesToHost(model) || model.Attributes.Any(a => a.Kind == AttributeKind.Graph && a.Name == said)))
                continue;
            Assert.IsNull(said, $"{op} {made} breaks no rule of the spec");
            accepted++;
            try
            {
                definition.Run?.Invoke(made.ToCall());
            }
            catch (OpException e) when (Coverage.IsAbout(e) || e.Rule == Coverage.NotFused || HasNoData(made))
            {
                // A type that no kernel takes, or whose elements C# would have to count.
            }
        }
        Assert.IsGreaterThan(0, accepted, $"no case of {op} could be made");
    }

    [TestMethod]
    [DynamicData(nameof(Ops))]
    public void What_breaks_a_rule_is_refused_by_its_name(string op)
    {
        (OpDefinition definition, OpModel model) = Find(op);
        RuleResult[] results = [.. RuleReport.Of(model, definition)];
        foreach (RuleResult result in results.Where(r => r.Outcome == RuleOutcome.NotFound))
            Console.WriteLine($"no case found that only {result.Rule} of {op} refuses {result.Detail}");
        RuleResult[] missed = [.. results.Where(r => r.Outcome == RuleOutcome.Missed)];
        Assert.IsEmpty(missed, string.Join("\n", missed.Select(m => $"{op} {m.Detail} breaks {m.Rule} and is not refused")));
    }

    [TestMethod]
    public void Nearly_every_rule_is_broken_by_some_case()
    {
        RuleResult[] results = [.. OpRegistry.All.Where(d => Models.Find(d.Schema) is not null).GroupBy(d => d.Schema.Name)
            .Select(g => g.Last()).SelectMany(d => RuleReport.Of(Models.Find(d.Schema)!, d))];
        string[] open = [.. results.Where(r => r.Outcome == RuleOutcome.NotFound).Select(r => $"{r.Op} {r.Rule}")];
        Console.WriteLine(
            $"{results.Length - open.Length} of {results.Length} rules are refused by name; not found: {string.Join(", ", open)}");
        Assert.IsLessThan(results.Length / 6, open.Length, string.Join(", ", open));
    }

    private static bool HasNoData(SpecCase made) =>
        made.Given.Values.Any(t => t.Any(x => x.Type == ElementType.String || TensorElements.IsComplex(x.Type)));

    private static (OpDefinition Definition, OpModel Model) Find(string op)
    {
        OpDefinition definition = OpRegistry.All.Single(d => d.Schema.ToString() == op);
        return (definition, Models.Find(definition.Schema) ?? throw new AssertInconclusiveException($"{op} has no spec here"));
    }
}
