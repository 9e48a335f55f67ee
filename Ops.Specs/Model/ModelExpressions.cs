using Ops.Specs.Collections;

namespace Ops.Specs.Model;

/// <summary>The expressions of a model, by where they stand, and the calls of its bodies.</summary>
internal static class ModelExpressions
{
    /// <summary>Every expression that stands in a port's type.</summary>
    public static IReadOnlyList<Expr> Of(PortType type)
    {
        List<Expr> expressions = [];
        Add(type, expressions);
        return expressions;
    }

    /// <summary>Every expression of a model, wherever it stands.</summary>
    public static IReadOnlyList<Expr> Of(OpModel model)
    {
        List<Expr> expressions = ToBind(model);
        foreach (Port output in model.Outputs)
            Add(output.Value, expressions);
        return expressions;
    }

    /// <summary>Every expression of a model but the values that its outputs are known to have.</summary>
    public static List<Expr> ToBind(OpModel model)
    {
        List<Expr> expressions = [];
        foreach (Port input in model.Inputs)
        {
            Add(input.Type, expressions);
            Add(input.In, expressions);
            Add(input.Value, expressions);
        }
        foreach (Port output in model.Outputs)
        {
            Add(output.Type, expressions);
            Add(output.In, expressions);
        }
        foreach (AttributeModel attribute in model.Attributes)
        {
            Add(attribute.Default, expressions);
            Add(attribute.In, expressions);
            Add(attribute.Length, expressions);
        }
        foreach (Let let in model.Lets)
            expressions.Add(let.Value);
        foreach (Rule rule in model.Rules)
            expressions.Add(rule.Predicate);
        foreach (TypeVariable variable in model.Types)
        {
            Add(variable.Set, expressions);
            Add(variable.Default, expressions);
        }
        return expressions;
    }

    private static void Add(Expr? expr, List<Expr> expressions)
    {
        if (expr is not null)
            expressions.Add(expr);
    }

    private static void Add(PortType type, List<Expr> expressions)
    {
        switch (type)
        {
            case TensorPort tensor:
                foreach (ShapeItem item in tensor.Items)
                {
                    Add(item is DimItem dim ? dim.Extent : item is FreshItem fresh ? fresh.Bound : (item as SpliceItem)?.Dims, expressions);
                    Add((item as SpliceItem)?.End, expressions);
                }
                break;
            case ConditionalPort conditional:
                expressions.Add(conditional.Condition);
                Add(conditional.Then, expressions);
                Add(conditional.Otherwise, expressions);
                break;
            case SequencePort sequence:
                Add(sequence.Element, expressions);
                break;
            case OptionalPort optional:
                Add(optional.Element, expressions);
                break;
            case HostPort host:
                expressions.Add(host.Call);
                break;
        }
    }

    /// <summary>Every call in the bodies of a model, those in graphs included.</summary>
    public static IEnumerable<BodyCall> Calls(OpModel model) => BodyValues(model).OfType<BodyCall>();

    /// <summary>Every expression that stands in the bodies of a model.</summary>
    public static IReadOnlyList<Expr> OfBodies(OpModel model)
    {
        List<Expr> expressions = [];
        foreach (BodyValue value in BodyValues(model))
        {
            if (value is BodyConstant constant)
                expressions.Add(constant.Value);
            else if (value is BodyConditional choice)
                expressions.Add(choice.Condition);
            else if (value is BodyCall call)
                foreach (BodyAttribute attribute in call.Attributes)
                    Add(attribute.Value, expressions);
        }
        return expressions;
    }

    private static List<BodyValue> BodyValues(OpModel model)
    {
        List<BodyValue> values = [];
        if (model.Body is null)
            return values;
        Add(model.Body.Equations, values);
        foreach (BodyOverride later in model.LaterBodies)
            Add(later.Body.Equations, values);
        return values;
    }

    private static void Add(EquatableArray<BodyEquation> equations, List<BodyValue> values)
    {
        foreach (BodyEquation equation in equations)
            Add(equation.Value, values);
    }

    private static void Add(BodyValue value, List<BodyValue> values)
    {
        values.Add(value);
        if (value is BodyConditional choice)
        {
            Add(choice.Then, values);
            Add(choice.Otherwise, values);
        }
        if (value is not BodyCall call)
            return;
        foreach (BodyValue operand in call.Operands)
            Add(operand, values);
        foreach (BodyAttribute attribute in call.Attributes)
            if (attribute.Graph is { } graph)
                Add(graph.Equations, values);
    }
}
