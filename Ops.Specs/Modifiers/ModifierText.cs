using System.Globalization;
using Ops.Specs.Bodies;
using Ops.Specs.Syntax;
using Ops.Specs.Types;

namespace Ops.Specs.Modifiers;

/// <summary>The graph of a modifier as it stands in a spec. A constant with a point, or <c>inf</c>, is a real of the scores' type; any
/// other is an integer.</summary>
internal sealed class ModifierText
{
    private readonly ElementType type;
    private readonly List<ModifierNode> nodes = [];
    private readonly Dictionary<string, ModifierTensor> constants = [];

    private ModifierText(ElementType type) => this.type = type;

    /// <summary>The graph of a text.</summary>
    /// <exception cref="ModifierException">It has what no modifier in a spec can have.</exception>
    public static ModifierGraph Read(GraphSyntax syntax, ElementType type)
    {
        var text = new ModifierText(type);
        if (syntax.Outputs.Count != 1)
            throw new ModifierException("a modifier has one output");
        foreach (EquationSyntax equation in syntax.Equations)
        {
            if (equation.Right is CallOperand call)
                text.Call(call, [.. equation.Outputs.Select(o => o.Name == "_" ? "" : o.Name)]);
            else
                text.nodes.Add(new ModifierNode("Identity", "ai.onnx", [text.Operand(equation.Right)], [equation.Outputs[0].Name],
                    new Dictionary<string, object>()));
        }
        return new ModifierGraph([.. syntax.Inputs.Select(i => i.Name)], syntax.Outputs[0].Name, text.nodes, text.constants);
    }

    private string Operand(OperandSyntax operand)
    {
        switch (operand)
        {
            case ValueOperand value: return value.Name;
            case AbsentOperand: return "";
            case ConstantOperand constant: return Constant(constant.Value);
            case CallOperand call:
                string name = $"%{nodes.Count + constants.Count}";
                Call(call, [name]);
                return name;
            default: throw new ModifierException("a modifier in a spec decides nothing by presence or attributes");
        }
    }

    private void Call(CallOperand call, string[] outputs)
    {
        string[] inputs = [.. call.Operands.Select(Operand)];
        nodes.Add(new ModifierNode(call.Op.Name, "ai.onnx", inputs, outputs,
            call.Attributes.ToDictionary(a => a.Name.Name,
                a => Attribute(a.Value ?? throw new ModifierException("a graph inside of a modifier")))));
    }

    private object Attribute(ExprSyntax value) => value switch
    {
        StringSyntax text => text.Value,
        NameSyntax name when ElementTypes.Names.TryGetValue(name.Name, out ElementType element) => (long)element,
        ListSyntax list => list.Elements.Select(e => (long)Number(e.Value).Value).ToArray(),
        _ => Number(value) is var (number, isReal) && isReal ? (float)number : (object)(long)Number(value).Value,
    };

    private string Constant(ExprSyntax value)
    {
        string name = $"%{nodes.Count + constants.Count}c";
        if (value is ListSyntax list)
        {
            (double Value, bool IsReal)[] numbers = [.. list.Elements.Select(e => Number(e.Value))];
            constants[name] = numbers.Any(n => n.IsReal)
                ? ModifierTensor.Of(name, type, Array.ConvertAll(numbers, n => n.Value), numbers.Length)
                : ModifierTensor.Of(name, Array.ConvertAll(numbers, n => (long)n.Value), numbers.Length);
            return name;
        }
        var (number, isReal) = Number(value);
        constants[name] = isReal ? ModifierTensor.Of(name, type, [number]) : ModifierTensor.Of(name, [(long)number]);
        return name;
    }

    private static (double Value, bool IsReal) Number(ExprSyntax value) => value switch
    {
        ParenthesizedSyntax inside => Number(inside.Inner),
        UnarySyntax { Op: "-" } negative => Number(negative.Operand) is var (number, isReal) ? (-number, isReal) : default,
        NumberSyntax number =>
            (double.Parse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture), number.Text.IndexOfAny(['.', 'e', 'E']) >= 0),
        NameSyntax { Name: "inf" } => (double.PositiveInfinity, true),
        _ => throw new ModifierException($"'{value}' is no number; a modifier in a spec has numbers only"),
    };
}
