using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Specs.Evaluation;

/// <summary>Makes a handful of small calls of an op that differ in what matters: what is there, values of attributes, ranks, types, sides
/// of conditions.</summary>
internal sealed class InstanceMaker : ChoiceMaker
{
    /// <summary>How many choices are tried, how many of them are kept, and after how many that showed nothing new the search
    /// ends.</summary>
    public const int MaxTries = 64, MaxInstances = 12, MaxIdle = 12;

    /// <summary>How many different extents a call has that go from the larger ones to the smaller ones.</summary>
    private const int Few = 8;

    /// <summary>Elements of longer inputs are not chosen.</summary>
    private const int MaxItems = 64;

    private static readonly double[] Primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

    private readonly OpModel model;
    private readonly HashSet<string> readAsData;
    private int next, turn;

    private InstanceMaker(OpModel model, Random random) : base(model, random)
    {
        this.model = model;
        readAsData = [.. ModelExpressions.Of(model).Concat(ModelExpressions.OfBodies(model)).SelectMany(ExpressionNames.ValuesOf)
            .Where(n => n.Symbol == SymbolKind.Input).Select(n => n.Name)];
    }

    /// <summary>The calls; the same ones whenever it is asked.</summary>
    /// <param name="model">The op.</param>
    /// <param name="conditions">Conditions whose answers matter.</param>
    public static IEnumerable<CallInstance> Of(OpModel model, IReadOnlyList<Expr> conditions)
    {
        var maker = new InstanceMaker(model, new Random(model.Name.Length));
        var seen = new HashSet<string>();
        int made = 0, idle = 0;
        for (int i = 0; i < MaxTries && made < MaxInstances && (idle < MaxIdle || made == 0); i++)
        {
            // Where chance finds no elements that obey the rules, they stay unknown.
            if (maker.Make(withElements: i / 4 % 2 == 0) is not { } instance)
                continue;
            bool differs = false;
            foreach (string feature in Features(instance, conditions))
                differs |= seen.Add(feature);
            idle = differs ? 0 : idle + 1;
            if (!differs && made > 1)
                continue;
            made++;
            yield return instance;
        }
    }

    // Every other call has the larger extents first: some ops take a smaller one where another is wanted.
    protected override void BeginExtents() => next = turn++ % 4;

    protected override double Extent() => Primes[turn % 2 == 1 ? next++ % Primes.Length : Few - 1 - (next++ % Few)];

    // Where it goes in once, the two are not told apart.
    protected override int Multiple(Random random) => 2 + random.Next(2);

    protected override object? Opaque(SpecChoices made, AttributeModel attribute)
    {
        if (attribute.Kind == AttributeKind.Tensor || attribute.Arrows.Count == 0)
            return attribute;
        Arrow arrow = Pick(attribute.Arrows);
        int rest = arrow.Rest is { } family && made.Names.Inputs[family].Family is { } counted ? made.CountOf(counted) : 0;
        return new GraphShape(arrow.Inputs.Count + rest, arrow.Outputs.Count);
    }

    private CallInstance? Make(bool withElements)
    {
        var made = new CallInstance(model);
        try
        {
            Choose(made);
            if (!EndsFit(made) || !Tensors(made, withElements) || ChoiceRules.Failing(made).Any())
                return null;
            var evaluator = new SpecEvaluator(made);
            foreach (Port output in model.Outputs)
                if (output.Family is null && made.Present.Contains(output.Name))
                    evaluator.DimsOf(output.Type);
            return made;
        }
        catch (InvalidValueException)
        {
            return null;
        }
    }

    private bool Tensors(CallInstance made, bool withElements)
    {
        var evaluator = new SpecEvaluator(made);
        foreach (Port input in model.Inputs)
        {
            if (!made.Present.Contains(input.Name))
                continue;
            var tensors = new TensorFacts[input.Family is { } family ? made.CountOf(family) : 1];
            for (int i = 0; i < tensors.Length; i++)
            {
                ElementType element = evaluator.ElementOf(input.Type);
                if (element == ElementType.Undefined
                    && input.Type is TensorPort { Element: VariableElement { FamilyIndex: not null } each })
                    element = Pick(model.Types.First(t => t.Name == each.Name).Allowed);
                if (evaluator.DimsOf(input.Type, input.Family, i) is not { } dims)
                    return false;
                tensors[i] = new TensorFacts(element, dims, withElements ? Items(made, input, element, dims) : null);
            }
            made.Inputs[input.Name] = tensors;
            // Rules and definitions may read the elements.
            evaluator.Forget();
        }
        return true;
    }

    private object?[]? Items(CallInstance made, Port input, ElementType element, object?[] dims)
    {
        if (!readAsData.Contains(input.Name) || !(element.IsInteger() || element == ElementType.Bool))
            return null;
        double length = 1;
        foreach (object? dim in dims)
            length *= dim as double? ?? MaxItems + 1;
        if (length > MaxItems)
            return null;
        Func<double> elements = Elements(made, input, real: false, wrong: -1, specials: false);
        object?[] items = [.. Enumerable.Range(0, (int)length).Select(_ => elements())
            .Select(e => element == ElementType.Bool ? e != 0 : (object?)e)];
        // Chance rarely makes an element the one that a rule wants.
        var evaluator = new SpecEvaluator(made);
        foreach (Rule rule in model.Rules)
            if (rule.Predicate is CompareExpr { Op: CompareOp.Equal,
                Left: IndexExpr { Target: NameExpr { Symbol: SymbolKind.Input } target, Indices: { Count: 1 } places } } equation
                && target.Name == input.Name
                && places[0] is PositionIndex { Position: IntLiteral at } && at.Value >= 0 && at.Value < items.Length
                && evaluator.Evaluate(equation.Right) is double wanted)
                items[at.Value] = wanted;
        return items;
    }

    private static IEnumerable<string> Features(CallInstance made, IReadOnlyList<Expr> conditions)
    {
        foreach (Port port in made.Model.Inputs.Concat(made.Model.Outputs))
            if (port.Optional)
                yield return $"{port.Name} {made.Present.Contains(port.Name)}";
        foreach (AttributeModel attribute in made.Model.Attributes)
            if (!made.Present.Contains(attribute.Name))
                yield return $"{attribute.Name} absent";
            else if (attribute.Kind is AttributeKind.Bool or AttributeKind.String or AttributeKind.Dtype)
                yield return $"{attribute.Name} = {made.Value(attribute.Name)}";
        foreach (DimSymbol dim in made.Model.Dims)
            if (dim.Kind is DimKind.Rank or DimKind.FamilyCount)
                yield return $"{dim.Name} of {(made.Value(dim.Name) as object?[])?.Length ?? made.Value(dim.Name)}";
        foreach (TypeVariable variable in made.Model.Types)
            yield return $"{variable.Name} = {made.Value(variable.Name)}";
        var evaluator = new SpecEvaluator(made);
        for (int i = 0; i < conditions.Count; i++)
            yield return $"condition {i} {evaluator.Holds(conditions[i])}";
    }
}
