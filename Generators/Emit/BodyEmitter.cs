using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Writes the equations of a body as calls of a builder, inside the method that has bound the names they use.</summary>
internal sealed class BodyEmitter(CodeWriter writer, OpModel model, ExpressionEmitter expressions)
{
    /// <summary>Whether a body can be built: one with graphs inside it cannot yet.</summary>
    public static bool CanBuild(OpModel model) => model.Body is { } body && CanBuild(body) && model.LaterBodies.All(l => CanBuild(l.Body));

    /// <summary>The C# expression for the version of ai.onnx at which the ops of the body resolve, given what the model imports as <c>opset</c>.</summary>
    public static string Opset(OpModel model) => string.Concat(model.LaterBodies.Reverse().Select(l => $"opset >= {l.Opset} ? {l.Opset} : ")) + model.Opset;

    public void Emit()
    {
        foreach (BodyOverride later in model.LaterBodies.Reverse())
        {
            writer.Line($"if (body.Opset >= {later.Opset})");
            using (writer.Block())
            {
                Emit(later.Body);
                writer.Line("return;");
            }
        }
        Emit(model.Body!);
    }

    private void Emit(BodyModel body)
    {
        // What this call needs is found from the outputs back: an equation that only the side not chosen reads may ask for what is absent.
        foreach (BodyEquation equation in body.Equations.Reverse())
            if (Needs(equation.Value) is { Length: > 0 } needs)
                writer.Line($"if ({Needed(equation)})").Line("    " + needs);
        foreach (BodyEquation equation in body.Equations)
        {
            writer.Line($"if ({Needed(equation)})");
            if (equation.Outputs.Count == 1)
                writer.Line($"    body[{CodeWriter.Quote(equation.Outputs[0])}] = {Value(equation.Value, 1)};");
            else
                writer.Line($"    body.Assign([{List(equation.Outputs)}], {Value(equation.Value, equation.Outputs.Count)});");
        }
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(CodeWriter.Quote));

    private static string Needed(BodyEquation equation) => $"body.Needs({List(equation.Outputs)})";

    /// <summary>The statement that says which values a value needs; empty when it needs none.</summary>
    private string Needs(BodyValue value)
    {
        var statements = new List<string>();
        if (Read(value).Distinct().ToArray() is { Length: > 0 } names)
            statements.Add($"body.Need({List(names)});");
        foreach (BodyConditional choice in Choices(value))
        {
            string then = Needs(choice.Then), otherwise = Needs(choice.Otherwise);
            if (then.Length + otherwise.Length > 0)
                statements.Add($"if (body.Decide({expressions.Predicate(choice.Condition)})) {{ {then} }}" + (otherwise.Length > 0 ? $" else {{ {otherwise} }}" : ""));
        }
        return statements.Count > 1 ? $"{{ {string.Join(" ", statements)} }}" : string.Concat(statements);
    }

    /// <summary>The names a value reads whatever is chosen.</summary>
    private static IEnumerable<string> Read(BodyValue value) => value switch
    {
        BodyName name => [name.Name],
        BodyCall call => call.Operands.SelectMany(Read),
        _ => [],
    };

    /// <summary>The outermost choices in a value.</summary>
    private static IEnumerable<BodyConditional> Choices(BodyValue value) => value switch
    {
        BodyConditional choice => [choice],
        BodyCall call => call.Operands.SelectMany(Choices),
        _ => [],
    };

    private static bool CanBuild(BodyModel body) => body.Equations.Count > 0 && body.Equations.All(e => CanBuild(e.Value));

    private static bool CanBuild(BodyValue value) => value switch
    {
        BodyCall call => call.Attributes.All(a => a.Graph is null) && call.Operands.All(CanBuild),
        BodyConditional conditional => CanBuild(conditional.Then) && CanBuild(conditional.Otherwise),
        _ => true,
    };

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
        string attributes = call.Attributes.Count == 0 ? "" : $", attributes: [{string.Join(", ", call.Attributes.Select(a => $"new({CodeWriter.Quote(a.Name)}, {expressions.Value(a.Value!)})"))}]";
        return $"body.Call({CodeWriter.Quote(call.Op)}, [{operands}]{attributes}{domain}{count})";
    }

    /// <summary>A graph attribute; one without a signature is taken as it is.</summary>
    private string Graph(string name)
    {
        AttributeModel attribute = model.Attributes.First(a => a.Name == name);
        return attribute.Arrows.Count > 0 ? Names.GraphOf(name)
            : $"GraphAttribute.Bind({CodeWriter.Quote(model.Name)}, {CodeWriter.Quote(name)}, {new AttributeShape(model, attribute).InferenceParameter})";
    }
}
