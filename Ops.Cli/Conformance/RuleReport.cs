using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Evaluation;
using Ops.Specs.Model;

namespace Ops.Cli.Conformance;

/// <summary>What a search for a case that breaks a rule came to.</summary>
internal enum RuleOutcome
{
    /// <summary>A case breaks it, and is refused by its name.</summary>
    Refused,
    /// <summary>A case breaks it, and is not refused.</summary>
    Missed,
    /// <summary>The search found no case that is refused by its name.</summary>
    NotFound,
}

/// <summary>A named rule of an op and what became of it.</summary>
/// <param name="Op">The op, with its version.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Outcome">What the search came to.</param>
/// <param name="Detail">The case, and what was said of it.</param>
internal sealed record RuleResult(string Op, string Rule, RuleOutcome Outcome, string Detail);

/// <summary>Looks for cases that break one rule of an op each, and asks the op what it says of them.</summary>
internal static class RuleReport
{
    private const int Tries = 4000;

    /// <summary>The names of the rules a spec states: its constraints, and the sets of attributes and inputs.</summary>
    public static IEnumerable<string> Rules(OpModel model) => model.Rules.Select(r => r.Name).Concat(ValueRule.Names(model));

    /// <summary>Searches for each rule in turn.</summary>
    public static IEnumerable<RuleResult> Of(OpModel model, OpDefinition definition, int seed = 1)
    {
        foreach (string rule in Rules(model))
            yield return Search(model, definition, rule, new Random(seed + rule.Length));
    }

    private static RuleResult Search(OpModel model, OpDefinition definition, string rule, Random random)
    {
        string op = definition.Schema.ToString();
        var generator = new CaseGenerator(model, random);
        string otherwise = "";
        int unmade = 0;
        for (int i = 0; i < Tries; i++)
        {
            if (generator.Make(rule) is not { } broken)
            {
                unmade++;
                continue;
            }
            // Only C# knows of some rules whether they hold; of those the op's own word is taken.
            string[] failing = [.. ChoiceRules.Failing(broken)];
            bool certain = failing is [var only] && only == rule;
            if (!certain && (failing.Length > 0 || ChoiceRules.IsKnown(broken, rule)))
            {
                if (otherwise.Length == 0 && failing.Contains(rule))
                    otherwise = $"{broken} breaks {string.Join(", ", failing.Where(f => f != rule))} too";
                continue;
            }
            string? said = Refusal(definition, broken);
            if (said == rule)
                return new RuleResult(op, rule, RuleOutcome.Refused, broken.ToString());
            if (certain && said is null)
                return new RuleResult(op, rule, RuleOutcome.Missed, broken.ToString());
            if (certain)
                otherwise = $"{broken} is refused by '{said}'";
        }
        return new RuleResult(op, rule, RuleOutcome.NotFound, otherwise.Length > 0 ? otherwise
            : unmade == Tries ? "what breaks it leaves a dim or another choice without a value"
            : "every case made obeys it or breaks others");
    }

    /// <summary>The rule by which an op refuses a case; null when it does not.</summary>
    public static string? Refusal(OpDefinition definition, SpecCase given)
    {
        try
        {
            definition.Infer(given.ToCall().ToInference());
            return null;
        }
        catch (OpException e)
        {
            return e.Rule;
        }
    }
}
