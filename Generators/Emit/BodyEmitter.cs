using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Writes the equations of a body as calls of a builder, inside the method that has bound the names they use.</summary>
internal sealed class BodyEmitter(CodeWriter writer, OpModel model, ExpressionEmitter expressions)
{
    /// <summary>Whether a body can be built: one with graphs inside it cannot yet.</summary>
    public static bool CanBuild(OpModel model) =>
        model.Body is { Equations.Count: > 0 } body && body.Equations.All(e => CanBuild(e.Value));

    public void Emit()
    {
        foreach (BodyEquation equation in model.Body!.Equations)
        {
            if (equation.Outputs.Count == 1)
                writer.Line($"body[{CodeWriter.Quote(equation.Outputs[0])}] = {Value(equation.Value, 1)};");
            else
                writer.Line($"body.Assign([{string.Join(", ", equation.Outputs.Select(CodeWriter.Quote))}], {Value(equation.Value, equation.Outputs.Count)});");
        }
    }

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
