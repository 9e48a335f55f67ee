using Ops.Graphs;
using Ops.Specs.Evaluation;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Cli.Conformance;

/// <summary>
/// Makes cases of an op from its spec: choices for everything that is open, and tensors for them. Extents are 0, 1, small, odd, or larger
/// than a tile.
/// </summary>
/// <param name="model">The op.</param>
/// <param name="random">Where chance comes from.</param>
/// <param name="finite">Whether there are no NaN and infinities among the numbers.</param>
internal sealed class CaseGenerator(OpModel model, Random random, bool finite = false) : ChoiceMaker(model, random)
{
    private readonly DataSearch search = new(model, random);

    private const long MaxElements = 1 << 14;

    private readonly OpModel model = model;
    private readonly Random random = random;
    private double[] extents = [];

    /// <summary>A case; null when the choices do not make one. Its rules hold as far as they could be repaired.</summary>
    /// <param name="broken">A rule that is not to be repaired but broken, if any.</param>
    public SpecCase? Make(string? broken = null)
    {
        var made = new SpecCase(model);
        AttributeModel? late = broken is not null && Chance(0.5) ? model.Attributes.FirstOrDefault(a => ValueRule.NameOf(a.Name) == broken) : null;
        if (late is not null)
            broken = "";
        try
        {
            Choose(made, broken);
            if (!Tensors(made, broken) || !EndsFit(made))
                return null;
            search.Satisfy(made, broken);
            if (model.Kernel is { Pattern: ControlGraphs.Pattern })
                ControlGraphs.Give(model, made, random, misfit: broken is not null && Chance(0.5));
            // A value outside of its set may leave no shapes to choose: then it comes last.
            if (broken is not null)
                return late is null || Late(made, late) ? made : null;
            return OutputsFit(made) ? made : null;
        }
        catch (InvalidValueException)
        {
            return null;
        }
    }

    /// <summary>Few different extents, so that some of them are equal.</summary>
    protected override void BeginExtents() =>
        extents =
            [.. Enumerable.Range(0, 3).Select(_ => (double)(Chance(0.06) ? Pick([0, 0, 17, 35, 70]) : Pick([1, 1, 2, 2, 3, 4, 5, 6, 7])))];

    protected override double Extent() => Chance(0.15) ? 1 : Pick(extents);

    protected override object? Opaque(SpecChoices made, AttributeModel attribute) => attribute.Kind == AttributeKind.Tensor
        ? Tensor(Pick([ElementType.Float, ElementType.Int64, ElementType.Int32]), [1], () => random.Next(4))
        // The graphs of control flow are made when the tensors are.
        : ControlGraphs.IsMade(model, attribute) ? attribute
        : attribute.Arrows.Count > 0 ? Graph(Pick(attribute.Arrows).Inputs.Count) : null;

    /// <summary>A graph of one op that keeps the shape of its inputs; null when there is none of so many.</summary>
    private Graph? Graph(int inputs)
    {
        if (inputs is not (1 or 2))
            return null;
        string[] names = inputs == 1 ? ["a"] : ["a", "b"];
        return new Graph
        {
            Name = "made",
            Inputs = [.. names.Select(n => new GraphValue(n, ValueKind.Tensor, TensorType.Unknown))],
            Outputs = [new GraphValue("y", ValueKind.Tensor, TensorType.Unknown)],
            Nodes = [new Node { Op = inputs == 1 ? Pick(["Identity", "Tanh", "Abs", "Neg"])
                : Pick(["Mul", "Add"]), Domain = "ai.onnx", Opset = 21, Inputs = names, Outputs = ["y"] }],
        };
    }

    private bool Late(SpecCase made, AttributeModel attribute)
    {
        made.Present.Add(attribute.Name);
        string rule = ValueRule.NameOf(attribute.Name);
        object? value = attribute.IsList && made.Value(attribute.Name) is object?[] list
            ? Array.ConvertAll(list, _ => Value(made, attribute, rule))
            : attribute.IsList ? new[] { Value(made, attribute, rule) } : Value(made, attribute, rule);
        made.Values[attribute.Name] = value;
        return value is not null;
    }

    /// <summary>Whether the outputs have shapes, as far as they are known before running, and not too large ones.</summary>
    private bool OutputsFit(SpecCase made)
    {
        var evaluator = new SpecEvaluator(made);
        foreach (Port output in model.Outputs)
            for (int i = 0; i < (output.Family is { } family ? made.CountOf(family) : made.Present.Contains(output.Name) ? 1 : 0); i++)
                if (evaluator.ShapeOf(output.Type, output.Family, i) is { } dims && Length(dims) > MaxElements)
                    return false;
        return true;
    }

    private bool Tensors(SpecCase made, string? broken)
    {
        foreach (Port input in model.Inputs)
        {
            if (broken == ValueRule.NameOf(input.Name))
                made.Present.Add(input.Name);
            if (!made.Present.Contains(input.Name))
                continue;
            int count = input.Family is { } family ? made.CountOf(family) : 1;
            var tensors = new TensorValue[count];
            for (int i = 0; i < count; i++)
            {
                var evaluator = new SpecEvaluator(made);
                ElementType element = evaluator.ElementOf(input.Type);
                if (element == ElementType.Undefined
                    && input.Type is TensorPort { Element: VariableElement { FamilyIndex: not null } each })
                    element = Pick(model.Types.First(t => t.Name == each.Name).Allowed.Where(t => t != ElementType.String).ToArray());
                if (element == ElementType.Undefined || evaluator.ShapeOf(input.Type, input.Family, i) is not { } dims
                    || Length(dims) is < 0 or > MaxElements)
                    return false;
                int wrong = broken == ValueRule.NameOf(input.Name) && Length(dims) > 0 ? random.Next((int)Length(dims)) : -1;
                tensors[i] = Tensor(element, dims, Elements(made, input, TensorElements.IsReal(element), wrong, !finite && Chance(0.2)));
            }
            if (count > 0 || input.Family is not null)
                made.Given[input.Name] = tensors;
        }
        return true;
    }

    private static long Length(long[] dims) => dims.Aggregate(1L, (a, b) => a > MaxElements ? a : a * b);

    private static TensorValue Tensor(ElementType type, long[] dims, Func<double> next)
    {
        TensorValue tensor = TensorValue.Allocate(type, dims, clear: true);
        for (int i = 0; i < tensor.Length; i++)
            CaseElements.Write(tensor, i, next());
        return tensor;
    }
}
