using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Specs.Evaluation;

/// <summary>
/// Infers one call of an op straight from its model: what the operands are gives its names their values, its rules are asked, its outputs
/// follow. What is not known passes; every contradiction throws.
/// </summary>
internal sealed class CallEvaluator
{
    /// <summary>Elements of longer tensors are forgotten.</summary>
    private const int MaxItems = 256;

    /// <summary>An extent can be an expression of dims that other inputs bind, so the inputs are read until nothing new is learned, or this
    /// often.</summary>
    private const int MaxPasses = 6;

    private readonly OpModel op;
    private readonly Call call;
    private readonly SpecEvaluator evaluator;
    private readonly ShapeMatcher matcher;

    private CallEvaluator(OpModel op)
    {
        this.op = op;
        call = new Call(op);
        evaluator = new SpecEvaluator(call);
        matcher = new ShapeMatcher(call, evaluator);
    }

    /// <summary>The outputs of a call.</summary>
    /// <param name="op">The op.</param>
    /// <param name="operands">The operands; null for one left out.</param>
    /// <param name="attributes">The attributes given; null for a value that is not known.</param>
    /// <param name="results">How many outputs are wanted.</param>
    /// <exception cref="CallRefusal">The op does not take these operands.</exception>
    public static TensorFacts[] Infer(OpModel op, IReadOnlyList<TensorFacts?> operands, IReadOnlyDictionary<string, object?> attributes,
        int results)
    {
        var one = new CallEvaluator(op);
        try
        {
            one.Give(operands, attributes, results);
            one.Match();
            one.BindDefaultTypes();
            if (ChoiceRules.Failing(one.call).FirstOrDefault() is { } broken)
                throw new CallRefusal(broken, one.Explain(broken));
            return one.Outputs(results);
        }
        catch (InvalidValueException e)
        {
            throw new CallRefusal(op.Name, e.Message);
        }
    }

    private void Give(IReadOnlyList<TensorFacts?> operands, IReadOnlyDictionary<string, object?> attributes, int results)
    {
        for (int i = 0; i < op.Inputs.Count; i++)
        {
            Port input = op.Inputs[i];
            if (input.Family is { } family)
            {
                TensorFacts[] elements = [.. operands.Skip(i).Select(o => o ?? TensorFacts.Unknown)];
                call.Inputs[input.Name] = elements;
                call.Values[family.Count] = (double)elements.Length;
                if (elements.Length > 0 || !input.Optional)
                    call.Present.Add(input.Name);
            }
            else if (i < operands.Count && operands[i] is { } operand)
            {
                call.Inputs[input.Name] = [operand];
                call.Present.Add(input.Name);
            }
        }
        foreach (var pair in attributes)
            if (call.Names.Attributes.TryGetValue(pair.Key, out AttributeModel? attribute))
            {
                call.Present.Add(pair.Key);
                call.Values[pair.Key] = AttributeValue(attribute, pair.Value);
            }
        for (int i = 0; i < op.Outputs.Count; i++)
            if (op.Outputs[i].Family is { } family)
            {
                call.Present.Add(op.Outputs[i].Name);
                matcher.Bind(family.Count, op.Outputs[i].Name, (double)(results - i));
            }
            else if (i < results || !op.Outputs[i].Optional)
            {
                call.Present.Add(op.Outputs[i].Name);
            }
        foreach (Port input in op.Inputs)
            if (call.Inputs.TryGetValue(input.Name, out TensorFacts[]? tensors))
                foreach (TensorFacts tensor in tensors)
                    BindType(input.Name, input.Type, tensor.Element);
    }

    /// <summary>A value as the attribute's kind holds it: ONNX text has numbers for truths and element types.</summary>
    private static object? AttributeValue(AttributeModel attribute, object? value) => (attribute.Kind, value) switch
    {
        (_, object?[] list) => Array.ConvertAll(list, item => AttributeValue(attribute, item)),
        (AttributeKind.Bool, double number) => number != 0,
        (AttributeKind.Dtype, double number) => (ElementType)(int)number,
        (AttributeKind.Int, ElementType type) => (double)(int)type,
        (AttributeKind.Int or AttributeKind.Float, bool truth) => truth ? 1.0 : 0.0,
        _ => value,
    };

    private void BindType(string port, PortType type, ElementType element)
    {
        if (element == ElementType.Undefined)
            return;
        switch (type)
        {
            case ConditionalPort conditional when ElementOf(conditional.Then) is { } both && both.Equals(ElementOf(conditional.Otherwise)):
                BindType(port, conditional.Then, element);
                break;
            case TensorPort { Element: FixedElement { Type: var wanted } } when wanted != element:
                throw new CallRefusal($"{port}-type", $"{port} is {element.Name()}, and has to be {wanted.Name()}");
            case TensorPort { Element: VariableElement { FamilyIndex: null } variable }:
                if (call.Value(variable.Name) is ElementType known && known != element)
                    throw new CallRefusal(variable.Name, $"{variable.Name} is {known.Name()} and {element.Name()} ({port})");
                call.Values[variable.Name] = element;
                break;
            case TensorPort { Element: VariableElement variable }:
                if (!op.Types.First(t => t.Name == variable.Name).Allowed.Contains(element))
                    throw new CallRefusal(variable.Name, $"{port} may not be {element.Name()}");
                break;
        }
    }

    private static ElementRef? ElementOf(PortType type) => type is TensorPort tensor ? tensor.Element : null;

