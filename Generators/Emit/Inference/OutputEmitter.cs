using Ops.Specs.Collections;
using Ops.Specs.Model;

namespace Ops.Generators.Emit.Inference;

/// <summary>Writes the types and shapes of the outputs, and of the graphs that a caller gives.</summary>
internal sealed class OutputEmitter(CodeWriter writer, OpVersion version)
{
    private readonly OpModel model = version.Model;
    private readonly ExpressionEmitter expressions = version.Expressions;

    /// <summary>Names the shapes that expressions ask for.</summary>
    public void Shapes()
    {
        foreach (Port output in model.Outputs)
            if (IsAsked(output))
                writer.Line($"Seq<Dim> {Names.ShapeOf(output.Name)} = {ShapeOf(output.Type)};");
    }

    /// <summary>Sets the outputs.</summary>
    public void Set()
    {
        for (int i = 0; i < model.Outputs.Count; i++)
        {
            Port output = model.Outputs[i];
            string shape = IsAsked(output) ? Names.ShapeOf(output.Name) : ShapeOf(output.Type);
            string element = ElementOf(output.Type);
            string elements = output.Value is { } value ? $", {BindEmitter.Unpropagated}{expressions.Value(value)}" : "";
            if (output.Family is { } family)
            {
                string binder = Names.Local(family.Binder);
                writer.Line($"for (int {binder} = 0; {binder} < {output.Name}Count; {binder}++)");
                writer.Line($"    inference.Output({(i == 0 ? binder : $"{i} + {binder}")}, $\"{output.Name}[{{{binder}}}]\", {element}, {shape}{elements});");
                continue;
            }
            if (output.Optional)
                writer.Line($"if ({Names.Has(output.Name)})");
            writer.Line(
                $"{(output.Optional ? "    " : "")}inference.Output({i}, {CodeWriter.Quote(output.Name)}, {element}, {shape}{elements});");
        }
    }

    /// <summary>Holds the graphs the caller gives against their signatures. A dim that stands in no input may have any size.</summary>
    public void GraphSignatures()
    {
        string[] free = [.. model.Dims.Where(d => d.Kind == DimKind.Quantified).Select(d => d.Name)];
        foreach (string dim in free)
            writer.Line($"Dim {Names.Local(dim)} = Dim.Symbol({CodeWriter.Quote($"any {dim}")});");
        string Types(IEnumerable<PortType> types) => string.Join(", ", types.Select(t => $"new TensorType({ElementOf(t)}, {ShapeOf(t)})"));
        foreach (AttributeShape graph in version.Attributes)
        {
            if (!graph.IsSignedGraph)
                continue;
            string arrows = string.Concat(graph.Model.Arrows.Select(a => $", new GraphArrow([{Types(a.Inputs)}{(a.Rest is null ? "" : $", .. {Names.Local(a.Rest)}")}], [{Types(a.Outputs)}]{string.Concat(free.Select(f => $", {Names.Local(f)}"))})"));
            writer.Line($"GraphAttribute? {Names.GraphOf(graph.Name)} = GraphAttribute.Bind({CodeWriter.Quote(model.Name)}, {CodeWriter.Quote(graph.Name)}, {graph.InferenceParameter}{arrows});");
        }
    }

    private bool IsAsked(Port output) => output.Family is null && version.OutputsAsked.Contains(output.Name);

    private string ShapeOf(PortType type) => type switch
    {
        ConditionalPort c => $"{expressions.Operand(c.Condition)}.Choose({ShapeOf(c.Then)}, {ShapeOf(c.Otherwise)})",
        TensorPort t => ShapeOf(t.Items),
        HostPort h => $"{expressions.Value(h.Call)}.Shape",
        _ => "default",
    };

    private string ShapeOf(EquatableArray<ShapeItem> items)
    {
        string Part(ShapeItem item) => item switch
        {
            DimItem d => d.Extent is IntLiteral ? $"(Dim){expressions.Value(d.Extent)}" : expressions.Value(d.Extent),
            SpliceItem { Dims: { } dims } => expressions.Value(dims),
            SpliceItem => "Seq<Dim>.Unknown",
            _ => "Dim.Unknown",
        };
        if (items.Count == 1 && items[0] is SpliceItem)
            return Part(items[0]);
        string function = items.All(i => i is not SpliceItem) ? "Of" : "Join";
        return $"Seq.{function}<Dim>({string.Join(", ", items.Select(Part))})";
    }

    private string ElementOf(PortType type) => type switch
    {
        ConditionalPort c when ElementOf(c.Then) == ElementOf(c.Otherwise) => ElementOf(c.Then),
        ConditionalPort c => $"{expressions.Operand(c.Condition)}.Choose({ElementOf(c.Then)}, {ElementOf(c.Otherwise)})",
        TensorPort { Element: FixedElement f } => $"ElementType.{f.Type}",
        TensorPort { Element: VariableElement { FamilyIndex: null } v } => Names.Local(v.Name),
        TensorPort { Element: ComputedElement c } => expressions.Value(c.Dtype),
        HostPort h => $"{expressions.Value(h.Call)}.Element",
        _ => "ElementType.Undefined",
    };
}
