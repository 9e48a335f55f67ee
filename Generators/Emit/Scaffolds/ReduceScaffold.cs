using Ops.Specs.Model;

namespace Ops.Generators.Emit.Scaffolds;

/// <summary>An accumulator per output element, over any set of axes, in one fixed order.</summary>
internal sealed class ReduceScaffold(OpFamily family) : Scaffold(family)
{
    private static readonly (string Name, string Parameters, string Arguments, string Summary)[] Parts =
    [
        ("Start", "", "", "What the accumulator starts with; the result of reducing nothing comes from it too."),
        ("Absorb", "V accumulator, V x", "accumulator, x", "Takes one more element into the accumulator."),
        ("Merge", "V a, V b", "a, b", "Joins two accumulators."),
        ("Finish", "V accumulator, V count", "accumulator, count", "Makes the result from the accumulator and the number of elements."),
    ];

    public override void Emit(CodeWriter writer)
    {
        Body(writer, "AggressiveInlining",
            [.. Parts.Select(part => (part.Summary,
                $"V {part.Name}(in Args args{(part.Parameters.Length == 0 ? "" : ", " + part.Parameters)})"))]);
        using (KernelStruct(writer, "Kernel", "IReduceKernel"))
        {
            foreach (var part in Parts)
            {
                writer.Line();
                writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
                writer.Line($"public V {part.Name}<V, T>({part.Parameters}) {Vector} => Body<V, T>.{part.Name}(in args{(part.Arguments.Length == 0 ? "" : ", " + part.Arguments)});");
            }
        }
        string axes = Names.Local(Newest.Kernel!.Arguments[1]);
        using (Execute(writer))
            writer.Line($"KernelDispatch.Reduce({CodeWriter.Quote(Newest.Name)}, new Kernel(args), inputs[0], args.{axes}, outputs[0]);");
    }
}