    private void Match()
    {
        for (int pass = 0; pass < MaxPasses; pass++)
        {
            matcher.Progress = false;
            foreach (Port input in op.Inputs)
                if (call.Inputs.TryGetValue(input.Name, out TensorFacts[]? tensors))
                    for (int i = 0; i < tensors.Length; i++)
                        matcher.Match(input.Family is null
                            ? input.Name : $"{input.Name}[{i}]", input.Type, tensors[i].Dims, input.Family, i);
                else if (input.Value is not null && input.Type is TensorPort { Items: { Count: 1 } items }
                    && items[0] is DimItem { Extent: NameExpr { Symbol: SymbolKind.Dim } length }
                    && SpecValues.List(evaluator.Evaluate(input.Value)) is { } fallback && call.Value(length.Name) is null)
                    matcher.Bind(length.Name, input.Name, (double)fallback.Length);
            foreach (AttributeModel attribute in op.Attributes)
                if (attribute.Length is { } wanted && call.Value(attribute.Name) is object?[] list)
                    if (wanted is NameExpr { Symbol: SymbolKind.Dim } name)
                        matcher.Bind(name.Name, attribute.Name, (double)list.Length);
                    else if (evaluator.Evaluate(wanted) is double length && length != list.Length)
                        throw new CallRefusal(attribute.Name, $"{attribute.Name} has {list.Length} elements, and has to have {length}");
            foreach (Rule rule in op.Rules)
                Learn(rule);
            if (!matcher.Progress)
                break;
            evaluator.Forget();
        }
        evaluator.Forget();
    }

    /// <summary>A rule that says what a dim is gives it that value; one that disagrees is broken, which is asked later.</summary>
    private void Learn(Rule rule)
    {
        Expr predicate = rule.Predicate;
        if (predicate is ConditionalExpr { Otherwise: null } conditional)
        {
            if (evaluator.Holds(conditional.Condition) != true)
                return;
            predicate = conditional.Then;
        }
        if (rule.ReadsData || predicate is not CompareExpr { Op: CompareOp.Equal, Left.Type.Depth: 0 } equation)
            return;
        foreach (var (name, value) in new[] { (equation.Left, equation.Right), (equation.Right, equation.Left) })
            if (name is NameExpr { Symbol: SymbolKind.Dim } dim && call.Value(dim.Name) is null && evaluator.Evaluate(value) is double known
                && known >= 0 && known == Math.Floor(known))
                matcher.Bind(dim.Name, rule.Name, known);
    }

    private void BindDefaultTypes()
    {
        foreach (TypeVariable variable in op.Types)
            if (variable.Default is { } fallback && call.Value(variable.Name) is null
                && !op.Inputs.Any(i => call.Present.Contains(i.Name)
                    && PortTypes.ElementsOf(i.Type).Any(e => e is VariableElement v && v.Name == variable.Name)))
                call.Values[variable.Name] = evaluator.Evaluate(fallback);
        foreach (Port input in op.Inputs)
            if (input.Type is TensorPort { Element: ComputedElement computed }
                && call.Inputs.TryGetValue(input.Name, out TensorFacts[]? tensors)
                && evaluator.Evaluate(computed.Dtype) is ElementType wanted)
                foreach (TensorFacts tensor in tensors)
                    if (tensor.Element != ElementType.Undefined && tensor.Element != wanted)
                        throw new CallRefusal($"{input.Name}-type",
                            $"{input.Name} is {tensor.Element.Name()}, and has to be {wanted.Name()}");
        evaluator.Forget();
    }

    private string Explain(string rule)
    {
        if (op.Rules.FirstOrDefault(r => r.Name == rule) is { } found)
            return $"{found.Text} does not hold ({rule})";
        if (op.Types.FirstOrDefault(t => t.Name == rule) is { } type)
            return $"{rule} may not be {(call.Value(rule) as ElementType? ?? ElementType.Undefined).Name()}";
        string name = ValueRule.SubjectOf(rule) ?? rule;
        string set = call.Names.Attributes.TryGetValue(name, out AttributeModel? attribute)
            ? attribute.InText : call.Names.Inputs.TryGetValue(name, out Port? input) ? input.InText : "";
        return $"{name} is not in {set}";
    }

    private TensorFacts[] Outputs(int results)
    {
        var outputs = new TensorFacts[results];
        for (int k = 0; k < results; k++)
        {
            int at = Math.Min(k, op.Outputs.Count - 1);
            Port output = op.Outputs[at];
            ElementType element = evaluator.ElementOf(output.Type);
            object?[]? dims = evaluator.DimsOf(output.Type, output.Family, k - at);
            outputs[k] = new TensorFacts(element, dims, Items(output, element, dims));
        }
        return outputs;
    }

    /// <summary>The elements of an output where inference can know them: integers of at most one axis.</summary>
    private object?[]? Items(Port output, ElementType element, object?[]? dims)
    {
        if (output.Value is null || output.Family is not null || dims is not { Length: <= 1 }
            || element is not (ElementType.Int64 or ElementType.Int32))
            return null;
        double length = 1;
        if (dims.Length == 1)
            if (dims[0] is double known)
                length = known;
            else
                return null;
        if (length > MaxItems)
            return null;
        try
        {
            object? value = evaluator.Evaluate(output.Value);
            object?[]? items = SpecValues.List(value) ?? (value is double ? [value] : null);
            return items is not null && items.Length == length ? items : null;
        }
        catch (InvalidValueException)
        {
            // What cannot be told beforehand is for running to tell.
            return null;
        }
    }

    private sealed class Call(OpModel op) : SpecChoices(op)
    {
        public Dictionary<string, TensorFacts[]> Inputs { get; } = [];

        public override IReadOnlyList<TensorFacts>? Tensors(string input) =>
            Inputs.TryGetValue(input, out TensorFacts[]? tensors) ? tensors : null;
    }
}
