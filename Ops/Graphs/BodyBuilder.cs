using Ops.Schemas;
using Ops.Specs;
using Ops.Specs.Inference;
using Ops.Specs.Model;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Graphs;

/// <summary>
/// Builds the graph that a body means for one call: generated code states the equations, with every dim and attribute known, and those that
/// an output asked for needs are evaluated. Each value gets its type at once, so that a constant can take the type its use demands. The
/// names of the graph are its own: nothing outside can be captured.
/// </summary>
/// <param name="schema">The op whose body it is.</param>
/// <param name="opset">The version of ai.onnx at which the body's ops resolve.</param>
/// <param name="call">The call.</param>
public sealed class BodyBuilder(OpSchema schema, int opset, InferenceCall call)
{
    private BodyScope scope = new(null, InputsOf(schema, call));
    private int temporaries;

    /// <summary>The version of ai.onnx at which the body's ops resolve; it says which of the op's bodies is meant.</summary>
    public int Opset { get; } = opset;

    /// <summary>The value of an equation or input.</summary>
    public BodyValue this[string name]
    {
        get
        {
            BodyScope owner = scope.OwnerOf(name);
            if (owner.Equations.Remove(name, out BodyEquation? equation))
                Evaluate(equation, owner);
            return owner.Values[name];
        }
    }

    /// <summary>States an equation; it is evaluated when one of its names is read. <c>_</c> is nobody's name.</summary>
    public void Let(IReadOnlyList<string> names, Func<BodyValue> value)
    {
        var equation = new BodyEquation(names, value);
        foreach (string name in names)
            scope.Equations[name] = equation;
    }

    /// <summary>A graph inside the body, to be the attribute of a call. It sees the names around it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">Its inputs; the op that gets the graph says what they are.</param>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="equations">States its equations.</param>
    public Graph Graph(string name, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, Action equations) =>
        new()
        {
            Name = name,
            Inputs = [.. inputs.Select(Untyped)],
            Outputs = [.. outputs.Select(Untyped)],
            Template = new GraphTemplate(types => Build(name, inputs, types, outputs, equations))
        };

    /// <summary>A scalar of integers.</summary>
    public BodyValue Constant(Dim value) => value.IsKnown || value.ToDouble() is not { } fraction
        ? BodyValue.Of(new BodyConstant([Known(value)], false, ElementType.Int64)) : Constant((Real)fraction);

    /// <summary>A scalar of reals.</summary>
    public BodyValue Constant(Real value) => BodyValue.Of(new BodyConstant([value.Value], false, ElementType.Float));

    /// <summary>A truth.</summary>
    public BodyValue Constant(Truth value) => BodyValue.Of(new BodyConstant([Decide(value) ? 1L : 0L], false, ElementType.Bool));

    /// <summary>A vector of integers.</summary>
    public BodyValue Constant(Seq<Dim> value) => BodyValue.Of(new BodyConstant([.. Known(value).Cast<object>()], true, ElementType.Int64));

    /// <summary>A vector of reals.</summary>
    public BodyValue Constant(Seq<Real> value) =>
        BodyValue.Of(new BodyConstant([.. Values.Doubles(value).Cast<object>()], true, ElementType.Float));

    /// <summary>The answer to a condition, which must be known.</summary>
    /// <exception cref="OpException">It is not.</exception>
    public bool Decide(Truth condition) => condition.IsTrue || (condition.IsFalse ? false
        : throw Error("a condition of the body is not known for this call"));

