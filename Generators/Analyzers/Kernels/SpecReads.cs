using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Generators.Analyzers.Kernels;

/// <summary>What a spec reads by itself, so that its kernel need not.</summary>
internal static class SpecReads
{
    /// <summary>The names that shapes, rules, definitions and defaults read; what the body reads the kernel has to read too.</summary>
    public static HashSet<string> Of(OpModel model) =>
        [.. ModelExpressions.Of(model).SelectMany(ExpressionNames.Of).Select(n => n.Name),
            .. model.Inputs.Concat(model.Outputs).SelectMany(p => Computed(p.Type))];

    /// <summary>Whether an input alone decides the type of an output: then its type is read, if nothing else.</summary>
    public static bool DecidesType(OpModel model, Port input) =>
        Variables(input.Type)
            .Any(v => model.Inputs.Count(p => Variables(p.Type).Contains(v)) == 1 && model.Outputs.Any(o => Variables(o.Type).Contains(v)));

    /// <summary>Whether an input alone gives a dim that something else names: then its shape is read, if not its elements.</summary>
    public static bool GivesDims(OpModel model, Port input)
    {
        HashSet<string> own = [.. ModelExpressions.Of(input.Type).SelectMany(ExpressionNames.Of).Select(n => n.Name)];
        own.ExceptWith(model.Inputs.Where(i => i != input).SelectMany(i => ModelExpressions.Of(i.Type))
            .SelectMany(ExpressionNames.Of).Select(n => n.Name));
        return model.Outputs.SelectMany(o => ModelExpressions.Of(o.Type).Append(o.Value!)).Concat(model.Lets.Select(l => l.Value))
            .Concat(model.Rules.Select(r => r.Predicate))
            .SelectMany(ExpressionNames.Of).Any(n => own.Contains(n.Name));
    }

    /// <summary>The element types a port's type may have.</summary>
    public static IEnumerable<ElementType> TypesOf(OpModel model, PortType type) => type switch
    {
        TensorPort { Element: FixedElement element } => [element.Type],
        TensorPort { Element: VariableElement element } => model.Types.Where(t => t.Name == element.Name).SelectMany(t => t.Allowed),
        ConditionalPort choice => TypesOf(model, choice.Then).Concat(TypesOf(model, choice.Otherwise)),
        _ => [],
    };

    private static IEnumerable<string> Variables(PortType type) => type switch
    {
        TensorPort { Element: VariableElement element } => [element.Name],
        ConditionalPort choice => Variables(choice.Then).Concat(Variables(choice.Otherwise)),
        _ => [],
    };

    private static IEnumerable<string> Computed(PortType type) => type switch
    {
        TensorPort { Element: ComputedElement element } => ExpressionNames.Of(element.Dtype).Select(n => n.Name),
        ConditionalPort choice => Computed(choice.Then).Concat(Computed(choice.Otherwise)),
        _ => [],
    };
}
