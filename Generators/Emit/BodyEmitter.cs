using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Writes the method that states the equations of a body to a builder, which evaluates those the call needs.</summary>
internal sealed class BodyEmitter(CodeWriter writer, OpModel model)
{
    private readonly ExpressionEmitter expressions = new(model);

    /// <summary>Whether the op has a body.</summary>
    public static bool HasBody(OpModel model) => model.Body is { Equations.Count: > 0 };

    /// <summary>The C# expression for the version of ai.onnx at which the ops of the body resolve, given what the model imports as <c>opset</c>.</summary>
    public static string Opset(OpModel model) => string.Concat(model.LaterBodies.Reverse().Select(l => $"opset >= {l.Opset} ? {l.Opset} : ")) + model.Opset;

    /// <summary>The call of the method, from the one that has bound the names.</summary>
    public string Call(string method) => $"{method}({string.Join(", ", Parameters().Select(p => p.Name))});";

    /// <summary>Writes the method.</summary>
    public void Emit(string method)
    {
        using (writer.Block($"private static void {method}({string.Join(", ", Parameters().Select(p => $"{p.Type} {p.Name}"))})"))
        {
            foreach (BodyOverride later in model.LaterBodies.Reverse())
            {
                writer.Line($"if (body.Opset >= {later.Opset})");
                using (writer.Block())
                {
                    Equations(later.Body.Equations);
                    writer.Line("return;");
                }
            }
            Equations(model.Body!.Equations);
        }
    }

    /// <summary>What the equations read of the call, as parameters.</summary>
    private IEnumerable<(string Type, string Name)> Parameters() => ExpressionNames.Body(model).SelectMany(e => ExpressionNames.Of(e)).SelectMany(Parameters)
        .Concat(ExpressionNames.Body(model).SelectMany(e => ExpressionNames.ValuesOf(e)).Where(n => n.Symbol == SymbolKind.Input).Select(Elements))
        .Concat(ExpressionNames.Calls(model).Where(c => c.Domain is null).Select(c => Signed(c.Op) ? ("GraphAttribute?", Names.GraphOf(c.Op)) : ("object?", Given(c.Op))))
        .Distinct().OrderBy(p => p.Item2, StringComparer.Ordinal).Prepend(("ShapeInference", "inference")).Prepend(("BodyBuilder", "body"));

    private (string Type, string Name) Elements(NameExpr input) =>
        (model.Inputs.First(p => p.Name == input.Name).Family is null ? "Seq<Dim>" : "Seq<Seq<Dim>>", Names.Elements(input.Name));

    private IEnumerable<(string Type, string Name)> Parameters(NameExpr name)
    {
        switch (name.Symbol)
        {
            case SymbolKind.Input:
                Port input = model.Inputs.First(p => p.Name == name.Name);
                return [(input.Family is not null ? "IReadOnlyList<TensorType>" : input.Optional ? "TensorType?" : "TensorType", Names.Local(name.Name))];
            case SymbolKind.Output:
                Port output = model.Outputs.First(p => p.Name == name.Name);
                IEnumerable<(string, string)> shape = output.Family is null ? [("Seq<Dim>", Names.ShapeOf(name.Name))] : [];
                return output.Optional ? shape.Append(("bool", Names.Has(name.Name))) : shape;
            case SymbolKind.Attribute:
                var attribute = new AttributeShape(model, model.Attributes.First(a => a.Name == name.Name));
                IEnumerable<(string, string)> value = attribute.HasValue ? [(ExpressionEmitter.TypeName(name.Type), Names.Local(name.Name))] : [];
                return attribute.IsGiven || !attribute.HasValue ? value.Append((attribute.InferenceType, attribute.InferenceParameter)) : value;
            default:
                return [(ExpressionEmitter.TypeName(name.Type), Names.Local(name.Name))];
        }
    }

    private void Equations(IEnumerable<BodyEquation> equations)
    {
        foreach (BodyEquation equation in equations)
            writer.Line($"body.Let([{List(equation.Outputs)}], () => {Value(equation.Value, equation.Outputs.Count)});");
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(CodeWriter.Quote));

    private string Value(BodyValue value, int outputs = 1) => value switch
    {
        BodyName name => $"body[{CodeWriter.Quote(name.Name)}]",
        BodyConstant constant => $"body.Constant({expressions.Value(constant.Value)})",
        BodyConditional choice => $"(body.Decide({expressions.Predicate(choice.Condition)}) ? {Value(choice.Then, outputs)} : {Value(choice.Otherwise, outputs)})",
        BodyCall call => Call(call, outputs),
        _ => "BodyValue.Absent",
    };

    private string Call(BodyCall call, int outputs)
    {
        string operands = string.Join(", ", call.Operands.Select(o => Value(o)));
        if (call.Domain is null)
            return $"body.Call({Graph(call.Op)}, [{operands}]{(outputs == 1 ? "" : $", {outputs}")})";
        string domain = call.Domain == "ai.onnx" ? "" : $", domain: {CodeWriter.Quote(call.Domain!)}";
        string count = outputs == 1 ? "" : $", outputs: {outputs}";
        string attributes = call.Attributes.Count == 0 ? "" : $", attributes: [{string.Join(", ", call.Attributes.Select(a => $"new({CodeWriter.Quote(a.Name)}, {(a.Graph is { } graph ? Graph(graph) : AttributeValue(a.Value!))})"))}]";
        return $"body.Call({CodeWriter.Quote(call.Op)}, [{operands}]{attributes}{domain}{count})";
    }

    /// <summary>A graph inside the body; its equations are stated again whenever the types of its inputs are known better.</summary>
    private string Graph(BodyGraph graph)
    {
        string equations = string.Concat(graph.Equations.Select(e => $" body.Let([{List(e.Outputs)}], () => {Value(e.Value, e.Outputs.Count)});"));
        return $"body.Graph({CodeWriter.Quote(graph.Name)}, [{List(graph.Inputs)}], [{List(graph.Outputs)}], () => {{{equations} }})";
    }

    /// <summary>A graph attribute; one without a signature is taken as it is.</summary>
    private string Graph(string name) =>
        Signed(name) ? Names.GraphOf(name) : $"GraphAttribute.Bind({CodeWriter.Quote(model.Name)}, {CodeWriter.Quote(name)}, {Given(name)})";

    private bool Signed(string graph) => model.Attributes.First(a => a.Name == graph).Arrows.Count > 0;

    private string Given(string attribute) => new AttributeShape(model, model.Attributes.First(a => a.Name == attribute)).InferenceParameter;

    /// <summary>A value as C#; a 0 could also be an element type.</summary>
    private string AttributeValue(Expr value) => value is IntLiteral ? $"(Dim){expressions.Operand(value)}" : expressions.Operand(value);
}