    /// <summary>Calls an op.</summary>
    /// <param name="op">Its name.</param>
    /// <param name="operands">The operands.</param>
    /// <param name="attributes">The attributes given.</param>
    /// <param name="domain">Its domain.</param>
    /// <param name="outputs">How many outputs are wanted.</param>
    /// <exception cref="OpException">There is no spec for the op, or it refuses the operands.</exception>
    public BodyValue Call(string op, BodyValue[] operands, BodyAttribute[]? attributes = null, string domain = "ai.onnx", int outputs = 1)
    {
        int version = domain == "ai.onnx" ? Opset : schema.Since;
        OpDefinition definition = OpRegistry.Get(domain, op, version);
        var given = new Dictionary<string, object>();
        foreach (BodyAttribute attribute in attributes ?? [])
            given[attribute.Name] = ValueOf(definition.Schema, attribute);
        // A list as the shape of a Reshape means exactly these dims: a 0 is a dim of 0.
        if (op == "Reshape" && operands is [_, { Constant: not null }] && definition.Schema.Attributes.Any(a => a.Name == "allowzero"))
            given.TryAdd("allowzero", 1L);
        (string Name, TensorType? Type)[] inputs = [.. Resolve(definition.Schema, operands).SelectMany(v => v.Parts)];
        var values = new AttributeValues(given);
        TensorType?[] types =
            definition.Infer(new InferenceCall([.. inputs.Select(i => i.Type)], values, [.. Enumerable.Repeat(true, outputs)]));
        // A conversion to the type, or an extension to the dims, that a value has already.
        if (op is "Cast" or "Expand" or "Reshape" && types[0] is { } made && inputs[0].Type is { } from && made.Element == from.Element
            && made.Shape.IsKnown
            && Seq.Same(made.Shape, from.Shape).IsTrue)
            return BodyValue.Of(inputs[0]);
        (string, TensorType?)[] results = [.. types.Take(outputs).Select(type => (Fresh(), type))];
        foreach (BodyAttribute attribute in attributes ?? [])
            if (given[attribute.Name] is Graph { Template: { } template })
                given[attribute.Name] = template.Built;
        scope.Nodes.Add(new Node
        {
            Op = op,
            Domain = domain,
            Opset = version,
            BaseOpset = Opset,
            Inputs = [.. inputs.Select(i => i.Name)],
            Outputs = [.. results.Select(r => r.Item1)],
            Attributes = values,
        });
        return BodyValue.Of(results);
    }

    /// <summary>Calls a graph the caller gave: its nodes become part of this graph, under names of their own.</summary>
    /// <param name="given">The graph.</param>
    /// <param name="operands">The operands, one for each of its inputs.</param>
    /// <param name="outputs">How many of its outputs are wanted.</param>
    /// <exception cref="OpException">There is no graph, or it does not fit its signature for these operands.</exception>
    public BodyValue Call(GraphAttribute? given, BodyValue[] operands, int outputs = 1)
    {
        if (given is null)
            throw Error("a graph that the body calls is not given");
        Graph graph = given.Graph;
        if (graph.Unsupported.Count > 0)
            throw new OpException(schema.Name, Coverage.NotSupported, $"{given.Name}: {string.Join(", ", graph.Unsupported)}");
        (string Name, TensorType? Type)[] inputs =
            [.. operands.Select(o => o.Constant is { } constant ? Fix(constant, constant.Natural) : o).SelectMany(o => o.Parts)];
        InferredGraph inferred = given.Infer([.. inputs.Select(i => i.Type ?? TensorType.Unknown)]);
        var inliner = new GraphInliner(Fresh, graph.Inputs.Zip(inputs).ToDictionary(p => p.First.Name, p => p.Second.Name));
        scope.Nodes.AddRange(inliner.Inline(graph));
        foreach (var (name, value) in inliner.Constants)
            scope.Constants[name] = value;
        return BodyValue.Of([.. graph.Outputs.Take(outputs).Select(o => (inliner.Names[o.Name], (TensorType?)inferred[o.Name]))]);
    }

    /// <summary>The graph; its outputs are those the call asks for, in order.</summary>
    public Graph ToGraph() =>
        ToGraph(schema.Name, InputsOf(schema, call).Values, [.. schema.Outputs.Where((_, i) => call.Wants(i)).Select(o => o.Name)]);

    private Graph ToGraph(string name, IEnumerable<BodyValue> inputs, IReadOnlyList<string> outputs)
    {
        // Reading the outputs makes the nodes.
        GraphValue[] results =
            [.. outputs.Select(o => this[o].Parts[0]).Select(p => new GraphValue(p.Name, ValueKind.Tensor, p.Type ?? TensorType.Unknown))];
        return new Graph
        {
            Name = name,
            Inputs = [.. inputs.SelectMany(v => v.Parts).Where(p => p.Name.Length > 0)
                .Select(p => new GraphValue(p.Name, ValueKind.Tensor, p.Type ?? TensorType.Unknown))],
            Outputs = results,
            Nodes = scope.Nodes,
            Constants = scope.Constants,
        };
    }

    private Graph Build(string name, IReadOnlyList<string> inputs, IReadOnlyList<TensorType> types, IReadOnlyList<string> outputs,
        Action equations)
    {
        var formal = inputs.Select((input, i) => (input,
            Value: BodyValue.Of((Fresh(), i < types.Count ? types[i] with { Data = null } : TensorType.Unknown)))).ToArray();
        BodyScope around = scope;
        scope = new BodyScope(around, formal.ToDictionary(f => f.input, f => f.Value));
        try
        {
            equations();
            return ToGraph(name, formal.Select(f => f.Value), outputs);
        }
        finally
        {
            scope = around;
        }
    }

