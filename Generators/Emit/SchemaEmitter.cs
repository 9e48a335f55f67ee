using Ops.Specs.Model;

namespace Ops.Generators.Emit;

/// <summary>Writes the schema of one version as data.</summary>
internal static class SchemaEmitter
{
    public static void Emit(CodeWriter writer, OpModel model, string property)
    {
        writer.Line();
        writer.Doc("summary", $"The schema of version {model.Since}.");
        writer.Line($"internal static OpSchema {property} {{ get; }} = new()");
        using (writer.Block(end: "};"))
        {
            writer.Line($"Name = {CodeWriter.Quote(model.Name)},");
            writer.Line($"Domain = {CodeWriter.Quote(model.Domain)},");
            writer.Line($"Since = {model.Since},");
            writer.Line($"Summary = {CodeWriter.Quote(model.Summary)},");
            writer.Line($"SpecPath = {CodeWriter.Quote(model.Path)},");
            List(writer, "Types", model.Types.Select(t => $"new({CodeWriter.Quote(t.Name)}, [{string.Join(", ", t.Allowed.Select(a => $"ElementType.{a}"))}])"));
            List(writer, "Inputs", model.Inputs.Select(p => Port(model, p)));
            List(writer, "Outputs", model.Outputs.Select(p => Port(model, p)));
            List(writer, "Attributes", model.Attributes.Select(a => Attribute(model, a)));
            List(writer, "Rules", model.Rules.Select(r => $"new({CodeWriter.Quote(r.Name)}, {CodeWriter.Quote(r.Text)})"));
            if (model.Presets.Count > 0)
                List(writer, "Presets", model.Presets.Select(p => Preset(model, p)));
            if (model.Body is not null)
                writer.Line("HasBody = true,");
            if (model.Kernel is not null)
                writer.Line($"Kernel = {CodeWriter.Quote(model.Kernel.Pattern)},");
        }
    }

    private static void List(CodeWriter writer, string name, IEnumerable<string> items)
    {
        string[] all = [.. items];
        if (all.Length == 0)
        {
            writer.Line($"{name} = [],");
            return;
        }
        writer.Line($"{name} =");
        writer.Line("[");
        using (writer.Indent())
            foreach (string item in all)
                writer.Line(item + ",");
        writer.Line("],");
    }

    private static string Port(OpModel model, Port port)
    {
        string options = (port.Optional ? ", Optional: true" : "") + (port.Family is not null ? ", Variadic: true" : "")
            + (model.DocOf(port.Name) is { } doc ? $", Doc: {CodeWriter.Quote(doc)}" : "");
        return $"new({CodeWriter.Quote(port.Name)}, {CodeWriter.Quote(ElementText(port.Type))}, {CodeWriter.Quote(Pattern(port.Type))}{options})";
    }

    private static string Attribute(OpModel model, AttributeModel attribute)
    {
        var shape = new AttributeShape(model, attribute);
        string options = (shape.SchemaDefault is { } value ? $", Default: {value}" : "") + (model.DocOf(attribute.Name) is { } doc ? $", Doc: {CodeWriter.Quote(doc)}" : "");
        return $"new({CodeWriter.Quote(attribute.Name)}, AttributeKind.{attribute.Kind}, IsList: {(attribute.IsList ? "true" : "false")}, Required: {(attribute.Optional ? "false" : "true")}{options})";
    }

    private static string Preset(OpModel model, Preset preset)
    {
        IEnumerable<string> values = preset.Values.Select(v => (v.Attribute, Value: AttributeShape.Boxed(v.Value, model.Attributes.First(a => a.Name == v.Attribute).Kind)))
            .Where(v => v.Value is not null).Select(v => $"[{CodeWriter.Quote(v.Attribute)}] = {v.Value}");
        return $"new({CodeWriter.Quote(preset.Name)}, new AttributeValues(new Dictionary<string, object> {{ {string.Join(", ", values)} }}))";
    }

    private static string ElementText(PortType type) => type switch
    {
        TensorPort { Element: FixedElement f } => Ops.Specs.Types.ElementTypes.Name(f.Type),
        TensorPort { Element: VariableElement v } => v.Name,
        TensorPort { Element: ComputedElement { Dtype: NameExpr n } } => n.Name,
        ConditionalPort c => ElementText(c.Then),
        SequencePort s => $"seq({ElementText(s.Element)})",
        OptionalPort o => $"optional({ElementText(o.Element)})",
        HostPort { Variable: { } variable } => variable,
        _ => "?",
    };

    private static string Pattern(PortType type) => type switch
    {
        TensorPort t => t.Text,
        ConditionalPort c => $"{Pattern(c.Then)} or {Pattern(c.Otherwise)}",
        SequencePort s => $"seq({Pattern(s.Element)})",
        OptionalPort o => $"optional({Pattern(o.Element)})",
        HostPort { Variable: { } variable } => $"{variable}[...]",
        _ => "?",
    };
}
