using Ops.Specs.Model;

namespace Ops.Generators.Emit.Inference;

/// <summary>Writes what is done with an input that is there: with each element of a family, and with an optional one when it is
/// given.</summary>
internal static class Given
{
    public static void Write(CodeWriter writer, Port input, Func<string, string> statement)
    {
        string port = Names.Local(input.Name);
        if (input.Family is not null)
            writer.Line($"foreach (TensorType item in {port})").Line($"    {statement("item")}");
        else if (input.Optional)
            writer.Line($"if ({port} is not null)").Line($"    {statement(port)}");
        else
            writer.Line(statement(port));
    }
}
