using Ops.Specs.Model;

namespace Ops.Generators.Emit.Scaffolds;

/// <summary>Softmax of scores of queries and keys, times values; what a call means to the shared kernel is written by hand.</summary>
internal sealed class AttentionScaffold(OpFamily family) : Scaffold(family)
{
    public override void Emit(CodeWriter writer)
    {
        List<string> parameters = ["in Args args"], arguments = ["in args"];
        int queries = 0;
        for (int i = 0; i < Newest.Inputs.Count; i++)
        {
            bool many = Newest.Inputs[i].Family is not null;
            parameters.Add($"{(many ? "ReadOnlySpan<Operand>" : "in Operand")} {Names.Local(Newest.Inputs[i].Name)}");
            arguments.Add(many ? $"inputs[{i}..]" : $"in inputs[{i}]");
            if (Newest.Inputs[i].Name == Newest.Kernel!.Arguments[0])
                queries = i;
        }
        for (int i = 0; i < Newest.Outputs.Count; i++)
        {
            parameters.Add($"in Operand {Names.Local(Newest.Outputs[i].Name)}");
            arguments.Add($"in outputs[{i}]");
        }
        writer.Line();
        writer.Doc("summary",
            $"Fills the outputs by the attention pattern, for queries stored as T and computed in C; written by hand, in Kernels/{Newest.Name}.cs.");
        writer.Line($"private static partial void Compute<T, C>({string.Join(", ", parameters)}) where T : unmanaged where C : unmanaged;");
        using (Execute(writer))
            ElementDispatch.Switch(writer, Newest.Name, $"inputs[{queries}]", TypesOf(queries),
                (storage, compute) => $"Compute<{storage}, {compute}>({string.Join(", ", arguments)});");
    }
}
