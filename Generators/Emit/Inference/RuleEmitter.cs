using Ops.Specs.Model;

namespace Ops.Generators.Emit.Inference;

/// <summary>Writes the checks that a call breaks no rule: those of single attributes and inputs, and the named ones.</summary>
internal sealed class RuleEmitter(CodeWriter writer, OpVersion version)
{
    private readonly ExpressionEmitter expressions = version.Expressions;

    /// <summary>The values attributes may have.</summary>
    public void Attributes()
    {
        foreach (AttributeShape attribute in version.Attributes)
            if (ValueRule.Of(attribute.Model) is { } rule)
                Require(expressions.Predicate(rule), ValueRule.NameOf(attribute.Name), $"{attribute.Name} in {attribute.Model.InText}",
                    ", " + version.Shown(attribute.Name));
    }

    /// <summary>The values elements of inputs may have.</summary>
    public void Inputs()
    {
        foreach (Port input in version.Model.Inputs)
        {
            if (ValueRule.Of(input) is not { Set: var set } rule)
                continue;
            string quoted = CodeWriter.Quote(input.Name), text = CodeWriter.Quote(input.InText);
            Given.Write(writer, input, item => set is RangeExpr range
                ? $"inference.Require{(PortTypes.IsReal(version.Model, input) ? "Real" : "")}Range({quoted}, {item}, {(range.From is null ? "null" : expressions.Value(range.From))}, {(range.To is null ? "null" : expressions.Value(range.To))}, halfOpen: {(range.HalfOpen ? "true" : "false")}, {text});"
                : $"inference.RequireOneOf({quoted}, {item}, {expressions.Value(set)}, {text});");
            if (input.Value is null || !version.ReadAsData.Contains(input.Name))
                continue;
            // What stands in for an absent input obeys its rule too.
            Require(expressions.Predicate(rule), ValueRule.NameOf(input.Name), $"{input.Name} in {input.InText}", $", ({quoted}, {Names.Elements(input.Name)})",
                "else ");
        }
    }

    /// <summary>The rules of the spec.</summary>
    public void Named()
    {
        foreach (Rule rule in version.Model.Rules)
            Require(expressions.Predicate(rule.Predicate), rule.Name, rule.Text,
                string.Concat(rule.Reads.Select(n => ", " + version.Shown(n))));
    }

    private void Require(string predicate, string rule, string text, string seen, string before = "")
    {
        writer.Line($"{before}if (inference.Fails({predicate}))");
        writer.Line($"    throw inference.Broken({CodeWriter.Quote(rule)}, {CodeWriter.Quote(text)}{seen});");
    }
}
