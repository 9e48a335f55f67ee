using Ops.Specs.Model;

namespace Ops.Generators.Emit.Scaffolds;

/// <summary>Products of rows with the matrices of the groups they are sent to; what a call means to the shared loops is written by
/// hand.</summary>
internal sealed class GroupedScaffold(OpFamily family) : Scaffold(family)
{
    public override bool Packs => true;

    public override void Emit(CodeWriter writer)
    {
        List<string> parameters = ["in Args args"], arguments = ["in args"];
        int rows = 0;
        for (int i = 0; i < Newest.Inputs.Count; i++)
        {
            parameters.Add($"in Operand {Names.Local(Newest.Inputs[i].Name)}");
            arguments.Add($"in inputs[{i}]");
            if (Newest.Inputs[i].Name == Newest.Kernel!.Arguments[0])
                rows = i;
        }
        string constants = string.Join(", ", parameters), given = string.Join(", ", arguments);
        for (int i = 0; i < Newest.Outputs.Count; i++)
        {
            parameters.Add($"in Operand {Names.Local(Newest.Outputs[i].Name)}");
            arguments.Add($"in outputs[{i}]");
        }
        writer.Line();
        writer.Doc("summary", $"Fills the outputs, for rows stored as T; written by hand, in Kernels/{Newest.Name}.cs.");
        writer.Line($"private static partial void Compute<T>({string.Join(", ", parameters)}) where T : unmanaged;");
        writer.Line();
        writer.Doc("summary", "Packs the inputs that are given, which are constants; the result stands in the order of the inputs.");
        writer.Line($"private static partial PackedOperand?[] Pack({constants});");
        using (Pack(writer))
            writer.Line($"return Pack({given});");
        using (Execute(writer))
            ElementDispatch.Switch(writer, Newest.Name, $"inputs[{rows}]", TypesOf(rows),
                (storage, _) => $"Compute<{storage}>({string.Join(", ", arguments)});");
    }
}
