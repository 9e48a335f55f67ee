using Ops.Specs.Collections;
using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Generators.Emit;

/// <summary>Writes the schema of a version as data. A later version states what differs from the one before.</summary>
internal sealed class SchemaEmitter(CodeWriter writer, OpVersion version, OpModel? before)
{
    private readonly OpModel model = version.Model;

    public void Emit()
    {
        writer.Line();
        writer.Doc("summary", $"The schema of version {model.Since}.");
        writer.Line(
            $"internal static OpSchema Schema{model.Since} {{ get; }} = {(before is null ? "new()" : $"Schema{before.Since} with")}");
        using (writer.Block(end: "};"))
        {
            if (before is null)
            {
                writer.Line($"Name = {CodeWriter.Quote(model.Name)},");
                writer.Line($"Domain = {CodeWriter.Quote(model.Domain)},");
                writer.Line($"SpecPath = {CodeWriter.Quote(model.Path)},");
            }
            writer.Line($"Since = {model.Since},");
            if (model.Summary != before?.Summary)
                writer.Line($"Summary = {CodeWriter.Quote(model.Summary)},");
            if (before is null || !model.Types.Equals(before.Types))
                List("Types", model.Types, Type);
            if (before is null || Differs(model.Inputs, before.Inputs, p => p.Name))
                List("Inputs", model.Inputs, Port);
            if (before is null || Differs(model.Outputs, before.Outputs, p => p.Name))
                List("Outputs", model.Outputs, Port);
            if (before is null || Differs(model.Attributes, before.Attributes, a => a.Name))
                List("Attributes", version.Attributes, Attribute);
            if (before is null || !model.Rules.Equals(before.Rules))
                List("Rules", model.Rules, rule => writer.Line($"new({CodeWriter.Quote(rule.Name)}, {CodeWriter.Quote(rule.Text)}),"));
            if (before is null ? model.Presets.Count > 0 : !model.Presets.Equals(before.Presets))
                List("Presets", model.Presets, Preset);
            if (model.Body is not null != before?.Body is not null)
                writer.Line($"HasBody = {(model.Body is not null ? "true" : "false")},");
            if (model.Kernel?.Pattern != before?.Kernel?.Pattern)
                writer.Line($"Kernel = {(model.Kernel is null ? "null" : CodeWriter.Quote(model.Kernel.Pattern))},");
        }
    }

    /// <summary>Whether a list, or what is said of its items, is not as it was.</summary>
    private bool Differs<T>(EquatableArray<T> now, EquatableArray<T> then, Func<T, string> name)
    {
        if (!now.Equals(then))
            return true;
        foreach (T item in now)
            if (model.DocOf(name(item)) != before!.DocOf(name(item)))
                return true;
        return false;
    }

    private void List<T>(string name, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0)
        {
            writer.Line($"{name} = [],");
            return;
        }
        writer.Line($"{name} =");
        writer.Line("[");
        using (writer.Indent())
            foreach (T item in items)
                write(item);
        writer.Line("],");
    }

    private void Type(TypeVariable variable) =>
        writer.Line($"new({CodeWriter.Quote(variable.Name)}, [{string.Join(", ", variable.Allowed.Select(t => $"ElementType.{t}"))}]),");

    private void Port(Port port)
    {
        string options = port.Family is not null ? port.Optional ? ", Optional: true, Variadic: true" : ", Variadic: true" : port.Optional
            ? ", Optional: true" : "";
        writer.Line($"new({CodeWriter.Quote(port.Name)}, {CodeWriter.Quote(ElementText(port.Type))}, {CodeWriter.Quote(PortTypes.Text(port.Type))}{options}{Doc(port.Name)}),");
    }

    private void Attribute(AttributeShape attribute)
    {
        string value = attribute.SchemaDefault is { } given ? $", Default: {given}" : "";
        AttributeModel declared = attribute.Model;
        writer.Line($"new({CodeWriter.Quote(attribute.Name)}, AttributeKind.{declared.Kind}, IsList: {(declared.IsList ? "true" : "false")}, Required: {(declared.Optional ? "false" : "true")}{value}{Doc(attribute.Name)}),");
    }

    private string Doc(string name) => model.DocOf(name) is { } doc ? $", Doc: {CodeWriter.Quote(doc)}" : "";

    private void Preset(Preset preset)
    {
        IEnumerable<string> values =
            preset.Values.Select(v => (v.Attribute, Value: AttributeShape.Boxed(v.Value, version.Attribute(v.Attribute).Model.Kind)))
            .Where(v => v.Value is not null).Select(v => $"[{CodeWriter.Quote(v.Attribute)}] = {v.Value}");
        writer.Line($"new({CodeWriter.Quote(preset.Name)}, new AttributeValues(new Dictionary<string, object> {{ {string.Join(", ", values)} }})),");
    }

    private static string ElementText(PortType type) => type switch
    {
        TensorPort { Element: FixedElement f } => f.Type.Name(),
        TensorPort { Element: VariableElement v } => v.Name,
        TensorPort { Element: ComputedElement { Dtype: NameExpr n } } => n.Name,
        ConditionalPort c => ElementText(c.Then),
        SequencePort s => $"seq({ElementText(s.Element)})",
        OptionalPort o => $"optional({ElementText(o.Element)})",
        HostPort { Variable: { } variable } => variable,
        _ => "?",
    };
}
