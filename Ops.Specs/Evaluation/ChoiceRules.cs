using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Specs.Evaluation;

/// <summary>Which rules of its spec a choice breaks.</summary>
internal static class ChoiceRules
{
    /// <summary>The names of the rules that do not hold.</summary>
    public static IEnumerable<string> Failing(SpecChoices given)
    {
        var evaluator = new SpecEvaluator(given);
        foreach (AttributeModel attribute in given.Model.Attributes)
            if (ValueRule.Of(attribute) is { } rule && evaluator.Holds(rule) == false)
                yield return ValueRule.NameOf(attribute.Name);
        foreach (Port input in given.Model.Inputs)
            if (ValueRule.Of(input) is { } rule && evaluator.Holds(rule) == false)
                yield return ValueRule.NameOf(input.Name);
        foreach (Rule rule in given.Model.Rules)
            if (evaluator.Holds(rule.Predicate) == false)
                yield return rule.Name;
        foreach (TypeVariable variable in given.Model.Types)
            if (given.Value(variable.Name) is ElementType type
                && (!variable.Allowed.Contains(type)
                    || variable.Set is { } set && SpecValues.List(evaluator.Evaluate(set)) is { } listed && !listed.Contains(type)))
                yield return variable.Name;
    }

    /// <summary>Whether the spec alone tells if a rule holds.</summary>
    public static bool IsKnown(SpecChoices given, string rule)
    {
        var evaluator = new SpecEvaluator(given);
        return given.Model.Rules.FirstOrDefault(r => r.Name == rule) is { } found ? evaluator.Holds(found.Predicate) is not null : true;
    }

    /// <summary>Whether C# decides something of the op that its spec does not tell: then a case may be refused although no rule is seen to
    /// be broken.</summary>
    public static bool LeavesToHost(OpModel model) =>
        model.Rules.Any(r => HasHost(r.Predicate)) || model.Lets.Any(l => HasHost(l.Value))
            || model.Types.Any(t => t.Default is { } d && HasHost(d))
        || model.Outputs.Any(o => o.Type is HostPort || PortTypes.TensorsOf(o.Type).SelectMany(t => t.Items)
            .Any(i => i is DimItem d && HasHost(d.Extent) || i is SpliceItem { Dims: { } dims } && HasHost(dims)));

    private static bool HasHost(Expr expr) => ExpressionNames.Hosts(expr).Any();
}
