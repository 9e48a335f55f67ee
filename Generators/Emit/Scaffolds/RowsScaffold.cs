using Ops.Specs.Model;

namespace Ops.Generators.Emit.Scaffolds;

/// <summary>One row at a time: the named dims of the first input form a row, all other axes are iterated.</summary>
internal sealed class RowsScaffold(OpFamily family) : Scaffold(family)
{
    public override void Emit(CodeWriter writer)
    {
        string parameters = string.Join(", ", Newest.Inputs.Select(i => $"ReadOnlySpan<T> {Names.BodyParameter(i.Name)}")
            .Concat(Newest.Outputs.Select(o => $"Span<T> {Names.BodyParameter(o.Name)}")));
        string values = string.Join(", ",
            Newest.Inputs.Select((_, i) => $"row.Input({i})").Concat(Newest.Outputs.Select((_, i) => $"row.Output({i})")));
        Body(writer, "AggressiveOptimization",
            ("One row: its elements in row-major order; an absent operand is an empty span, one that keeps none of the row's axes has one element.",
            $"void Row(in Args args, {parameters})"));
        using (KernelStruct(writer, "Kernel", "IRowKernel"))
        {
            writer.Line();
            writer.Line($"public void Row<V, T>(in RowSpans<T> row) {Vector} =>");
            writer.Line($"    Body<V, T>.Row(in args, {values});");
        }
        var (start, rank) = RowAxes();
        using (Execute(writer))
        {
            writer.Line($"KernelDispatch.Rows({CodeWriter.Quote(Newest.Name)}, new Kernel(args), inputs, outputs, rowStart: {start}, rowRank: {rank});");
        }
    }

    /// <summary>Where the row's axes begin in the first input and how many there are, as C# over the arguments.</summary>
    private (string Start, string Rank) RowAxes()
    {
        HashSet<string> row = [.. Newest.Kernel!.Arguments];
        if (Newest.Inputs[0].Type is not TensorPort tensor)
            throw new NotSupportedException("a row kernel whose first input has alternative shapes");
        List<string> before = [], inside = [];
        int dimsBefore = 0, dimsInside = 0;
        foreach (ShapeItem item in tensor.Items)
        {
            string name = item switch { DimItem { Extent: NameExpr n } => n.Name, SpliceItem { Dims: NameExpr n } => n.Name, _ => "" };
            bool isList = item is SpliceItem;
            if (row.Contains(name))
            {
                if (isList)
                    inside.Add($"args.{Names.Local(name)}.Length");
                else
                    dimsInside++;
            }
            else if (inside.Count == 0 && dimsInside == 0)
            {
                if (isList)
                    before.Add($"args.{Names.Local(name)}.Length");
                else
                    dimsBefore++;
            }
        }
        return (Sum(before, dimsBefore), Sum(inside, dimsInside));
    }

    private static string Sum(List<string> parts, int dims) =>
        parts.Count == 0 ? $"{dims}" : string.Join(" + ", parts) + (dims == 0 ? "" : $" + {dims}");
}
