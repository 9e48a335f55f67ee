using Ops.Specs.Model;
using Ops.Specs.Types;

namespace Ops.Generators.Emit.Scaffolds;

/// <summary>One vector of the output from one vector of each input; inputs broadcast.</summary>
internal sealed class ElementwiseScaffold(OpFamily family) : Scaffold(family)
{
    public override void Emit(CodeWriter writer)
    {
        if (Newest.Inputs.Any(i => i.Family is not null))
            Variadic(writer);
        else
            Fixed(writer);
    }

    private void Fixed(CodeWriter writer)
    {
        string[] names = [.. Newest.Inputs.Select(i => Names.BodyParameter(i.Name))];
        bool select = Newest.Inputs.Count == 3 && FixedType(Newest.Inputs[0]) == ElementType.Bool;
        bool test = FixedType(Newest.Outputs[0]) == ElementType.Bool && FixedType(Newest.Inputs[0]) != ElementType.Bool;
        string arity = select ? "Ternary" : names.Length switch
        {
            1 => "Unary",
            2 => "Binary",
            3 => "Ternary",
            _ => throw new NotSupportedException($"an elementwise kernel of {names.Length} inputs")
        };
        string parameters = string.Join(", ", names.Select(n => $"V {n}"));
        string output = Newest.Outputs[0].Name;
        Body(writer, "AggressiveInlining", (test ? $"Which lanes of {output} are true, as a mask, from one vector of each input."
            : select ? $"One vector of {output}; {Newest.Inputs[0].Name} is a mask."
            : $"One vector of {output} from one vector of each input.",
            $"V Apply(in Args args, {parameters})"));
        using (KernelStruct(writer, "Kernel", $"I{arity}Kernel"))
        {
            writer.Line();
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            writer.Line($"public V Apply<V, T>({parameters}) {Vector} => Body<V, T>.Apply(in args, {string.Join(", ", names)});");
        }
        string loop = select ? "Select" : arity + (test ? "Test" : "");
        int data = select ? 1 : 0;
        using (Execute(writer))
        {
            // An absent input is read by no body; the first one stands in for it, so that the loops need not know.
            string[] operands = [.. Newest.Inputs.Select((input, i) => input.Optional
                ? $"inputs[{i}].IsAbsent ? inputs[{data}] : inputs[{i}]" : $"inputs[{i}]")];
            for (int i = 0; i < operands.Length; i++)
            {
                if (!Newest.Inputs[i].Optional)
                    continue;
                writer.Line($"Operand {names[i]} = {operands[i]};");
                operands[i] = names[i];
            }
            writer.Line(
                $"KernelDispatch.{loop}({CodeWriter.Quote(Newest.Name)}, new Kernel(args), {string.Join(", ", operands)}, outputs[0]);");
        }
    }

    private void Variadic(CodeWriter writer)
    {
        string name = Newest.Inputs[0].Name;
        Body(writer, "AggressiveInlining",
            ($"Takes one more of {name} into the accumulator, which starts as the first of them.",
                "V Combine(in Args args, V accumulator, V x)"),
            ("Makes the output from the accumulator and the number of inputs.", "V Finish(in Args args, V accumulator, V count)"));
        using (KernelStruct(writer, "Kernel", "IVariadicKernel"))
        {
            writer.Line();
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            writer.Line($"public V Combine<V, T>(V accumulator, V x) {Vector} => Body<V, T>.Combine(in args, accumulator, x);");
            writer.Line();
            writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            writer.Line($"public V Finish<V, T>(V accumulator, V count) {Vector} => Body<V, T>.Finish(in args, accumulator, count);");
        }
        using (Execute(writer))
            writer.Line($"KernelDispatch.Variadic({CodeWriter.Quote(Newest.Name)}, new Kernel(args), inputs, outputs[0]);");
    }
}
