using Ops.Specs.Model;

namespace Ops.Generators.Emit.Scaffolds;

/// <summary>A matrix product; what is done with each element of it is written by hand.</summary>
internal sealed class ContractionScaffold(OpFamily family) : Scaffold(family)
{
    public override bool Packs => true;

    public override void Emit(CodeWriter writer)
    {
        string addend = Newest.Inputs.Count > 2 ? Newest.Inputs[2].Name : "";
        string parameters = addend.Length == 0 ? "V product" : $"V product, V {Names.BodyParameter(addend)}";
        string arguments = addend.Length == 0 ? "product" : "product, addend";
        Body(writer, "AggressiveInlining",
            ($"One vector of {Newest.Outputs[0].Name} from one vector of the product{(addend.Length == 0 ? "" : $" and one of {addend}, zero when that is absent")}.",
            $"V Apply(in Args args, {parameters})"));
        using (KernelStruct(writer, "Kernel", "IContractionKernel"))
        {
            writer.Line();
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            writer.Line($"public V Apply<V, T>(V product, V addend) {Vector} => Body<V, T>.Apply(in args, {arguments});");
        }
        string third = addend.Length == 0 ? "Operand.Absent" : "inputs[2]";
        using (Pack(writer))
        {
            writer.Line($"return KernelDispatch.PackContraction({CodeWriter.Quote(Newest.Name)}, inputs[1], {Transposed(1)});");
        }
        using (Execute(writer))
            writer.Line($"KernelDispatch.Contraction({CodeWriter.Quote(Newest.Name)}, new Kernel(args), inputs[0], {Transposed(0)}, inputs[1], {Transposed(1)}, {third}, outputs[0]);");
    }

    /// <summary>Whether a factor is stored with its summed axis where the other one usually is.</summary>
    private string Transposed(int input)
    {
        Port port = Newest.Inputs[input];
        if (port.Type is ConditionalPort)
            return $"args.{port.Name}Transposed";
        bool summedLast = port.Type is TensorPort { Items: { Count: > 0 } items }
            && items[items.Count - 1] is DimItem { Extent: NameExpr n } && n.Name == Newest.Kernel!.Arguments[2];
        return summedLast == (input == 0) ? "false" : "true";
    }
}
