using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Writes the method that states the equations of a body to a builder, which evaluates those the call needs.</summary>
internal sealed class BodyEmitter(CodeWriter writer, OpVersion version)
{
    private readonly OpModel model = version.Model;
    private readonly ExpressionEmitter expressions = version.Expressions;
    private readonly (string Type, string Name)[] parameters = [("BodyBuilder", "body"), ("ShapeInference", "inference"),
        .. Read(version).Distinct().OrderBy(p => p.Name, StringComparer.Ordinal)];

    /// <summary>The C# expression for the version of ai.onnx at which the ops of the body resolve, given what the model imports as
    /// <c>opset</c>.</summary>
    public static string Opset(OpModel model) =>
        string.Concat(model.LaterBodies.Reverse().Select(l => $"opset >= {l.Opset} ? {l.Opset} : ")) + model.Opset;

    /// <summary>The call of the method, from the one that has bound the names.</summary>
    public string Call(string method) => $"{method}({string.Join(", ", parameters.Select(p => p.Name))});";

    /// <summary>Writes the method.</summary>
    public void Emit(string method)
    {
        using (writer.Block($"private static void {method}({string.Join(", ", parameters.Select(p => $"{p.Type} {p.Name}"))})"))
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
    private static IEnumerable<(string Type, string Name)> Read(OpVersion version)
    {
        OpModel model = version.Model;
        foreach (NameExpr name in ExpressionNames.Of(version.BodyExpressions))
            foreach ((string, string) parameter in Parameters(version, name))
                yield return parameter;
        foreach (NameExpr name in ExpressionNames.ValuesOf(version.BodyExpressions))
            if (name.Symbol == SymbolKind.Input)
                yield return (model.Inputs.First(p => p.Name == name.Name).Family is null ? "Seq<Dim>" : "Seq<Seq<Dim>>",
                    Names.Elements(name.Name));
        foreach (BodyCall call in ModelExpressions.Calls(model))
            if (call.Domain is null)
                yield return Signed(version, call.Op)
                    ? ("GraphAttribute?", Names.GraphOf(call.Op)) : ("object?", version.Attribute(call.Op).InferenceParameter);
    }

    private static IEnumerable<(string Type, string Name)> Parameters(OpVersion version, NameExpr name)
    {
        switch (name.Symbol)
        {
            case SymbolKind.Input:
                return [(Names.TypeOf(version.Model.Inputs.First(p => p.Name == name.Name)), Names.Local(name.Name))];
            case SymbolKind.Output:
                Port output = version.Model.Outputs.First(p => p.Name == name.Name);
                IEnumerable<(string, string)> shape = output.Family is null ? [("Seq<Dim>", Names.ShapeOf(name.Name))] : [];
                return output.Optional ? shape.Append(("bool", Names.Has(name.Name))) : shape;
            case SymbolKind.Attribute:
                AttributeShape attribute = version.Attribute(name.Name);
                IEnumerable<(string, string)> value = attribute.HasValue
                    ? [(ExpressionEmitter.TypeName(name.Type), Names.Local(name.Name))] : [];
                return attribute.IsGiven || !attribute.HasValue
                    ? value.Append((attribute.InferenceType, attribute.InferenceParameter)) : value;
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
        BodyConditional choice =>
            $"(body.Decide({expressions.Predicate(choice.Condition)}) ? {Value(choice.Then, outputs)} : {Value(choice.Otherwise, outputs)})",
        BodyCall call => Call(call, outputs),
        _ => "Graphs.BodyValue.Absent",
    };

    private string Call(BodyCall call, int outputs)
    {
        string operands = string.Join(", ", call.Operands.Select(o => Value(o)));
        if (call.Domain is null)
            return $"body.Call({Graph(call.Op)}, [{operands}]{(outputs == 1 ? "" : $", {outputs}")})";
        string domain = call.Domain == "ai.onnx" ? "" : $", domain: {CodeWriter.Quote(call.Domain!)}";
        string count = outputs == 1 ? "" : $", outputs: {outputs}";
        string attributes = call.Attributes.Count == 0
            ? ""
            : $", attributes: [{string.Join(", ", call.Attributes.Select(a => $"new({CodeWriter.Quote(a.Name)}, {(a.Graph is { } graph ? Graph(graph) : AttributeValue(a.Value!))})"))}]";
        return $"body.Call({CodeWriter.Quote(call.Op)}, [{operands}]{attributes}{domain}{count})";
    }

    /// <summary>A graph inside the body; its equations are stated again whenever the types of its inputs are known better.</summary>
    private string Graph(BodyGraph graph)
    {
        string equations =
            string.Concat(graph.Equations.Select(e => $" body.Let([{List(e.Outputs)}], () => {Value(e.Value, e.Outputs.Count)});"));
        return $"body.Graph({CodeWriter.Quote(graph.Name)}, [{List(graph.Inputs)}], [{List(graph.Outputs)}], () => {{{equations} }})";
    }

    /// <summary>A graph attribute; one without a signature is taken as it is.</summary>
    private string Graph(string name) =>
        Signed(version, name) ? Names.GraphOf(name)
            : $"GraphAttribute.Bind({CodeWriter.Quote(model.Name)}, {CodeWriter.Quote(name)}, {version.Attribute(name).InferenceParameter})";

    private static bool Signed(OpVersion version, string graph) => version.Attribute(graph).Model.Arrows.Count > 0;

    /// <summary>A value as C#; a 0 could also be an element type.</summary>
    private string AttributeValue(Expr value) => value is IntLiteral ? $"(Dim){expressions.Operand(value)}" : expressions.Operand(value);
}
