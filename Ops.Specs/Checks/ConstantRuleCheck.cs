using Ops.Specs.Diagnostics;
using Ops.Specs.Model;
using Ops.Specs.Symbolic;

namespace Ops.Specs.Checks;

/// <summary>A rule that holds for every call says nothing; one that holds for none makes the op useless.</summary>
internal static class ConstantRuleCheck
{
    internal static void Run(BoundVersion version)
    {
        if (version.Model is not { } model || version.IsHuge)
            return;
        var evaluator = new RuleEvaluator(model);
        foreach (Rule rule in version.Rules)
        {
            Truth truth = evaluator.Truth(rule.Predicate);
            if (!truth.IsTrue && !truth.Fails
                || version.Spec.Constraints.FirstOrDefault(c => c.Name == rule.Name) is not { Value: { } predicate })
                continue;
            if (truth.IsTrue)
                version.Bag.Report(SpecRules.NeverFails, predicate.Span, $"'{rule.Name}' holds for every call, whatever its values");
            else
                version.Bag.Report(SpecRules.AlwaysFails, predicate.Span,
                    $"'{rule.Name}' fails for every call{(truth.Reason is { } reason ? $": {reason}" : "")}");
        }
    }
}