    /// <summary>Evaluates an equation where it stands, whoever reads it.</summary>
    private void Evaluate(BodyEquation equation, BodyScope owner)
    {
        (BodyScope reader, scope) = (scope, owner);
        try
        {
            BodyValue value = equation.Value();
            if (value.Constant is { } constant)
                value = Fix(constant, constant.Natural);
            for (int i = 0; i < equation.Names.Count; i++)
            {
                owner.Equations.Remove(equation.Names[i]);
                owner.Values[equation.Names[i]] = equation.Names.Count == 1 ? value : BodyValue.Of(value.Parts[i]);
            }
        }
        finally
        {
            scope = reader;
        }
    }

    private static GraphValue Untyped(string name) => new(name, ValueKind.Tensor, TensorType.Unknown);

    private static Dictionary<string, BodyValue> InputsOf(OpSchema schema, InferenceCall call)
    {
        var inputs = new Dictionary<string, BodyValue>();
        for (int i = 0; i < schema.Inputs.Count; i++)
        {
            string name = schema.Inputs[i].Name;
            inputs[name] = schema.Inputs[i].Variadic
                ? BodyValue.Of([.. call.Variadic(i).Select((type, k) => ($"{name}[{k}]", (TensorType?)type))])
                : call.Input(i) is { } type ? BodyValue.Of((name, type)) : BodyValue.Absent;
        }
        return inputs;
    }

    /// <summary>The operands, constants in the type the op demands.</summary>
    private IEnumerable<BodyValue> Resolve(OpSchema callee, BodyValue[] operands)
    {
        for (int i = 0; i < operands.Length; i++)
            yield return operands[i].Constant is { } constant
                ? Fix(constant, Demanded(callee, operands, i, constant.Natural)) : operands[i];
    }

    private static ElementType Demanded(OpSchema callee, BodyValue[] operands, int index, ElementType natural)
    {
        string type = PortAt(callee, index);
        if (ElementTypes.Names.TryGetValue(type, out ElementType fixedType))
            return fixedType;
        for (int i = 0; i < operands.Length; i++)
            if (operands[i].Constant is null && PortAt(callee, i) == type
                && operands[i].Parts[0].Type is { Element: not ElementType.Undefined } other)
                return other.Element;
        return natural;
    }

    private static string PortAt(OpSchema callee, int index) =>
        callee.Inputs.Count == 0 ? "" : callee.Inputs[Math.Min(index, callee.Inputs.Count - 1)].Type;

    private BodyValue Fix(BodyConstant constant, ElementType type)
    {
        TensorValue tensor = TensorConstants.Of(type, constant.Items, constant.IsList ? [constant.Items.Count] : []);
        string name = Fresh();
        scope.Constants[name] = tensor;
        return BodyValue.Of((name, tensor.ToTensorType()));
    }

    private object ValueOf(OpSchema callee, BodyAttribute attribute)
    {
        AttributeKind kind = callee.Attributes.FirstOrDefault(a => a.Name == attribute.Name)?.Kind
            ?? throw Error($"{callee} has no attribute '{attribute.Name}'");
        return attribute.Value switch
        {
            Dim d when kind == AttributeKind.Float => (float)(d.ToDouble() ?? Known(d)),
            Dim d => Known(d),
            Real r => (float)r.Value,
            Truth t => Decide(t) ? 1L : 0L,
            Seq<Dim> list when kind == AttributeKind.Float => Array.ConvertAll(Known(list), d => (float)d),
            Seq<Dim> list => Known(list),
            Seq<Real> list => Array.ConvertAll(Values.Doubles(list), d => (float)d),
            ElementType type => (long)type,
            var other => other,
        };
    }

    private long Known(Dim dim) => dim.IsKnown ? dim.Value : throw Error($"a dim of the body is not known for this call ({dim})");

    private long[] Known(Seq<Dim> list) =>
        list.IsKnown ? Array.ConvertAll(list.ToArray(), Known) : throw Error($"a list of the body is not known for this call ({list})");

    private OpException Error(string detail) => new(schema.Name, "body", detail);

    private string Fresh() => $"%{temporaries++}";
}
