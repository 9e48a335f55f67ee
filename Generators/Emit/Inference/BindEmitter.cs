using Ops.Specs.Model;

namespace Ops.Generators.Emit.Inference;

/// <summary>
/// Writes the method that binds every name of a spec for one call, checks its rules, and sets the outputs. The same method infers
/// (some values unknown) and validates (all known).
/// </summary>
internal sealed class BindEmitter
{
    /// <summary>A call that runs computes its outputs; only inference predicts them.</summary>
    public const string Unpropagated = "inference.IsConcrete ? default : ";

    private readonly CodeWriter writer;
    private readonly OpVersion version;
    private readonly ArgsLayout layout;

    public BindEmitter(CodeWriter writer, OpVersion version, ArgsLayout layout)
    {
        this.writer = writer;
        this.version = version;
        this.layout = layout;
    }

    /// <summary>The parameters of the method after <c>inference</c> and <c>schema</c>: inputs, attributes, outputs asked for.</summary>
    private static IEnumerable<string> Parameters(OpVersion version)
    {
        foreach (Port input in version.Model.Inputs)
            yield return $"{Names.TypeOf(input)} {Names.Local(input.Name)}";
        foreach (AttributeShape attribute in version.Attributes)
            yield return $"{attribute.InferenceType} {attribute.InferenceParameter}";
        foreach (Port output in version.Model.Outputs)
        {
            if (output.Family is not null)
                yield return $"int {output.Name}Count";
            else if (output.Optional)
                yield return $"bool {Names.Has(output.Name)}";
        }
    }

    public void Emit(string method)
    {
        var plan = new MatchPlan(version);
        var types = new TypeEmitter(writer, version);
        var inputs = new InputEmitter(writer, version, plan);
        var rules = new RuleEmitter(writer, version);
        var outputs = new OutputEmitter(writer, version);
        var body = version.HasBody ? new BodyEmitter(writer, version) : null;
        IEnumerable<string> parameters = ["ShapeInference inference", "OpSchema schema", .. Parameters(version), "out Args args",
            .. body is null ? Array.Empty<string>() : ["BodyBuilder? body = null"]];
        using (writer.Block($"private static void {method}({string.Join(", ", parameters)})"))
        {
            types.Known();
            writer.Section();
            inputs.Declare();
            inputs.Match();
            types.Late();
            writer.Section();
            rules.Attributes();
            outputs.Shapes();
            foreach (Let let in plan.Late)
                writer.Line(
                    $"{ExpressionEmitter.TypeName(let.Value.Type)} {Names.Local(let.Name)} = {version.Expressions.Value(let.Value)};");
            rules.Inputs();
            rules.Named();
            outputs.GraphSignatures();
            writer.Section();
            outputs.Set();
            Arguments();
            if (body is not null)
                writer.Section().Line("if (body is not null)").Line("    " + body.Call(method + "Body"));
        }
        if (body is null)
            return;
        writer.Line();
        writer.Doc("summary", "States the equations of the body.");
        body.Emit(method + "Body");
    }

    private void Arguments()
    {
        writer.Line("args = !inference.HasArguments ? default : new Args");
        using (writer.Block(end: "};"))
            foreach (ArgsField field in layout.Fields)
                if (field.ValueIn(version) is { } value)
                    writer.Line($"{Names.Local(field.Name)} = {value},");
    }
}
