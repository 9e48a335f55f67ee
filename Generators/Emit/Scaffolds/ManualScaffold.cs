using Ops.Specs.Model;

namespace Ops.Generators.Emit.Scaffolds;

/// <summary>No loops: the whole kernel is written by hand, on operands whose shapes are right.</summary>
internal sealed class ManualScaffold(OpFamily family) : Scaffold(family)
{
    public override void Emit(CodeWriter writer)
    {
        List<string> parameters = ["in Args args"], arguments = ["in args"];
        for (int i = 0; i < Newest.Inputs.Count; i++)
            Add(Newest.Inputs[i], i, "inputs");
        for (int i = 0; i < Newest.Outputs.Count; i++)
            Add(Newest.Outputs[i], i, "outputs");
        writer.Line();
        writer.Doc("summary", $"Fills the outputs; written by hand, in Kernels/{Newest.Name}.cs.");
        writer.Line($"private static partial void Compute({string.Join(", ", parameters)});");
        using (Execute(writer))
            writer.Line($"Compute({string.Join(", ", arguments)});");

        void Add(Port port, int index, string list)
        {
            parameters.Add(port.Family is null
                ? $"in Operand {Names.Local(port.Name)}" : $"ReadOnlySpan<Operand> {Names.Local(port.Name)}");
            arguments.Add(port.Family is null ? $"in {list}[{index}]" : $"{list}[{index}..]");
        }
    }
}
