using Ops.Specs.Collections;
using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Specs.Evaluation;

/// <summary>A part of a body that contradicts what it calls.</summary>
/// <param name="Node">The call, or the constant.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record BodyMistake(BodyValue Node, string Message);

/// <summary>
/// Infers the values of a body for one call of its op. A part that contradicts what it calls is noted, and from there on nothing is known,
/// so that one mistake is told once.
/// </summary>
/// <param name="op">The op.</param>
/// <param name="body">Its body.</param>
/// <param name="opset">The version of ai.onnx at which the body's ops resolve.</param>
/// <param name="call">The call.</param>
/// <param name="models">The versions of an op, by name and domain.</param>
internal sealed class BodyEvaluator(OpModel op, BodyModel body, int opset, CallInstance call,
    Func<string, string, IReadOnlyList<OpModel>> models)
{
    private const int MaxIterations = 6;

    private readonly SpecEvaluator expressions = new(call);
    private Frame? frame;

    /// <summary>What was found on the way, with the same node perhaps more than once.</summary>
    public List<BodyMistake> Mistakes { get; } = [];

    /// <summary>How many calls were inferred.</summary>
    public int Calls { get; private set; }

    /// <summary>The value of a name of the body.</summary>
    public TensorFacts? this[string name] => Read(name, frame ??= Outermost())[0];

    private Frame Outermost()
    {
        var outermost = new Frame(null, body.Equations);
        foreach (Port input in op.Inputs)
            outermost.Values[input.Name] = call.Inputs.TryGetValue(input.Name, out TensorFacts[]? tensors) ? tensors : input.Family is null
                ? new TensorFacts?[] { null } : [];
        return outermost;
    }

    private TensorFacts?[] Read(string name, Frame from)
    {
        for (Frame? at = from; at is not null; at = at.Outer)
        {
            if (at.Equations.TryGetValue(name, out BodyEquation? equation))
            {
                foreach (string output in equation.Outputs)
                    at.Equations.Remove(output);
                TensorFacts?[] values = Evaluate(equation.Value, equation.Outputs.Count, at);
                for (int i = 0; i < equation.Outputs.Count; i++)
                    at.Values[equation.Outputs[i]] = equation.Outputs.Count == 1
                        ? values : [i < values.Length ? values[i] : TensorFacts.Unknown];
            }
            if (at.Values.TryGetValue(name, out TensorFacts?[]? known))
                return known.Length == 0 && op.Inputs.All(p => p.Name != name) ? [TensorFacts.Unknown] : known;
        }
        return [TensorFacts.Unknown];
    }

    private TensorFacts?[] Evaluate(BodyValue value, int results, Frame at)
    {
        switch (value)
        {
            case BodyName name:
                return Read(name.Name, at);
            case BodyAbsent:
                return [null];
            case BodyConstant constant:
                return [Constant(constant, ElementType.Undefined)];
            case BodyConditional conditional:
                return expressions.Holds(conditional.Condition) is { } holds
                    ? Evaluate(holds ? conditional.Then : conditional.Otherwise, results, at) : Unknown(results);
            case BodyCall { Domain: null } given:
                return CallGraph(given, results, at);
            case BodyCall called:
                return CallOp(called, results, at);
            default:
                return Unknown(results);
        }
    }

    private static TensorFacts?[] Unknown(int results) => [.. Enumerable.Repeat(TensorFacts.Unknown, results)];

    /// <summary>A constant in the type that its use demands, or its own.</summary>
    private TensorFacts Constant(BodyConstant constant, ElementType demanded)
    {
        object? value;
        try
        {
            value = expressions.Evaluate(constant.Value);
        }
        catch (InvalidValueException e)
        {
            Mistakes.Add(new BodyMistake(constant, $"the constant has no value: {e.Message}"));
            return TensorFacts.Unknown;
        }
        bool isList = constant.Value.Type.IsSequence() || value is object?[];
        object?[]? items = isList ? SpecValues.List(value) : [value];
        ElementType natural = constant.Value.Type.Kind switch
        {
            ExprKind.Bool => ElementType.Bool,
            ExprKind.Real or ExprKind.RealTensor => ElementType.Float,
            _ => items is not null && items.Any(i => i is double number && number != Math.Floor(number))
                ? ElementType.Float : ElementType.Int64,
        };
        object?[]? dims = !isList ? [] : [items is null ? null : (double)items.Length];
        return new TensorFacts(demanded == ElementType.Undefined ? natural : demanded, dims,
            items is not null && items.Any(i => i is null) ? null : items);
    }

    private TensorFacts?[] CallOp(BodyCall node, int results, Frame at)
    {
        if (Resolve(node) is not { } callee)
            return Unknown(results);
        var attributes = new Dictionary<string, object?>();
        foreach (BodyAttribute attribute in node.Attributes)
        {
            try
            {
                attributes[attribute.Name] = attribute.Value is null ? null : expressions.Evaluate(attribute.Value);
            }
            catch (InvalidValueException e)
            {
                Mistakes.Add(new BodyMistake(node, $"the attribute '{attribute.Name}' has no value: {e.Message}"));
                return Unknown(results);
            }
        }
        // A list as the shape of a Reshape means exactly these dims: a 0 is a dim of 0.
        if (node is { Op: "Reshape", Operands: { Count: 2 } pair } && pair[1] is BodyConstant
            && callee.Attributes.Any(a => a.Name == "allowzero") && !attributes.ContainsKey("allowzero"))
            attributes["allowzero"] = true;
        TensorFacts?[] operands = Operands(node, callee, at);
        Calls++;
        try
        {
            return callee.Kernel is { Pattern: "control" }
                ? Control(node, callee, operands, attributes, results, at) : CallEvaluator.Infer(callee, operands, attributes, results);
        }
        catch (CallRefusal e)
        {
            Mistakes.Add(new BodyMistake(node,
                $"'{node.Op}' does not take ({string.Join(", ", operands.Select(o => o?.ToString() ?? "-"))}): {e.Detail}"));
            return Unknown(results);
        }
    }

    private OpModel? Resolve(BodyCall node)
    {
        int limit = node.Domain == "ai.onnx" ? opset : op.Since;
        OpModel? newest = null;
        foreach (OpModel version in models(node.Op, node.Domain!))
            if (version.Since <= limit)
                newest = version;
        return newest;
    }

    private TensorFacts?[] Operands(BodyCall node, OpModel? callee, Frame at)
    {
        var operands = new List<TensorFacts?>();
        var constants = new List<(int Place, BodyConstant Constant)>();
        foreach (BodyValue operand in node.Operands)
            if (operand is BodyConstant constant)
            {
                constants.Add((operands.Count, constant));
                operands.Add(null);
            }
            else if (operand is BodyConditional or BodyName)
            {
                operands.AddRange(Evaluate(operand, 1, at));
            }
            else
            {
                operands.Add(Evaluate(operand, 1, at)[0]);
            }
        foreach (var (place, constant) in constants)
            operands[place] = Constant(constant, callee is null ? ElementType.Undefined : Demanded(callee, operands, place, constants));
        return [.. operands];
    }

    /// <summary>The type that a port demands of a constant: its own, or that of an operand that has to have the same.</summary>
    private static ElementType Demanded(OpModel callee, List<TensorFacts?> operands, int place, List<(int Place, BodyConstant)> constants)
    {
        ElementRef? wanted = ElementAt(callee, place);
        if (wanted is FixedElement known)
            return known.Type;
        for (int i = 0; i < operands.Count; i++)
            if (operands[i] is { Element: not ElementType.Undefined } other && constants.All(c => c.Place != i) && wanted is VariableElement
                && wanted.Equals(ElementAt(callee, i)))
                return other.Element;
        return ElementType.Undefined;
    }

    private static ElementRef? ElementAt(OpModel callee, int place) =>
        callee.Inputs.Count == 0 ? null : (callee.Inputs[Math.Min(place, callee.Inputs.Count - 1)].Type as TensorPort)?.Element;

    /// <summary>A graph that the caller gives has the shapes of its arrow; a dim that stands in the arrow alone is what the operands make
    /// it.</summary>
    private TensorFacts?[] CallGraph(BodyCall node, int results, Frame at)
    {
        TensorFacts?[] operands = Operands(node, null, at);
        Arrow? arrow = call.Names.Attributes.TryGetValue(node.Op, out AttributeModel? attribute)
            ? attribute.Arrows.FirstOrDefault(a => a.Inputs.Count == operands.Length
                || a.Rest is not null && a.Inputs.Count <= operands.Length) : null;
        if (arrow is null)
            return Unknown(results);
        Calls++;
        var inside = new Inside(call);
        var evaluator = new SpecEvaluator(inside);
        var matcher = new ShapeMatcher(inside, evaluator);
        try
        {
            for (int i = 0; i < arrow.Inputs.Count; i++)
            {
                if (operands[i] is not { } operand)
                    continue;
                ElementType wanted = evaluator.ElementOf(arrow.Inputs[i]);
                if (wanted != ElementType.Undefined && operand.Element != ElementType.Undefined && wanted != operand.Element)
                    throw new CallRefusal(node.Op, $"its input {i + 1} is {wanted.Name()}");
                matcher.Match($"input {i + 1}", arrow.Inputs[i], operand.Dims);
            }
            return [.. arrow.Outputs.Take(results).Select(o => new TensorFacts(evaluator.ElementOf(o), evaluator.DimsOf(o)))];
        }
        catch (Exception e) when (e is CallRefusal or InvalidValueException)
        {
            Mistakes.Add(new BodyMistake(node,
                $"the graph '{node.Op}' does not take ({string.Join(", ", operands.Select(o => o?.ToString() ?? "-"))}): {(e as CallRefusal)?.Detail ?? e.Message}"));
            return Unknown(results);
        }
    }

    private TensorFacts?[] Control(BodyCall node, OpModel callee, TensorFacts?[] operands, Dictionary<string, object?> attributes,
        int results, Frame at)
    {
        BodyGraph? Graph(string name) => node.Attributes.FirstOrDefault(a => a.Name == name)?.Graph;
        switch (callee.Name)
        {
            case "If" when Graph("then_branch") is { } then && Graph("else_branch") is { } otherwise:
                return [.. Run(then, [], at).Zip(Run(otherwise, [], at), Common)];
            case "Loop" when Graph("body") is { } loop && operands.Length >= 2:
                return Loop(loop, operands, at);
            case "Scan" when Graph("body") is { } scan && attributes.TryGetValue("num_scan_inputs", out object? value)
                && value is double count && count >= 0 && count <= operands.Length
                && !attributes.Keys.Any(k => k.EndsWith("_axes", StringComparison.Ordinal)):
                return Scan(scan, operands, operands.Length - (int)count, at);
            default:
                return Unknown(results);
        }
    }

    /// <summary>What is passed on may change its shape from one iteration to the next: what all of them have in common is found by
    /// trying.</summary>
    private TensorFacts?[] Loop(BodyGraph graph, TensorFacts?[] operands, Frame at)
    {
        TensorFacts?[] states = [.. operands.Skip(2).Select(s => s?.WithoutItems())];
        TensorFacts?[] outputs = [];
        for (int i = 0; i < MaxIterations; i++)
        {
            outputs = Run(graph, [new TensorFacts(ElementType.Int64, []), new TensorFacts(ElementType.Bool, []), .. states], at);
            TensorFacts?[] next = [.. states.Zip(outputs.Skip(1), Common)];
            bool same = next.Zip(states, (a, b) => a?.ToString() == b?.ToString()).All(s => s);
            states = next;
            if (same)
                break;
        }
        object? iterations = operands[0] is { Items: { Length: 1 } most } ? most[0] : null;
        return [.. states, .. outputs.Skip(1 + states.Length).Select(o => Stacked(o, null))];
    }

    private TensorFacts?[] Scan(BodyGraph graph, TensorFacts?[] operands, int states, Frame at)
    {
        object? length = null;
        foreach (TensorFacts? scanned in operands.Skip(states))
            if (scanned?.Dims is { } dims)
            {
                if (dims.Length == 0)
                    throw new CallRefusal("Scan", "a scalar has no slices");
                if (length is double known && dims[0] is double other && known != other)
                    throw new CallRefusal("Scan", $"there are {known} slices of one and {other} of another");
                length ??= dims[0];
            }
        TensorFacts?[] outputs = Run(graph,
            [.. operands.Take(states).Select(s => s?.WithoutItems()), .. operands.Skip(states).Select(Slice)], at);
        for (int i = 0; i < states && i < outputs.Length; i++)
            if (operands[i] is { } first && outputs[i] is { } last && !MayBeSame(first, last))
                throw new CallRefusal("Scan", $"'{graph.Inputs[i]}' goes in as {first} and comes out as {last}");
        return [.. outputs.Select((o, i) => i < states ? o : Stacked(o, length))];
    }

    private static bool MayBeSame(TensorFacts left, TensorFacts right) =>
        (left.Element == ElementType.Undefined || right.Element == ElementType.Undefined || left.Element == right.Element)
        && (left.Dims is null || right.Dims is null || left.Dims.Length == right.Dims.Length
            && left.Dims.Zip(right.Dims, (a, b) => a is null || b is null || a.Equals(b)).All(s => s));

    private static TensorFacts? Slice(TensorFacts? whole) =>
        whole is null ? null : new TensorFacts(whole.Element, whole.Dims?.Skip(1).ToArray());

    private static TensorFacts Stacked(TensorFacts? slice, object? length) =>
        slice is null ? TensorFacts.Unknown : new TensorFacts(slice.Element, slice.Dims is null ? null : [length, .. slice.Dims]);

    private static TensorFacts? Common(TensorFacts? left, TensorFacts? right) =>
        left is null || right is null ? TensorFacts.Unknown : new TensorFacts(
        left.Element == right.Element ? left.Element : ElementType.Undefined,
        left.Dims is null || right.Dims is null || left.Dims.Length != right.Dims.Length
            ? null : [.. left.Dims.Zip(right.Dims, (a, b) => a is not null && a.Equals(b) ? a : null)]);

    private TensorFacts?[] Run(BodyGraph graph, IReadOnlyList<TensorFacts?> inputs, Frame at)
    {
        var inside = new Frame(at, graph.Equations);
        for (int i = 0; i < graph.Inputs.Count; i++)
            inside.Values[graph.Inputs[i]] = [i < inputs.Count ? inputs[i] : TensorFacts.Unknown];
        return [.. graph.Outputs.Select(o => Read(o, inside)[0]?.WithoutItems())];
    }

    /// <summary>The names of a body, or of a graph inside it; equations are evaluated when they are read.</summary>
    private sealed class Frame
    {
        public Frame(Frame? outer, EquatableArray<BodyEquation> equations)
        {
            Outer = outer;
            foreach (BodyEquation equation in equations)
                foreach (string output in equation.Outputs)
                    if (output != "_")
                        Equations[output] = equation;
        }

        public Frame? Outer { get; }

        public Dictionary<string, BodyEquation> Equations { get; } = [];

        public Dictionary<string, TensorFacts?[]> Values { get; } = [];
    }

    /// <summary>The call as a graph sees it, with dims of its own.</summary>
    private sealed class Inside : SpecChoices
    {
        private readonly SpecChoices outer;

        public Inside(SpecChoices outer) : base(outer.Model)
        {
            this.outer = outer;
            Present.UnionWith(outer.Present);
            foreach (var pair in outer.Values)
                Values[pair.Key] = pair.Value;
        }

        public override IReadOnlyList<TensorFacts>? Tensors(string input) => outer.Tensors(input);
    }
}
