using Ops.Specs.Model;

namespace Ops.Generators.Emit.Scaffolds;

/// <summary>The elements of an input under another shape: a copy, where the caller has its own memory for them. Nothing is left to
/// write.</summary>
internal sealed class ViewScaffold(OpFamily family) : Scaffold(family)
{
    public override void Emit(CodeWriter writer)
    {
        int input = 0;
        while (Newest.Inputs[input].Name != Newest.Kernel!.Arguments[0])
            input++;
        using (Execute(writer))
            writer.Line($"ElementCopy.Run({CodeWriter.Quote(Newest.Name)}, in inputs[{input}], in outputs[0]);");
    }
}
