using Ops.Specs.Model;

namespace Ops.Generators.Emit.Inference;

/// <summary>Writes how type variables get their element types from the inputs, and the checks of those.</summary>
internal sealed class TypeEmitter(CodeWriter writer, OpVersion version)
{
    private readonly OpModel model = version.Model;

    /// <summary>What the inputs alone decide.</summary>
    public void Known()
    {
        foreach (TypeVariable variable in model.Types)
        {
            string name = Names.Local(variable.Name), quoted = CodeWriter.Quote(variable.Name);
            writer.Line($"ElementType {name} = default;");
            foreach (Port input in model.Inputs)
                if (Binds(input, variable))
                    Given.Write(writer, input, item => $"inference.Bind(ref {name}, {quoted}, {CodeWriter.Quote(input.Name)}, {item});");
            if (variable.Default is null && variable.Set is null)
                Allow(variable);
            foreach (Port input in model.Inputs)
                if (input.Family is not null
                    && PortTypes.ElementsOf(input.Type)
                        .Any(e => e is VariableElement { FamilyIndex: not null } v && v.Name == variable.Name))
                    Given.Write(writer, input,
                        item => $"inference.Allow({item}.Element, {CodeWriter.Quote(input.Name)}, {Allowed(variable)});");
        }
        foreach (Port input in model.Inputs)
            if (PortTypes.ElementsOf(input.Type).OfType<FixedElement>().FirstOrDefault() is { } element)
                Given.Write(writer, input,
                    item => $"inference.Expect({CodeWriter.Quote(input.Name)}, {item}, ElementType.{element.Type});");
    }

    /// <summary>What also attributes and other values decide.</summary>
    public void Late()
    {
        foreach (Port input in model.Inputs)
            if (PortTypes.ElementsOf(input.Type).OfType<ComputedElement>().FirstOrDefault() is { } computed)
                Given.Write(writer, input,
                    item => $"inference.Expect({CodeWriter.Quote(input.Name)}, {item}, {version.Expressions.Value(computed.Dtype)});");
        foreach (TypeVariable variable in model.Types)
        {
            if (variable.Default is null && variable.Set is null)
                continue;
            string name = Names.Local(variable.Name);
            // The default is for when no input says: one that is there and not known might.
            if (variable.Default is { } fallback && model.Inputs.Where(i => Binds(i, variable)).All(i => i.Optional && i.Family is null))
            {
                string absent =
                    string.Concat(model.Inputs.Where(i => Binds(i, variable)).Select(i => $" && {Names.Local(i.Name)} is null"));
                writer.Line($"if ({name} == default{absent})").Line($"    {name} = {version.Expressions.Value(fallback)};");
            }
            Allow(variable);
            if (variable.Set is { } set)
            {
                string seen = string.Join(", ",
                    ExpressionNames.Of(set).Select(n => n.Name).Distinct().Prepend(variable.Name).Select(version.Shown));
                writer.Line($"if (inference.Fails(Seq.Contains({version.Expressions.Value(set)}, {name})))");
                writer.Line($"    throw inference.Broken({CodeWriter.Quote(variable.Name)}, {CodeWriter.Quote($"the type {variable.Name} may be")}, {seen});");
            }
        }
    }

    private void Allow(TypeVariable variable) =>
        writer.Line($"inference.Allow({Names.Local(variable.Name)}, {CodeWriter.Quote(variable.Name)}, {Allowed(variable)});");

    private string Allowed(TypeVariable variable) => $"schema.Types[{version.IndexOfType(variable.Name)}].Allowed";

    private static bool Binds(Port input, TypeVariable variable)
    {
        foreach (ElementRef element in PortTypes.ElementsOf(input.Type))
            if (element is VariableElement { FamilyIndex: null } v && v.Name == variable.Name)
                return true;
        return false;
    }
}
